package io.jangada.testkit.sim;

/** What a run has achieved besides writes and linearizable reads, counted to prove that it was really tried. */
public enum Deed {
    /** A change of the membership ended well for whoever asked for it. */
    MEMBERSHIP_CHANGED,
    /** A change of the membership was refused with a reason. */
    CHANGE_REFUSED,
    /** A membership was committed, whoever asked for it. */
    MEMBERSHIP_COMMITTED,
    /** A joint membership was committed. */
    JOINT_MEMBERSHIP,
    /** Leadership was handed over as asked. */
    TRANSFER_DONE,
    /** A transfer of leadership has ended with the old leader. */
    TRANSFER_FAILED,
    /** A leader has stepped down as asked. */
    STEPPED_DOWN,
    /** A node has taken a snapshot of its own state. */
    SNAPSHOT_TAKEN,
    /** A node has got a snapshot from its leader. */
    SNAPSHOT_INSTALLED,
    /** A node that was sent a snapshot of files had some of them already. */
    SNAPSHOT_FILES_PASSED_OVER,
    /** A log was compacted behind a snapshot of the node itself. */
    COMPACTION,
    /** A log was begun anew behind a snapshot. */
    LOG_RESET,
    /** A read that may rest on a lease was answered. */
    LEASE_READ,
    /** A read that may be a little old was answered. */
    BOUNDED_READ,
    /** A read that may be very old was answered. */
    LOCAL_READ,
    /** A machine that came back without its data was refused, or has stopped by itself. */
    WIPED_REFUSED,
    /** A machine that lost its data during a membership change took the majority with it: the group cannot come to rest. */
    GROUP_LOST
}
