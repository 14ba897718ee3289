package io.jangada.testkit.check;

import io.jangada.core.RaftStatus;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All checkers of a cluster behind one door: tell it what happens, and ask it for the {@link #violation}.
 *
 * <p>Violations are kept, not thrown, because some reports come from inside the code under test, which would take the exception for a failure
 * of its own. Only the first counts. Not thread-safe; global order is what the checkers live on.
 */
public final class SafetyChecks {
    private final Map<NodeId, LogMirror> disks = new LinkedHashMap<>();
    private final List<LogMirror> lostDisks = new ArrayList<>();
    private final ElectionSafety electionSafety = new ElectionSafety();
    private final OneVotePerTerm oneVotePerTerm = new OneVotePerTerm();
    private final PromiseDurability promiseDurability = new PromiseDurability();
    private final LogMatching logMatching = new LogMatching();
    private final CommittedLedger ledger = new CommittedLedger();
    private final LeaderCompleteness leaderCompleteness = new LeaderCompleteness();
    private final StateMachineSafety stateMachineSafety = new StateMachineSafety();
    private final MonotonicProgress monotonicProgress = new MonotonicProgress();
    private final ClientPromises clientPromises = new ClientPromises();
    private final MembershipSafety memberships;
    private final SnapshotSafety snapshotSafety = new SnapshotSafety();
    private final FreshReads freshReads = new FreshReads();
    private @Nullable SafetyViolation violation;

    /** Checks a group that begins with this membership. Other nodes may come later. */
    public SafetyChecks(Membership membership) {
        memberships = new MembershipSafety(membership);
    }

    /** The first promise that was broken; null if none was. */
    public @Nullable SafetyViolation violation() {
        return violation;
    }

    /** Reports a broken promise that was found elsewhere. */
    public void report(SafetyViolation found) {
        if (violation == null) {
            violation = found;
        }
    }

    private void check(Runnable report) {
        if (violation != null) {
            return;
        }
        try {
            report.run();
        } catch (SafetyViolation found) {
            violation = found;
        }
    }

    private LogMirror disk(NodeId node) {
        return disks.computeIfAbsent(node, LogMirror::new);
    }

    /** A node starts, for the first time or again, on what its disk holds: this log, and these entries behind gaps of it, in order. */
    public void started(
            NodeId node, LogState state, List<Entry> log, List<Entry> salvage, @Nullable SnapshotMeta snapshot) {
        check(() -> {
            LogMirror before = disk(node).durableCopy();
            boolean lost = disk(node).recovered(state, log, salvage, ledger);
            snapshotSafety.started(node, snapshot, state);
            if (snapshot != null) {
                // It may be one that was never said to be stored: the last step failed, and had been done nevertheless.
                snapshotSafety.stored(node, snapshot, ledger, memberships);
            }
            if (snapshotSafety.lacksBeginning(node)) {
                disk(node).mayBeginAnew();
            }
            if (lost || snapshotSafety.lacksBeginning(node)) {
                // What it has acknowledged counts, as if the machine that has it were only down.
                lostDisks.add(before);
            }
            monotonicProgress.started(node, state.hardState().term());
            memberships.started(node);
            freshReads.started(node);
        });
    }

    /** A machine has lost everything, and comes back as it was delivered, if at all. What it did before still binds whoever has its identity. */
    public void wiped(NodeId node) {
        lostDisks.add(disk(node));
        disks.put(node, new LogMirror(node));
        snapshotSafety.wiped(node);
    }

    /** From now on a node may find less of its snapshots than it has stored: they decay on its disk. */
    public void snapshotsMayHaveDecayed(NodeId node) {
        snapshotSafety.mayHaveDecayed(node);
    }

    private void begins(LogMirror disk, LogBase base) {
        if (base.reset() && snapshotSafety.lacksBeginning(disk.node())) {
            // What it had is of no use to it without what was before, and it has said so.
            ledger.begins(disk, base.index(), base.term());
            snapshotSafety.begunAnew(disk.node());
        } else {
            ledger.begins(disk, base);
        }
        snapshotSafety.begins(disk.node(), base);
    }

    /** A node hands a batch to its disk. Call before the disk takes it. */
    public void writes(NodeId node, WriteBatch batch) {
        check(() -> {
            LogMirror disk = disk(node);
            LogBase base = batch.base();
            if (base != null) {
                begins(disk, base);
            }
            if (batch.truncates() && !snapshotSafety.lacksBeginning(node)) {
                ledger.truncated(disk, batch.truncateAfter());
            }
            disk.write(batch);
            for (Entry entry : batch.entries()) {
                logMatching.written(entry.index(), disk.written(entry.index()), disk.writtenTerm(entry.index() - 1));
                memberships.written(entry);
            }
        });
    }

    /** A node's disk has made everything durable. */
    public void synced(NodeId node) {
        check(() -> disk(node).sync());
    }

    /** A node's store has made this snapshot durable. */
    public void stored(NodeId node, SnapshotMeta snapshot) {
        check(() -> snapshotSafety.stored(node, snapshot, ledger, memberships));
    }

    /** A message leaves its sender. */
    public void sent(Message message) {
        check(() -> {
            LogMirror sender = disk(message.from());
            promiseDurability.sent(message, sender);
            if (message instanceof VoteRequest request) {
                oneVotePerTerm.votes(request.from(), request.term(), request.from());
                memberships.asks(request);
            } else if (message instanceof VoteResponse response && response.granted()) {
                oneVotePerTerm.votes(response.from(), response.term(), response.to());
            } else if (message instanceof AppendRequest
                    || message instanceof HeartbeatRequest
                    || message instanceof SnapshotRequest
                    || message instanceof CommitNotice) {
                leads(message.from(), message.term());
            }
        });
    }

    /** A node shows itself after a turn of its loop. */
    public void observed(RaftStatus status, long applied) {
        check(() -> {
            monotonicProgress.observed(status, applied);
            RaftStatus before = memberships.shownBy(status.self());
            List<Membership> inForce = memberships.observed(status);
            if (status.commitIndex() > ledger.last()) {
                long known = ledger.last();
                // What a lost disk had promised before still counts, as if its machine were only down.
                List<LogMirror> all = new ArrayList<>(disks.values());
                all.addAll(lostDisks);
                ledger.committed(status.commitIndex(), status.term(), all, inForce);
                for (long index = known + 1; index <= ledger.last(); index++) {
                    memberships.committed(index, ledger.line(index).slot().term());
                }
            }
            // Who has lost the beginning of its log goes by any members that it knows of, to ask them for help.
            if (!snapshotSafety.lacksBeginning(status.self())) {
                memberships.shown(status);
            }
            if (status.leads()) {
                leads(status.self(), status.term());
                if (before == null || !before.leads() || before.term() != status.term()) {
                    memberships.elected(status, oneVotePerTerm.votersOf(status.self(), status.term()));
                }
            }
        });
    }

    private void leads(NodeId node, long term) {
        if (electionSafety.leads(node, term)) {
            leaderCompleteness.elected(disk(node), term, ledger);
        }
    }

    /** A node applies a command; its state then has this digest. */
    public void applied(NodeId node, Entry entry, long serial, long stateDigest) {
        check(() -> {
            stateMachineSafety.applied(node, entry, ledger);
            clientPromises.applied(node, serial, entry.index());
            stateMachineSafety.state(node, entry.index(), stateDigest);
        });
    }

    /** A node's state machine takes a snapshot of this index for its state, which then has this digest. */
    public void restored(NodeId node, long index, long stateDigest) {
        check(() -> stateMachineSafety.restored(node, index, stateDigest, ledger));
    }

    /** A query looks at a node's state, which has applied this last command and has this digest. */
    public void looked(NodeId node, long lastCommand, long stateDigest) {
        check(() -> {
            stateMachineSafety.seen(node, lastCommand, stateDigest, "in a query at index ");
            freshReads.seen(node, lastCommand);
        });
    }

    /** A client was told at this time of something that happened at this index. */
    public void told(long timeNanos, long index) {
        check(() -> freshReads.told(timeNanos, index));
    }

    /** A client is given an answer that must have everything of which clients had been told before {@code sinceNanos}. */
    public void answered(NodeId node, long sinceNanos, long lastCommand) {
        check(() -> freshReads.notOlderThan(node, sinceNanos, lastCommand));
    }

    /** A client proposes the command with this serial number. */
    public void proposed(long serial) {
        check(() -> clientPromises.proposed(serial));
    }

    /** A client was told that its command has taken effect. */
    public void acknowledged(long serial) {
        check(() -> clientPromises.acknowledged(serial));
    }

    /** A client was told that its command has certainly had no effect. */
    public void refused(long serial) {
        check(() -> clientPromises.refused(serial));
    }

    /** Somebody was told that its membership change is complete; {@code asked} as in {@link MembershipSafety#changed}. */
    public void changed(MembershipChange change, MembershipAt result, long asked) {
        check(() -> memberships.changed(change, result, asked));
    }

    /** The run is over, and this node's state machine holds these serial numbers. */
    public void ended(NodeId node, Set<Long> serials) {
        check(() -> clientPromises.survived(node, serials));
    }

    /** Whether each disk remembers the latest committed membership for good, except those of machines that wait to be told of any. */
    public boolean membershipIsKnownToAll() {
        long latest = memberships.latest().index();
        Membership first = memberships.committedAt(0).membership();
        return latest > 0
                && disks.values().stream()
                        .allMatch(disk -> disk.lastDurable() == 0
                                ? !first.isMember(disk.node())
                                : disk.hasDurable(latest, ledger.line(latest).slot()));
    }

    /** The latest committed membership. */
    public MembershipAt membership() {
        return memberships.latest();
    }

    /** How many joint memberships were committed. */
    public long jointEntries() {
        return memberships.jointEntries();
    }

    /** How many memberships were committed, the first one aside. */
    public long memberships() {
        return memberships.memberships();
    }

    /** How many terms had a leader. */
    public int elections() {
        return electionSafety.elections();
    }

    /** The last committed index. */
    public long committed() {
        return ledger.last();
    }

    /** How many commands were acknowledged to clients. */
    public long acknowledgements() {
        return clientPromises.acknowledgements();
    }
}
