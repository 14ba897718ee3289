package io.jangada.core.message;

/** What a leader did with a forwarded proposal. The codes are part of the wire format. */
public enum ForwardOutcome {
    /** In the leader's log. */
    APPENDED(0),
    /** Not appended: the asked node does not lead. */
    NOT_LEADER(1),
    /** Not appended: a limit of the leader is reached. */
    OVERLOADED(2),
    /** Not appended: the leader gives a reason. */
    REFUSED(3),
    /** Not appended: the leader's disk is nearly full. */
    NO_SPACE(4);

    private final int code;

    ForwardOutcome(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The outcome with this code. Throws {@link IllegalArgumentException} for an unknown one. */
    public static ForwardOutcome ofCode(int code) {
        return switch (code) {
            case 0 -> APPENDED;
            case 1 -> NOT_LEADER;
            case 2 -> OVERLOADED;
            case 3 -> REFUSED;
            case 4 -> NO_SPACE;
            default -> throw new IllegalArgumentException("unknown forward outcome " + code);
        };
    }
}
