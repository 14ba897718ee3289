package io.jangada.server.client;

import com.linecorp.armeria.client.UnprocessedRequestException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client of a whole cluster. A call that certainly had no effect goes on to the next endpoint; a write that may have had one is
 * reported and not repeated. One thread at a time.
 */
public final class ClusterClient {
    private final List<Endpoint> endpoints;
    private final KVGrpc.@Nullable KVBlockingStub[] stubs;
    private int current;

    public ClusterClient(List<Endpoint> endpoints) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("a client needs at least one endpoint");
        }
        this.endpoints = List.copyOf(endpoints);
        this.stubs = new KVGrpc.KVBlockingStub[endpoints.size()];
    }

    public PutResponse put(PutRequest request) {
        return call(false, stub -> stub.put(request));
    }

    public DeleteRangeResponse delete(DeleteRangeRequest request) {
        return call(false, stub -> stub.deleteRange(request));
    }

    public RangeResponse range(RangeRequest request) {
        return call(true, stub -> stub.range(request));
    }

    private <T> T call(boolean repeatable, Function<KVGrpc.KVBlockingStub, T> action) {
        @Nullable StatusRuntimeException last = null;
        for (int tried = 0; tried < endpoints.size(); tried++) {
            try {
                return action.apply(stub());
            } catch (StatusRuntimeException e) {
                boolean unavailable = e.getStatus().getCode() == Status.Code.UNAVAILABLE;
                if (!neverSent(e) && !(repeatable && unavailable)) {
                    throw failed(e, repeatable);
                }
                last = e;
                current = (current + 1) % endpoints.size();
            }
        }
        if (last != null && !neverSent(last)) {
            throw failed(last, repeatable);
        }
        throw new ClientException(ClientException.Kind.UNREACHABLE, unreachable());
    }

    private KVGrpc.KVBlockingStub stub() {
        KVGrpc.KVBlockingStub stub = stubs[current];
        if (stub == null) {
            stub = endpoints.get(current).kv();
            stubs[current] = stub;
        }
        return stub;
    }

    private ClientException failed(StatusRuntimeException e, boolean repeatable) {
        String text = String.valueOf(e.getStatus().getDescription());
        if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
            text = endpoints.get(current) + " did not answer in time (--timeout)";
        }
        boolean unknown = !repeatable
                && (e.getStatus().getCode() == Status.Code.UNAVAILABLE
                        || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED)
                && !text.equals("etcdserver: no leader");
        String note = unknown ? "; whether the change has been made is unknown: look before you repeat it" : "";
        return new ClientException(
                ClientException.Kind.FAILED, text + " (" + e.getStatus().getCode() + ")" + note);
    }

    private String unreachable() {
        String all = endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(", "));
        return "no server at " + all + ": start a cluster with './jangada dev', or name one with --endpoints";
    }

    /** Whether the request has certainly not left this process. */
    public static boolean neverSent(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnprocessedRequestException) {
                return true;
            }
        }
        return false;
    }
}
