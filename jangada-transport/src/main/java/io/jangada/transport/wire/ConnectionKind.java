package io.jangada.transport.wire;

import org.jspecify.annotations.Nullable;

/** What a connection is for, fixed by its handshake. The codes are part of the wire format: never reuse one. */
public enum ConnectionKind {
    /** Carries messages from the dialer to the responder, in order. */
    MESSAGES(0),
    /** Carries snapshots from the dialer to the responder, so that nothing else waits behind them; there only while there are some. */
    BULK(1);

    private final int code;

    ConnectionKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The kind with this code, or null for one that this version does not know. */
    public static @Nullable ConnectionKind ofCode(int code) {
        return switch (code) {
            case 0 -> MESSAGES;
            case 1 -> BULK;
            default -> null;
        };
    }
}
