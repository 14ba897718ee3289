package io.jangada.testkit.check;

/** The log of a leader, with the snapshot before it, holds every entry that was committed in an earlier term (§5.4). */
public final class LeaderCompleteness {

    /** This node has just become leader of this term, with what the mirror says in its log. What lies before the log is committed, as the ledger checks. */
    public void elected(LogMirror leader, long term, CommittedLedger ledger) {
        for (long index = leader.base() + 1; index <= ledger.last(); index++) {
            CommittedLedger.Line line = ledger.line(index);
            if (line.committedInTerm() >= term) {
                return;
            }
            boolean has = leader.lastWritten() >= index && leader.written(index).equals(line.slot());
            if (!has) {
                String instead = leader.lastWritten() >= index
                        ? "has " + leader.written(index) + " in its place"
                        : "ends at " + leader.lastWritten();
                throw new SafetyViolation(
                        "LeaderCompleteness",
                        "node " + leader.node() + " leads term " + term + ", but its log lacks entry " + index + " ("
                                + line.slot() + "), committed in term " + line.committedInTerm() + ": it " + instead);
            }
        }
    }
}
