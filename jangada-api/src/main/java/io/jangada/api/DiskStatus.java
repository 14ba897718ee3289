package io.jangada.api;

import io.jangada.core.model.DiskStall;

/**
 * How the disk under the log of a node does.
 *
 * @param space how much room it has, as of the last look: at most about a second ago while the disk works
 * @param stall whether it hangs, and what waits for it; such a node neither leads nor votes
 */
public record DiskStatus(StorageSpace space, DiskStall stall) {
    /** Nothing is known against it. */
    public static final DiskStatus WELL = new DiskStatus(StorageSpace.UNLIMITED, DiskStall.NONE);
}
