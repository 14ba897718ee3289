package io.jangada.core.role;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.election.ElectionTimer;
import io.jangada.core.log.RaftLog;
import io.jangada.core.log.WriteStream;
import io.jangada.core.message.Message;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.replication.ForwardLedger;
import io.jangada.core.snapshot.LogCompaction;
import io.jangada.core.snapshot.SnapshotReceiving;
import io.jangada.core.step.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What outlives a role: configuration, term and vote, the log, and during a step its time and its effects. */
final class Context {
    final RaftConfig config;
    final RaftLog log;
    final WriteStream writes;
    final ElectionTimer timer;
    final List<NodeId> others;
    final ForwardLedger forwards;
    final LogCompaction compaction;
    final SnapshotReceiving receiving;
    final @Nullable SnapshotMeta recoveredSnapshot;
    private HardState hardState;
    private long nowNanos;
    private Effects out = new Effects();

    Context(RaftConfig config, Recovered recovered, long seed, long nowNanos) {
        this.config = config;
        this.log = new RaftLog(recovered, config.limits().maxTailBytes());
        this.writes = new WriteStream(log);
        this.timer = new ElectionTimer(config.timing(), new SplittableRandom(seed));
        List<NodeId> peers = new ArrayList<>(config.membership().voters());
        peers.remove(config.self());
        this.others = List.copyOf(peers);
        this.recoveredSnapshot = recovered.snapshot();
        this.compaction = new LogCompaction(config.snapshots(), log, writes);
        this.receiving = new SnapshotReceiving(config.self(), log, writes, this::snapshotInstalled);
        this.hardState = recovered.log().hardState();
        if (log.lastTerm() > hardState.term()) {
            // A crash came after a snapshot of a new term was stored and before the term was: no vote of it has left
            // this node.
            remember(new HardState(log.lastTerm(), NodeId.NONE));
        }
        this.forwards = new ForwardLedger(hardState.term());
        this.nowNanos = nowNanos;
    }

    /** A snapshot has taken the place of the log. Called within the step that installs it. */
    private void snapshotInstalled(SnapshotMeta snapshot) {
        // membership
    }

    void beginStep(long now, Effects effects) {
        nowNanos = now;
        out = effects;
    }

    void endStep() {
        writes.flush(out);
    }

    NodeId self() {
        return config.self();
    }

    long term() {
        return hardState.term();
    }

    HardState hardState() {
        return hardState;
    }

    long now() {
        return nowNanos;
    }

    Effects out() {
        return out;
    }

    /** Moves to a higher term, in which this node has not voted. */
    void adoptTerm(long term) {
        Invariants.require(term > hardState.term(), "term " + term + " is not above " + hardState.term());
        remember(new HardState(term, NodeId.NONE));
    }

    /** Gives this node's one vote of the present term. */
    void vote(NodeId candidate) {
        Invariants.require(
                hardState.votedFor().isNone() || hardState.votedFor().equals(candidate),
                "second vote in term " + hardState.term() + ": for " + candidate + " after " + hardState.votedFor());
        if (hardState.votedFor().isNone()) {
            remember(new HardState(hardState.term(), candidate));
        }
    }

    private void remember(HardState state) {
        hardState = state;
        writes.hardState(state);
    }

    /** Sends what promises no more than the present term and vote. */
    void promiseTerm(Message message) {
        out.promise(message, writes.hardStateSequence());
    }

    /** Sends what promises everything that has been written so far. */
    void promiseAll(Message message) {
        out.promise(message, writes.latestSequence());
    }
}
