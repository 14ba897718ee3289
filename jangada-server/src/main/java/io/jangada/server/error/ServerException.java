package io.jangada.server.error;

/** A request that failed in one of the known ways. Carries no stack trace: it is an answer, not an accident. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ServerError error;

    public ServerException(ServerError error) {
        super(error.text(), null, false, false);
        this.error = error;
    }

    public ServerError error() {
        return error;
    }
}
