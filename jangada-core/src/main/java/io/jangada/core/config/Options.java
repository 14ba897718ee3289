package io.jangada.core.config;

/**
 * What of the protocol is wanted.
 *
 * @param forwardProposals whether a follower hands proposals and membership changes on to the leader instead of refusing them
 * @param leaseReads whether a leader may answer reads without asking, while it is certain that nobody else can lead. The same on every node
 * @param clockDriftPercent how much faster or slower than this node's the clock of another may run, in percent, for leases
 * @param promotionRounds how many rounds of catching up a new voter is given (thesis §4.2.1)
 * @param incarnation the number of this node's data folder, by which a node that lost its data is told from itself; 0 does without
 * @param earlyStart whether a node that starts stands for election before a whole election timeout is over. Not where connections are made only after the start: commands
 *     that are handed on to a leader elected so early may be lost, and with them their outcome
 * @param durableFirst whether a leader sends its entries only when they are on its own disk, and says with them what is committed as soon as their receiver has them, too. In a group of three a follower then learns of
 *     a commit with the entry itself, one message and one flight sooner, but each command waits for two disks, one after the other. The same on every node
 */
public record Options(
        boolean forwardProposals,
        boolean leaseReads,
        int clockDriftPercent,
        int promotionRounds,
        long incarnation,
        boolean earlyStart,
        boolean durableFirst) {
    public static final Options DEFAULT = new Options(true, false, 10, 10, 0, false, false);

    public Options {
        if (clockDriftPercent < 0 || clockDriftPercent > 50) {
            throw new IllegalArgumentException(
                    "clockDriftPercent is " + clockDriftPercent + "; it must be from 0 to 50");
        }
        if (promotionRounds < 1) {
            throw new IllegalArgumentException("promotionRounds is " + promotionRounds + "; it must be at least 1");
        }
    }

    public Options withForwarding(boolean forward) {
        return new Options(
                forward, leaseReads, clockDriftPercent, promotionRounds, incarnation, earlyStart, durableFirst);
    }

    public Options withLeaseReads(boolean allowed) {
        return new Options(
                forwardProposals, allowed, clockDriftPercent, promotionRounds, incarnation, earlyStart, durableFirst);
    }

    public Options withIncarnation(long number) {
        return new Options(
                forwardProposals, leaseReads, clockDriftPercent, promotionRounds, number, earlyStart, durableFirst);
    }

    public Options withEarlyStart(boolean early) {
        return new Options(
                forwardProposals, leaseReads, clockDriftPercent, promotionRounds, incarnation, early, durableFirst);
    }

    public Options withDurableFirst(boolean first) {
        return new Options(
                forwardProposals, leaseReads, clockDriftPercent, promotionRounds, incarnation, earlyStart, first);
    }
}
