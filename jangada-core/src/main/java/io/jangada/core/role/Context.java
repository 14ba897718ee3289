package io.jangada.core.role;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.election.ElectionTimer;
import io.jangada.core.log.RaftLog;
import io.jangada.core.log.WriteStream;
import io.jangada.core.membership.MembershipLog;
import io.jangada.core.message.Message;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.repair.GapRepair;
import io.jangada.core.repair.RepairAnswers;
import io.jangada.core.replication.ForwardLedger;
import io.jangada.core.snapshot.LogCompaction;
import io.jangada.core.snapshot.SnapshotReceiving;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What outlives a role: configuration, term and vote, the log and the membership in it, and during a step its time and its effects. */
final class Context {
    final RaftConfig config;
    final RaftLog log;
    final WriteStream writes;
    final ElectionTimer timer;
    final ForwardLedger forwards;
    final SnapshotReceiving receiving;
    final Repairs repairs;
    final MembershipLog memberships;
    final Acquaintances acquaintances;
    final DiskWatch disk;
    final LeaderPromise leaderPromise;
    private HardState hardState;
    private long nowNanos;
    private boolean stopped;
    private Effects out = new Effects();

    Context(RaftConfig config, Recovered recovered, long seed, long nowNanos) {
        this.config = config;
        this.log = new RaftLog(recovered, config.limits().maxTailBytes());
        this.writes = new WriteStream(log);
        this.timer = new ElectionTimer(config.timing(), new SplittableRandom(seed));
        this.receiving = new SnapshotReceiving(config.self(), log, writes, this::snapshotInstalled);
        this.repairs = new Repairs(new GapRepair(config, log, nowNanos), new RepairAnswers(config, log));
        // What a log said that a snapshot has taken the place of is forgotten (trap 20).
        this.memberships = new MembershipLog(baseMembership(config, recovered), log.recoveredMemberships());
        this.hardState = recovered.log().hardState();
        if (log.lastTerm() > hardState.term()) {
            // A crash came after a snapshot of a new term was stored and before the term was: no vote of it has left
            // this node.
            remember(new HardState(log.lastTerm(), NodeId.NONE));
        }
        this.forwards = new ForwardLedger(hardState.term());
        this.acquaintances = new Acquaintances();
        this.disk = new DiskWatch(writes, 2 * config.timing().electionTimeoutMaxNanos(), nowNanos);
        this.leaderPromise = new LeaderPromise(config, nowNanos);
        this.nowNanos = nowNanos;
    }

    private static MembershipAt baseMembership(RaftConfig config, Recovered recovered) {
        SnapshotMeta snapshot = recovered.snapshot();
        List<MembershipAt> known = recovered.log().memberships();
        if (recovered.lacksBeginning() && !known.isEmpty()) {
            // Nobody is elected by it, but it says who can help.
            MembershipAt latest = known.get(known.size() - 1);
            return new MembershipAt(snapshot == null ? 0 : snapshot.index(), latest.membership());
        }
        return firstMembership(config, snapshot);
    }

    /** The membership before the first entry of a log that begins behind this snapshot, or with the first entry of all. */
    private static MembershipAt firstMembership(RaftConfig config, @Nullable SnapshotMeta snapshot) {
        return snapshot == null ? new MembershipAt(0, config.membership()) : snapshot.membership();
    }

    void beginStep(long now, Effects effects) {
        nowNanos = now;
        out = effects;
        disk.observe(now);
    }

    void endStep() {
        if (repairs.asking().isDue(nowNanos)) {
            repairs.asking().proceed(others(), term(), nowNanos, out);
        }
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

    /** The membership in force. */
    Membership membership() {
        return memberships.present();
    }

    /** Everybody else, learners too. */
    List<NodeId> others() {
        List<NodeId> others = new ArrayList<>(membership().members());
        others.remove(self());
        return others;
    }

    /** Whether nobody else has a vote. */
    boolean decidesAlone() {
        Membership present = membership();
        return present.voters().equals(List.of(self())) && !present.isJoint();
    }

    /** Whether this node may stand for election now. {@code onRequest}: a leader has asked it to. */
    boolean mayStand(boolean onRequest) {
        boolean willing = onRequest || membership().infoOf(self()).priority() != MemberInfo.NEVER_LEADS;
        return (membership().isVoter(self()) || isStillNeeded()) && willing && !disk.hangs(nowNanos);
    }

    /**
     * Whether this node has lost its vote by an entry that may not be committed: it may be the only one that has that entry, and then nobody can be elected but by
     * its log (thesis §4.2.2). It stands, without a vote of its own.
     */
    private boolean isStillNeeded() {
        return memberships.latest().index() > log.commitIndex()
                && memberships.beforeLatest().isVoter(self());
    }

    /** How long to wait for a leader; members that others are preferred to wait longer, so that those stand first. */
    long electionTimeoutNanos() {
        Membership present = membership();
        int own = present.infoOf(self()).priority();
        long wait = timer.electionTimeoutNanos();
        for (NodeId voter : present.voters()) {
            if (present.infoOf(voter).priority() > own) {
                return wait + config.timing().electionTimeoutMinNanos();
            }
        }
        return wait;
    }

    /**
     * How long a node that starts waits to hear of a leader. It knows of none whose silence it would have to wait out, and asking disturbs nobody, so it may be allowed to be early. Where
     * leases are used it may have promised its vote before it stopped, and waits as long as any other.
     */
    long firstWaitNanos() {
        long wait = electionTimeoutNanos();
        boolean early = config.options().earlyStart() && !config.options().leaseReads();
        return early ? wait - config.timing().electionTimeoutMinNanos() : wait;
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

    /** Appends to the log, which ends what repair of it was under way; a membership is in force from now on. */
    void append(Entry entry) {
        dropIslands();
        restore(entry);
    }

    private void dropIslands() {
        if (log.isAdrift()) {
            // What is known of the members was said by entries that are given up.
            memberships.restore(firstMembership(config, log.snapshot()), log.baseIndex(), false);
            if (!membership().isNone()) {
                membershipChanged();
            }
        }
        writes.dropIslands();
    }

    /** An answer to the question for the entries of a gap: fills it, as far as it goes. When it is filled, what lies behind is part of the log again. */
    void repair(RepairResponse response) {
        repairs.asking().accept(response, nowNanos).forEach(this::restore);
        if (log.joinsFirstIsland()) {
            List<MembershipAt> later = writes.adopt().memberships();
            later.forEach(memberships::append);
            if (!later.isEmpty()) {
                membershipChanged();
            }
        }
    }

    private void restore(Entry entry) {
        writes.append(entry);
        if (entry.type() == EntryType.MEMBERSHIP) {
            memberships.append(new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload())));
            membershipChanged();
        }
    }

    /** Cuts the log; a membership in what is cut is not in force any more. */
    void truncateAfter(long index) {
        dropIslands();
        writes.truncateAfter(index);
        if (memberships.truncateAfter(index)) {
            membershipChanged();
        }
    }

    /** This node has a snapshot of its own state. */
    void snapshotTaken(SnapshotMeta snapshot) {
        new LogCompaction(config.snapshots(), log, writes).taken(snapshot);
        memberships.compactTo(log.snapshotIndex());
    }

    /** A snapshot has taken the place of the log. {@code later}: the memberships in what of a damaged log continues it. */
    private void snapshotInstalled(SnapshotMeta snapshot, List<MembershipAt> later) {
        memberships.restore(snapshot.membership(), snapshot.index(), false);
        later.forEach(memberships::append);
        membershipChanged();
    }

    /** Whether one that asks for entries is told at once or after the disk has been read, it is told after the present term is durable. */
    void answerRepair(RepairRequest request) {
        repairs.answering().answer(request, out).ifPresent(entries -> answerRepair(request, entries));
    }

    void answerRepair(Event.ReadForRepair read) {
        answerRepair(read.request().request(), repairs.answering().answer(read));
    }

    private void answerRepair(RepairRequest request, List<Entry> entries) {
        promiseTerm(
                new RepairResponse(self(), request.from(), term(), request.previous(), request.successor(), entries));
    }

    private void membershipChanged() {
        MembershipAt latest = memberships.latest();
        out.membership(latest);
        if (Acquaintances.isAnother(
                latest.membership(), self(), config.options().incarnation())) {
            stopped = true;
            out.stop("the group knows node " + self()
                    + " by another data folder than this one: the disk was wiped or exchanged, and with it votes and entries that this node had"
                    + " promised to keep. Remove the member from the group, then add a new one with an empty folder");
        }
    }

    /** Whether this node must not do anything any more. */
    boolean isStopped() {
        return stopped;
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
