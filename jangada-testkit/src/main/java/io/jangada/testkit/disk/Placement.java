package io.jangada.testkit.disk;

import org.jspecify.annotations.Nullable;

/**
 * Decides where the sectors that a {@link SimDisk} is told to make durable really go; the disk says "done" in any case.
 *
 * <p>What went elsewhere or nowhere can still be read until the power fails, since memory has it.
 */
@FunctionalInterface
public interface Placement {

    /** Each goes where it belongs. */
    Placement RIGHT = meant -> meant;

    /**
     * Where this sector goes: itself; null for nowhere, a lost write; or another one, a misdirected write. One of these at most is there on a disk at any time:
     * as long as one is, others go where they belong, as does what would hit a place that is not there.
     */
    @Nullable
    Sector of(Sector meant);
}
