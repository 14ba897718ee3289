package io.jangada.testkit.sim;

import java.util.List;

/** Bugs to plant, and the promises of which one must be seen to be broken. */
enum PlantedBug {
    /** The disk says "durable" and has done nothing. */
    SYNC_THAT_DOES_NOTHING("PromiseDurability", "CommittedIsDurable"),
    /** The disk makes durable what was written before the last write only: promises overtake it by one. */
    SYNC_THAT_COMES_LATE("PromiseDurability", "CommittedIsDurable"),
    /** Term and vote are not written (trap 2). */
    VOTE_NOT_WRITTEN("PromiseDurability"),
    /** A restart finds an empty log (trap 47). */
    AMNESIA_AFTER_RESTART("MonotonicProgress", "DurableStream", "OneVotePerTerm", "NoFailure"),
    /** A candidate counts refusals as votes. */
    REFUSAL_COUNTED_AS_VOTE("MembershipSafety", "ElectionSafety", "LeaderCompleteness"),
    /** A leader takes a refused append for an accepted one. */
    REFUSAL_COUNTED_AS_MATCH("CommittedIsDurable", "NoFailure"),
    /** A follower takes all it has been sent for committed (trap 11). */
    COMMIT_TAKEN_TOO_FAR("CommittedIsDurable"),
    /** Entries change on their way, which no transport may do. */
    ENTRY_ALTERED_ON_THE_WAY("LogMatching"),
    /** One node's state machine computes something else. */
    STATE_MACHINE_THAT_DIVERGES("StateMachineSafety"),
    /** One node's state machine leaves out a command now and then. */
    STATE_MACHINE_THAT_SKIPS("StateMachineSafety", "ClientPromises", "FreshReads", "Liveness"),
    /** Reads are answered at once from whatever is there (trap 36). */
    READ_WITHOUT_A_ROUND("Linearizability"),
    /** Proposals are acknowledged before anything has happened. */
    ACKNOWLEDGED_AT_ONCE("ClientPromises"),
    /** A proposal is repeated although its outcome is open. */
    PROPOSED_TWICE("ClientPromises"),
    /** A leader takes what a learner has for what a voter has. */
    LEARNER_COUNTED_AS_VOTER("CommittedIsDurable", "NoFailure"),
    /** Nobody minds that a machine comes back without its data (trap 47). */
    OLD_IDENTITY_ACCEPTED(
            "OneVotePerTerm", "CommittedIsDurable", "LeaderCompleteness", "ElectionSafety", "LogMatching", "NoFailure"),
    /** A state machine loses a register when it is restored. */
    RESTORE_LOSES_A_KEY("Linearizability"),
    /** A store returns another content than it was given. */
    SNAPSHOT_WITH_A_CHANGED_BIT("StateMachineSafety"),
    /** A store has forgotten its snapshots when it is opened again (trap 21). */
    FORGOTTEN_SNAPSHOTS("Recovery", "MembershipSafety", "SnapshotSafety"),
    /** Snapshots name another membership than that at their index (trap 20). */
    SNAPSHOT_WITH_ANOTHER_MEMBERSHIP("SnapshotSafety"),
    /** A leader takes its lease for endless, whatever the clock says (trap 38). */
    LEASE_WITHOUT_END("Linearizability"),
    /** A leader that stood still answers by the lease it had before, because nobody looks at the clock again (trap 38). */
    LEASE_FROM_BEFORE_A_PAUSE("Linearizability", "FreshReads"),
    /** Reads that may be a little old are as old as may be. */
    BOUNDED_READ_WITHOUT_BOUND("FreshReads"),
    /**
     * What damage has left behind a gap is taken for nothing, and so is what is missing: the log just ends before the gap. A leader that had counted what is missing does not learn it, and never
     * sends it again.
     */
    DAMAGE_CUT_SILENTLY(
            "LeaderCompleteness", "CommittedIsDurable", "DurableStream", "NoFailure", "MembershipSafety", "Liveness"),
    /** A node with a damaged log votes as if it had never promised what is missing. */
    PROMISES_FORGOTTEN("LeaderCompleteness", "CommittedIsDurable", "DurableStream"),
    /** Requests for votes never arrive: nobody is ever elected. */
    NO_ELECTIONS("Liveness");

    private final String expected;

    PlantedBug(String... promises) {
        expected = String.join(",", promises);
    }

    /** Whether such a world has what the bug is about at all. */
    boolean canShow(FaultPlan plan) {
        return this != OLD_IDENTITY_ACCEPTED || (plan.has(Fault.WIPE) && plan.has(Activity.INCARNATIONS));
    }

    /** The world of this seed in which to look for it. */
    FaultPlan world(long seed) {
        boolean damage = this == DAMAGE_CUT_SILENTLY || this == PROMISES_FORGOTTEN;
        return damage ? FaultPlan.decaying(seed) : FaultPlan.of(seed);
    }

    List<String> expected() {
        return List.of(expected.split(",", -1));
    }
}
