package io.jangada.transport.wire;

/** What a connection is for, fixed by its handshake. The codes are part of the wire format: never reuse one. */
public enum ConnectionKind {
    /** Carries messages from the dialer to the responder, in order. */
    MESSAGES(0);

    private final int code;

    ConnectionKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
