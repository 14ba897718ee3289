package io.jangada.testkit.sim;

/** What has been done to the disks of a run while their nodes were down, and what came of it. */
public enum Harm {
    /** A bit is wrong. */
    BIT,
    /** A sector holds noise. */
    NOISE,
    /** A sector holds zeros. */
    ZEROS,
    /** A write was acknowledged and is not there: the sector holds what it held before. */
    LOST_WRITE,
    /** A sector cannot be read. */
    LATENT_ERROR,
    /** A write went to another sector: one holds what it should not, another lacks what it should. */
    MISDIRECTED_WRITE,
    /** The power failed in a write, and the sector holds neither the old bytes nor the new ones. */
    SPOILED_WRITE,
    /** A node has found that entries are missing at the end of its log. */
    LOST_END,
    /** A node has found a gap in its log, and intact entries behind it. */
    GAP,
    /** A node has found that its log begins behind every intact snapshot. */
    LOST_BEGINNING,
    /** A node that lacked something of what it had promised has it again. */
    REPAIRED;

    /** Whether this is done to a disk, and not what comes of it. */
    boolean isDone() {
        return compareTo(SPOILED_WRITE) <= 0;
    }
}
