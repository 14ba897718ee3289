package io.jangada.server.client;

/** A call that did not succeed; the message is for the user. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call did not succeed. */
    public enum Kind {
        /** The cluster refused or failed the request. */
        FAILED,
        /** No server could be reached; the request has not been sent. */
        UNREACHABLE
    }

    private final Kind kind;

    public ClientException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
