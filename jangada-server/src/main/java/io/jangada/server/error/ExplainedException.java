package io.jangada.server.error;

import io.grpc.Status;

/** A request that failed for a reason for which etcd has no words; the status has ours. Carries no stack trace: it is an answer, not an accident. */
public final class ExplainedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Status status;

    public ExplainedException(Status status) {
        super(status.getDescription(), null, false, false);
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
