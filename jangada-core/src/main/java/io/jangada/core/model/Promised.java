package io.jangada.core.model;

/**
 * What a node may have acknowledged beyond what its log still holds: after damage to its disk it remembers the positions, though the entries are gone.
 *
 * <p>It gives its vote as if it still had them (§5.4.1), so that a committed entry cannot be voted out of the group by the one copy that was lost
 * (FAST'18, "Protocol-Aware Recovery"). Fulfilled, and forgotten, once the log's last position reaches {@link #possible} again.
 *
 * @param certain up to here the node had certainly made the log durable, and may have said so; index 0 if nothing is missing for certain
 * @param possible up to here an unfinished write may have reached; never before {@code certain}. It was acknowledged only if the end of the log was damaged after
 *     it had been written, so a group all of whose voters answer and none of which has the entries need not wait for them
 */
public record Promised(LogPosition certain, LogPosition possible) {
    private static final LogPosition NOWHERE = new LogPosition(0, 0);

    /** Nothing beyond what the log holds. */
    public static final Promised NOTHING = new Promised(NOWHERE, NOWHERE);

    public Promised {
        if (certain.isAfter(possible)) {
            throw new IllegalArgumentException(
                    "promised for certain up to " + certain + ", but only up to " + possible);
        }
    }

    public boolean isNothing() {
        return possible.index() == 0;
    }
}
