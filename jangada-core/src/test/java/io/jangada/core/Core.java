package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;

/** One core of a group of three, brought into a role and then fed one event at a time. Its effects are the test's to check. */
final class Core {
    static final NodeId ME = NodeId.of(1);
    static final NodeId A = NodeId.of(2);
    static final NodeId B = NodeId.of(3);
    static final byte[] COMMAND = {42};
    static final long MS = 1_000_000;
    /** One entry stays behind a snapshot; pieces of 64 bytes, and each is followed by 10 ms of rest. */
    static final SnapshotLimits SNAPSHOTS = new SnapshotLimits(1, 64, 6_400);
    /** What every core here starts with: term 4, no vote, entries 1@1 2@1 3@4. */
    static final List<Long> LOG = List.of(1L, 1L, 4L);

    final Raft raft;
    long now = 10_000 * MS;
    private long written;

    private Core(Membership membership, HardState state, List<Long> terms, Limits limits) {
        this(membership, new Recovered(logOf(state, terms), 0), limits);
    }

    private Core(Membership membership, Recovered recovered, Limits limits) {
        RaftConfig config = new RaftConfig(ME, membership, Timing.DEFAULT, limits, SNAPSHOTS, Options.DEFAULT);
        this.raft = Raft.start(config, recovered, 7, now);
    }

    static LogState logOf(HardState state, List<Long> terms) {
        List<Entry> entries = CoreGroup.entriesOf(terms);
        return new LogState(state, 1, entries.size(), CoreNode.termsOf(entries));
    }

    /** A follower on what a disk remembered. */
    static Core recovered(Recovered recovered) {
        return recovered(recovered, Membership.ofVoters(ME, A, B));
    }

    static Core recovered(Recovered recovered, Membership membership) {
        return new Core(membership, recovered, Limits.DEFAULT);
    }

    static SnapshotMeta snapshot(long index, long term) {
        return snapshot(index, term, 100);
    }

    static SnapshotMeta snapshot(long index, long term, long sizeBytes) {
        MembershipAt membership = new MembershipAt(0, Membership.ofVoters(ME, A, B));
        return new SnapshotMeta(index, term, membership, sizeBytes, 1_000 * index + term);
    }

    static Core follower() {
        return follower(new HardState(4, NodeId.NONE), LOG);
    }

    static Core follower(HardState state, List<Long> terms) {
        return new Core(Membership.ofVoters(ME, A, B), state, terms, Limits.DEFAULT);
    }

    static Core alone() {
        return new Core(Membership.ofVoters(ME), new HardState(4, NodeId.NONE), LOG, Limits.DEFAULT);
    }

    /** A follower of A in term 4. */
    static Core following() {
        Core core = follower();
        core.receive(new HeartbeatRequest(A, ME, 4, 1, 0));
        assertThat(core.raft.status().leader()).isEqualTo(A);
        return core;
    }

    static Core preCandidate() {
        Core core = follower();
        core.timeOut();
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        return core;
    }

    /** In term 5; its own vote, batch 1, is not durable yet. */
    static Core candidate() {
        Core core = preCandidate();
        core.receive(new PreVoteResponse(A, ME, 5, 4, true));
        core.expectRole(RoleName.CANDIDATE, 5);
        return core;
    }

    /** In term 5, its first entry 4@5 is in batch 2 and not durable yet. */
    static Core leader(Limits limits) {
        return lead(new Core(Membership.ofVoters(ME, A, B), new HardState(4, NodeId.NONE), LOG, limits));
    }

    /** As {@link #leader()}, on what a disk remembered in term 4. */
    static Core leader(Recovered recovered) {
        return lead(recovered(recovered));
    }

    static Core leader(Recovered recovered, Limits limits) {
        return lead(new Core(Membership.ofVoters(ME, A, B), recovered, limits));
    }

    static Core leader() {
        return leader(Limits.DEFAULT);
    }

    /** As {@link #leader()}, but at its election it knew that everything in its log was committed. */
    static Core leaderThatKnowsWhatIsCommitted() {
        Core core = following();
        core.receive(new HeartbeatRequest(A, ME, 4, 2, 3));
        assertThat(core.raft.status().commitIndex()).isEqualTo(3);
        return lead(core);
    }

    private static Core lead(Core core) {
        core.timeOut();
        core.receive(new PreVoteResponse(A, ME, 5, 4, true));
        core.sync();
        core.receive(new VoteResponse(A, ME, 5, true));
        core.expectRole(RoleName.LEADER, 5);
        return core;
    }

    /** A leader whose first entry is durable here and at A and committed, with both followers in pipeline. */
    static Core settledLeader(Limits limits) {
        Core core = leader(limits);
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 4));
        core.receive(AppendResponse.matched(B, ME, 5, 4));
        assertThat(core.raft.status().commitIndex()).isEqualTo(4);
        return core;
    }

    static Core settledLeader() {
        return settledLeader(Limits.DEFAULT);
    }

    Effects step(Event event) {
        Effects effects = new Effects();
        raft.step(event, now, effects);
        return note(effects);
    }

    Effects receive(Message message) {
        Effects effects = new Effects();
        raft.receive(message, now, effects);
        return note(effects);
    }

    private Effects note(Effects effects) {
        WriteBatch write = effects.write();
        if (write != null) {
            assertThat(write.sequence()).isEqualTo(++written);
        }
        return effects;
    }

    Effects tick() {
        return step(new Event.Tick());
    }

    /** Lets the deadline come. */
    Effects timeOut() {
        now = Math.max(now, raft.nextDeadline());
        return tick();
    }

    Effects after(long milliseconds) {
        now += milliseconds * MS;
        return tick();
    }

    /** Everything written so far is durable. */
    Effects sync() {
        return step(new Event.Persisted(written));
    }

    Effects propose(long... requests) {
        List<Proposal> proposals = new ArrayList<>();
        for (long request : requests) {
            proposals.add(new Proposal(request, COMMAND));
        }
        return step(new Event.Propose(proposals));
    }

    Effects read(long request) {
        return step(new Event.Read(List.of(request)));
    }

    void expectRole(RoleName role, long term) {
        assertThat(raft.status().role()).isEqualTo(role);
        assertThat(raft.status().term()).isEqualTo(term);
    }

    static Entry command(long index, long term) {
        return Entry.command(index, term, COMMAND);
    }

    static AppendRequest append(long term, long prevIndex, long prevTerm, long commit, Entry... entries) {
        return new AppendRequest(A, ME, term, prevIndex, prevTerm, List.of(entries), commit);
    }

    /** Nothing was done at all. */
    static void expectNothing(Effects effects) {
        assertThat(effects.write()).isNull();
        assertThat(effects.messages()).isEmpty();
        assertThat(effects.promises()).isEmpty();
        assertThat(effects.applyTo()).isZero();
        assertThat(effects.loads()).isEmpty();
        assertThat(effects.readChunks()).isEmpty();
        assertThat(effects.stageChunks()).isEmpty();
        assertThat(effects.install()).isNull();
        assertThat(effects.appended()).isEmpty();
        assertThat(effects.readReady()).isEmpty();
        assertThat(effects.refused()).isEmpty();
    }

    /** Nothing but these messages, sent at once. */
    static void expectMessages(Effects effects, Message... messages) {
        assertThat(effects.messages()).containsExactly(messages);
        assertThat(effects.promises()).isEmpty();
        assertThat(effects.write()).isNull();
    }

    /** Nothing but this message, parked until that batch is durable. */
    static void expectPromise(Effects effects, Message message, long afterSequence) {
        assertThat(effects.promises()).containsExactly(new Effects.Promise(message, afterSequence));
        assertThat(effects.messages()).isEmpty();
    }
}
