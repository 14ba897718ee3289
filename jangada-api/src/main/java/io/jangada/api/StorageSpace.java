package io.jangada.api;

import io.jangada.core.model.SpaceLevel;

/**
 * How much room is left where a log lies, and what that means for its node.
 *
 * @param location where the log is, for messages
 * @param usableBytes what may still be written to that file system; {@link Long#MAX_VALUE} without a limit
 * @param reserveBytes with less than this the node takes no commands
 * @param level what it means
 */
public record StorageSpace(String location, long usableBytes, long reserveBytes, SpaceLevel level) {
    /** Of a log that cannot run out of room, or does not know. */
    public static final StorageSpace UNLIMITED = new StorageSpace("", Long.MAX_VALUE, 0, SpaceLevel.AMPLE);

    public boolean isUnlimited() {
        return usableBytes == Long.MAX_VALUE;
    }

    /** The figures and the way out, as the middle of a sentence. */
    public String explained() {
        return "the file system of " + location + " has " + usableBytes + " bytes left, less than the " + reserveBytes
                + " that are kept in reserve; free space there, or move the folder to a larger file system: commands are taken again"
                + " by themselves as soon as there is room";
    }
}
