package io.jangada.transport.wire;

/** Bytes that no node of this version sends: the connection they came on cannot be trusted any more and must be closed. */
public final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: the message says what is wrong with the bytes, and where the check stands does not matter. */
    public MalformedFrameException(String message) {
        super(message, null, false, false);
    }
}
