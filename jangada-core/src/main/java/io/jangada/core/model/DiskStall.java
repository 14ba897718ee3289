package io.jangada.core.model;

/**
 * A disk that does not fail and does not work either: writes have waited for longer than the node has patience (trap 45).
 *
 * @param forNanos for how long nothing has become durable; 0 if the disk works
 * @param waitingWrites how many writes wait for it
 */
public record DiskStall(long forNanos, long waitingWrites) {
    public static final DiskStall NONE = new DiskStall(0, 0);

    public boolean isThere() {
        return forNanos > 0;
    }
}
