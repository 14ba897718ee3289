package io.jangada.transport.wire;

/** The messages on the wire: their codes, which are never reused, and the sizes of what follows the common fields. */
enum MessageType {
    PRE_VOTE_REQUEST(1, 16),
    PRE_VOTE_RESPONSE(2, 10),
    VOTE_REQUEST(3, 17),
    VOTE_RESPONSE(4, 2),
    /** And the entries. */
    APPEND_REQUEST(5, 28),
    APPEND_RESPONSE(6, 26),
    HEARTBEAT_REQUEST(7, 16),
    HEARTBEAT_RESPONSE(8, 16),
    READ_INDEX_REQUEST(9, 8),
    READ_INDEX_RESPONSE(10, 17),
    /** And the command. */
    FORWARD_REQUEST(11, 12),
    FORWARD_RESPONSE(12, 25),
    COMMIT_NOTICE(13, 8),
    TIMEOUT_NOW(14, 0),
    /** And the membership and the chunk. */
    SNAPSHOT_REQUEST(15, 60),
    SNAPSHOT_RESPONSE(16, 25),
    /** And the change. */
    CHANGE_REQUEST(17, 12),
    CHANGE_RESPONSE(18, 18),
    REPAIR_REQUEST(19, 56),
    /** And the entries. */
    REPAIR_RESPONSE(20, 36);

    private static final MessageType[] BY_CODE = new MessageType[21];

    static {
        for (MessageType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int fixedBytes;

    MessageType(int code, int fixedBytes) {
        this.code = code;
        this.fixedBytes = fixedBytes;
    }

    int code() {
        return code;
    }

    int fixedBytes() {
        return fixedBytes;
    }

    /** Whether the body may be longer than its fixed fields. */
    boolean varies() {
        return switch (this) {
            case APPEND_REQUEST, FORWARD_REQUEST, SNAPSHOT_REQUEST, CHANGE_REQUEST, REPAIR_RESPONSE -> true;
            default -> false;
        };
    }

    static MessageType ofCode(int code) throws MalformedFrameException {
        if (code < 1 || code >= BY_CODE.length) {
            throw new MalformedFrameException("frame with message type " + code + ", which this version does not know");
        }
        return BY_CODE[code];
    }
}
