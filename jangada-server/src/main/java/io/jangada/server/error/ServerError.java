package io.jangada.server.error;

import io.grpc.Status;
import io.jangada.kv.model.KvError;

/** The ways in which the server itself refuses or fails a request. The texts are etcd's, to the letter: clients compare them. */
public enum ServerError {
    NO_LEADER(Status.Code.UNAVAILABLE, "etcdserver: no leader"),
    STOPPED(Status.Code.UNAVAILABLE, "etcdserver: server stopped"),
    TIMED_OUT(Status.Code.UNAVAILABLE, "etcdserver: request timed out"),
    LEADER_FAILED(Status.Code.UNAVAILABLE, "etcdserver: request timed out, possibly due to previous leader failure"),
    REQUEST_TOO_LARGE(Status.Code.INVALID_ARGUMENT, "etcdserver: request is too large"),
    TOO_MANY_REQUESTS(Status.Code.RESOURCE_EXHAUSTED, "etcdserver: too many requests"),
    INVALID_CLIENT_API_VERSION(Status.Code.INVALID_ARGUMENT, "etcdserver: invalid client api version");

    private final Status.Code code;
    private final String text;

    ServerError(Status.Code code, String text) {
        this.code = code;
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** What a gRPC client gets. */
    public Status status() {
        return code.toStatus().withDescription(text);
    }

    /** What a gRPC client gets when the store's rules refuse a request. */
    public static Status statusOf(KvError error) {
        Status.Code code =
                switch (error) {
                    case EMPTY_KEY,
                            KEY_NOT_FOUND,
                            VALUE_PROVIDED,
                            LEASE_PROVIDED,
                            TOO_MANY_OPS,
                            DUPLICATE_KEY,
                            INVALID_SORT_OPTION -> Status.Code.INVALID_ARGUMENT;
                    case LEASE_NOT_FOUND -> Status.Code.NOT_FOUND;
                    case COMPACTED, FUTURE_REVISION -> Status.Code.OUT_OF_RANGE;
                };
        return code.toStatus().withDescription(error.text());
    }
}
