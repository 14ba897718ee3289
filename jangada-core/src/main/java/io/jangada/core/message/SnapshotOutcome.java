package io.jangada.core.message;

/** What a follower says to a piece of a snapshot. The codes are part of the wire format. */
public enum SnapshotOutcome {
    /** Everything before {@code nextOffset} is there; go on. */
    WANTS_MORE(0),
    /** The whole snapshot is durable and its place in the log taken: the sender's log equals the leader's up to its index. */
    INSTALLED(1),
    /** Not wanted: the receiver has committed as much or more. */
    NOT_NEEDED(2),
    /** Not usable: what arrived does not have the checksum that was announced, or could not be stored. Begin again. */
    REJECTED(3);

    private final int code;

    SnapshotOutcome(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The outcome with this code. Throws {@link IllegalArgumentException} for an unknown one. */
    public static SnapshotOutcome ofCode(int code) {
        return switch (code) {
            case 0 -> WANTS_MORE;
            case 1 -> INSTALLED;
            case 2 -> NOT_NEEDED;
            case 3 -> REJECTED;
            default -> throw new IllegalArgumentException("unknown snapshot outcome " + code);
        };
    }
}
