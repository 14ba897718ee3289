package io.jangada.core.role;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.NodeId;

/**
 * The only place where terms of messages are compared with the node's own (§5.1).
 *
 * <p>A higher term is adopted, but for a vote that is asked for while a leader is live: then the asker is ignored, so that a node that was cut off cannot
 * depose a working leader (thesis §4.2.3), unless that leader itself has asked it to stand. A lower term is answered with the present one, so that its sender catches up. Pre-votes ask about
 * a term that nobody is in yet and pass; so does the repair of damaged logs, for which no term matters. Whose messages are looked at at all, {@link Door} says.
 */
final class TermGate {
    private final Context context;
    private final Transitions transitions;
    private final Declines declines;
    private final Door door;
    private long ignored;

    TermGate(Context context, Transitions transitions) {
        this.context = context;
        this.transitions = transitions;
        this.declines = new Declines(context);
        this.door = new Door(context);
    }

    /** Messages that were not for this node, or not from anybody whom it listens to. */
    long ignored() {
        return ignored;
    }

    void receive(Message message) {
        if (!door.admits(message)) {
            ignored++;
            return;
        }
        if (message instanceof PreVoteRequest request) {
            transitions.role().onPreVoteRequest(request);
        } else if (message instanceof PreVoteResponse response) {
            preVoteResponse(response);
        } else if (message instanceof RepairRequest || message instanceof RepairResponse) {
            message.accept(transitions.role());
        } else if (message.term() < context.term()) {
            answerStale(message);
        } else {
            if (message.term() > context.term()) {
                if (message instanceof VoteRequest request && isBoundAgainst(request)) {
                    return;
                }
                transitions.toFollowerInTerm(message.term(), leaderOf(message));
            }
            message.accept(transitions.role());
        }
    }

    private boolean isBoundAgainst(VoteRequest request) {
        return !request.transfer() && (transitions.role().leaderIsLive() || context.leaderPromise.binds(context.now()));
    }

    /** The sender of a message that only leaders send. */
    private static NodeId leaderOf(Message message) {
        return Door.isOfLeader(message) ? message.from() : NodeId.NONE;
    }

    private void preVoteResponse(PreVoteResponse response) {
        if (response.currentTerm() > context.term()) {
            transitions.toFollowerInTerm(response.currentTerm(), NodeId.NONE);
        } else {
            transitions.role().onPreVoteResponse(response);
        }
    }

    private void answerStale(Message message) {
        NodeId self = context.self();
        NodeId asker = message.from();
        long term = context.term();
        if (message instanceof VoteRequest) {
            context.promiseTerm(new VoteResponse(self, asker, term, false));
        } else if (message instanceof AppendRequest request) {
            context.promiseTerm(AppendResponse.refused(self, asker, term, request.prevLogIndex(), 0, 0));
        } else if (message instanceof HeartbeatRequest request) {
            context.promiseTerm(new HeartbeatResponse(self, asker, term, request.round(), context.log.lastIndex()));
        } else if (message instanceof ReadIndexRequest request) {
            context.promiseTerm(new ReadIndexResponse(self, asker, term, request.requestId(), false, 0));
        } else if (message instanceof SnapshotRequest request) {
            context.promiseTerm(new SnapshotResponse(
                    self,
                    asker,
                    term,
                    request.snapshot().index(),
                    request.snapshot().fingerprint(),
                    SnapshotOutcome.NOT_NEEDED,
                    0));
        } else if (message instanceof ForwardRequest request) {
            declines.forward(request);
        } else if (message instanceof ChangeRequest request) {
            declines.change(request);
        }
    }
}
