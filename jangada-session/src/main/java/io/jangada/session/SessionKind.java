package io.jangada.session;

/** The kinds of session commands as their bytes tell them apart. */
enum SessionKind {
    OPEN(1, 10),
    EXECUTE(2, SessionCommand.EXECUTE_HEADER_BYTES),
    KEEP_ALIVE(3, 26),
    CLOSE(4, 18),
    SET_LIMITS(5, 10 + LimitsCodec.BYTES);

    /** The first byte of every command. */
    static final byte VERSION = 1;

    private static final SessionKind[] ALL = values();

    private final int code;
    private final int minBytes;

    SessionKind(int code, int minBytes) {
        this.code = code;
        this.minBytes = minBytes;
    }

    byte code() {
        return (byte) code;
    }

    /** All of the command's bytes; for {@link #EXECUTE} those before the payload. */
    int minBytes() {
        return minBytes;
    }

    static SessionKind ofCode(int code) throws SessionFormatException {
        for (SessionKind kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new SessionFormatException("session command of kind " + code + "; this version knows 1 to " + ALL.length);
    }
}
