package io.jangada.testkit.check;

import io.jangada.core.RaftStatus;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
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
    private final ElectionSafety electionSafety = new ElectionSafety();
    private final OneVotePerTerm oneVotePerTerm = new OneVotePerTerm();
    private final PromiseDurability promiseDurability = new PromiseDurability();
    private final LogMatching logMatching = new LogMatching();
    private final CommittedLedger ledger;
    private final LeaderCompleteness leaderCompleteness = new LeaderCompleteness();
    private final StateMachineSafety stateMachineSafety = new StateMachineSafety();
    private final MonotonicProgress monotonicProgress = new MonotonicProgress();
    private final ClientPromises clientPromises = new ClientPromises();
    private @Nullable SafetyViolation violation;

    public SafetyChecks(Membership membership) {
        membership.voters().forEach(node -> disks.put(node, new LogMirror(node)));
        ledger = new CommittedLedger(membership.voters().size() / 2 + 1);
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
        LogMirror disk = disks.get(node);
        if (disk == null) {
            throw new IllegalArgumentException("node " + node + " is not a voter of the checked cluster");
        }
        return disk;
    }

    /** A node starts, for the first time or again, on what its disk holds. */
    public void started(NodeId node, HardState hardState, List<Entry> log) {
        check(() -> {
            disk(node).recovered(hardState, log);
            monotonicProgress.started(node, hardState.term());
        });
    }

    /** A node hands a batch to its disk. Call before the disk takes it. */
    public void writes(NodeId node, WriteBatch batch) {
        check(() -> {
            LogMirror disk = disk(node);
            if (batch.truncates()) {
                ledger.truncated(disk, batch.truncateAfter());
            }
            disk.write(batch);
            for (Entry entry : batch.entries()) {
                long previous =
                        entry.index() == 1 ? 0 : disk.written(entry.index() - 1).term();
                logMatching.written(entry.index(), disk.written(entry.index()), previous);
            }
        });
    }

    /** A node's disk has made everything durable. */
    public void synced(NodeId node) {
        check(() -> disk(node).sync());
    }

    /** A message leaves its sender. */
    public void sent(Message message) {
        check(() -> {
            LogMirror sender = disk(message.from());
            promiseDurability.sent(message, sender);
            if (message instanceof VoteRequest request) {
                oneVotePerTerm.votes(request.from(), request.term(), request.from());
            } else if (message instanceof VoteResponse response && response.granted()) {
                oneVotePerTerm.votes(response.from(), response.term(), response.to());
            } else if (message instanceof AppendRequest
                    || message instanceof HeartbeatRequest
                    || message instanceof CommitNotice) {
                leads(message.from(), message.term());
            }
        });
    }

    /** A node shows itself after a turn of its loop. */
    public void observed(RaftStatus status, long applied) {
        check(() -> {
            monotonicProgress.observed(status, applied);
            if (status.leads()) {
                leads(status.self(), status.term());
            }
            if (status.commitIndex() > ledger.last()) {
                ledger.committed(status.commitIndex(), status.term(), disks.values());
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

    /** The run is over, and this node's state machine holds these serial numbers. */
    public void ended(NodeId node, Set<Long> serials) {
        check(() -> clientPromises.survived(node, serials));
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
