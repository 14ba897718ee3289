package io.jangada.server.api;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.etcd.admin.StateRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.SnapshotRequest;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.server.error.ServerError;
import io.jangada.server.member.Roster;

/** What a member without a vote answers, as in etcd: serializable reads, how it is, and backups. Everything else is refused, so that clients turn to the voters. */
final class LearnerRules implements ServerInterceptor {
    private final Roster roster;

    LearnerRules(Roster roster) {
        this.roster = roster;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, metadata);
        return roster.isLearner() ? new Checked<>(listener, call) : listener;
    }

    private static boolean isAllowed(Object request) {
        if (request instanceof RangeRequest range) {
            return range.getSerializable();
        }
        return request instanceof StatusRequest
                || request instanceof StateRequest
                || request instanceof SnapshotRequest;
    }

    /** Keeps a refused request from the service: a unary call reaches it only after its message. */
    private static final class Checked<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean refused;

        Checked(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (isAllowed(message)) {
                super.onMessage(message);
            } else if (!refused) {
                refused = true;
                call.close(ServerError.NOT_FOR_LEARNERS.status(), new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
