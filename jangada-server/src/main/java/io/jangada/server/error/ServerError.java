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
    NO_SPACE(Status.Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),
    INVALID_CLIENT_API_VERSION(Status.Code.INVALID_ARGUMENT, "etcdserver: invalid client api version"),
    BAD_MEMBER_URLS(Status.Code.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid"),
    MEMBER_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: member ID already exist"),
    PEER_URL_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists"),
    MEMBER_NOT_FOUND(Status.Code.NOT_FOUND, "etcdserver: member not found"),
    NOT_ENOUGH_STARTED(
            Status.Code.FAILED_PRECONDITION, "etcdserver: re-configuration failed due to not enough started members"),
    UNHEALTHY(Status.Code.UNAVAILABLE, "etcdserver: unhealthy cluster"),
    NOT_A_LEARNER(Status.Code.FAILED_PRECONDITION, "etcdserver: can only promote a learner member"),
    LEARNER_BEHIND(
            Status.Code.FAILED_PRECONDITION,
            "etcdserver: can only promote a learner member which is in sync with leader"),
    NOT_FOR_LEARNERS(Status.Code.FAILED_PRECONDITION, "etcdserver: rpc not supported for learner"),
    NOT_LEADER(Status.Code.FAILED_PRECONDITION, "etcdserver: not leader"),
    BAD_TRANSFEREE(Status.Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee"),
    TRANSFER_TIMED_OUT(Status.Code.UNAVAILABLE, "etcdserver: request timed out, leader transfer took too long");

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
