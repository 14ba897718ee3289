package io.jangada.core.model;

/** What an entry of the log is for. The codes are part of the log format and of the wire format: never reuse one. */
public enum EntryType {
    /** The empty entry with which a leader begins its term, so that it may commit what came before (§5.4.2, §8). */
    NO_OP(0),
    /** A command of the state machine. */
    COMMAND(1),
    /** A membership of the group; takes effect when it is appended (§6). The payload is a {@link Membership} as {@link MembershipCodec} writes it. */
    MEMBERSHIP(2);

    private final int code;

    EntryType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The type with this code. Throws {@link IllegalArgumentException} for a code that no version has written. */
    public static EntryType ofCode(int code) {
        return switch (code) {
            case 0 -> NO_OP;
            case 1 -> COMMAND;
            case 2 -> MEMBERSHIP;
            default -> throw new IllegalArgumentException("unknown entry type " + code);
        };
    }
}
