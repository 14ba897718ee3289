package io.jangada.core.role;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.RoleName;
import io.jangada.core.read.HeartbeatRounds;
import io.jangada.core.read.ReadQueue;
import io.jangada.core.replication.CommitRule;
import io.jangada.core.replication.Replicator;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import io.jangada.core.step.Refusal;
import io.jangada.core.step.TransferOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leads its term: gives proposals a position, replicates, commits, proves to readers that it still leads (Figure 2, "Leaders"). */
final class Leader implements Role {
    private final Context context;
    private final Transitions transitions;
    private final Declines declines;
    private final Replicator replicator;
    private final HeartbeatRounds rounds;
    private final ReadQueue reads;
    private final ReadAnswers answers;
    private final Intake intake;
    private final Handover handover;
    private final MembershipChanges changes;
    private final LeaderLease lease;
    private boolean leaving;
    private long leaveDeadlineNanos;
    private long heartbeatDeadlineNanos;
    private long dutiesDeadlineNanos;

    Leader(Context context, Transitions transitions) {
        this.context = context;
        this.transitions = transitions;
        this.declines = new Declines(context);
        this.replicator = new Replicator(context.config, context.log, context.term(), context.memberships.latest());
        long interval = context.config.timing().heartbeatIntervalNanos();
        this.rounds = new HeartbeatRounds(context::membership, context.self(), interval, context.now());
        this.reads = new ReadQueue(context.config.limits().maxPendingReads());
        this.answers = new ReadAnswers(context);
        this.intake = new Intake(context.config.limits(), context.disk.room());
        this.handover = new Handover(context, replicator, rounds);
        this.changes = new MembershipChanges(context, replicator, rounds);
        this.lease = new LeaderLease(context, rounds);
    }

    @Override
    public RoleName name() {
        return RoleName.LEADER;
    }

    @Override
    public NodeId leader() {
        return context.self();
    }

    @Override
    public long deadlineNanos() {
        return replicator.nextDeadlineNanos(heartbeatDeadlineNanos);
    }

    /** Whether a majority has confirmed this leader so recently that no other can have been elected: the quorum lease, from the time of sending (thesis §6.2). */
    @Override
    public boolean leaderIsLive() {
        return rounds.unconfirmedForNanos(context.now())
                < context.config.timing().electionTimeoutMinNanos();
    }

    /** Whether new work is taken: not without the lease, nor while somebody else is to lead. */
    private boolean takesWork() {
        return leaderIsLive() && !handover.isOpen() && !leaving;
    }

    List<PeerProgress> progress(long nowNanos) {
        return replicator.progress(node -> rounds.unheardForNanos(node, nowNanos));
    }

    @Override
    public void enter() {
        // An entry of its term, so that what came before may be committed (§5.4.2) and reads know where that ends (§8).
        context.forwards.begin(context.term());
        append(Entry.noOp(context.log.lastIndex() + 1, context.term()));
        // That entry tells the others who leads, so the first round of heartbeats can wait; a read begins its own.
        heartbeatDeadlineNanos = context.now() + context.config.timing().heartbeatIntervalNanos();
        dutiesDeadlineNanos = heartbeatDeadlineNanos;
        replicator.appended(context.now(), context.out());
    }

    @Override
    public void leave() {
        // What was answered on the strength of its lease may still be on its way.
        context.leaderPromise.made(context.now());
        handover.leadershipEnds();
        answers.abandon(reads.abandon());
    }

    @Override
    public void onTick(Event.Tick event) {
        boolean diskHangs = context.disk.hangs(context.now()) && !context.decidesAlone();
        boolean alone = rounds.unconfirmedForNanos(context.now())
                >= context.config.timing().electionTimeoutMaxNanos();
        boolean left = leaving && context.now() - leaveDeadlineNanos >= 0;
        if (alone || diskHangs || left) {
            // Check-quorum: without a majority this leader serves nobody, and others may be waiting for its voters
            // (thesis §6.2); nor does it without a disk (trap 45).
            transitions.toFollower(NodeId.NONE);
        } else if (context.now() - heartbeatDeadlineNanos >= 0) {
            long rest = reads.isEmpty() && replicator.areAllUpToDate() ? rounds.restNanos(context.now()) : 0;
            heartbeatDeadlineNanos = context.now() + rest;
            if (rest <= 0) {
                heartbeat();
            }
            doDuties();
        } else {
            replicator.sendPieces(context.now(), context.out());
        }
    }

    /** What is done once in an interval, whether that needs a round of heartbeats or not. */
    private void doDuties() {
        if (context.now() - dutiesDeadlineNanos < 0) {
            return;
        }
        dutiesDeadlineNanos = context.now() + context.config.timing().heartbeatIntervalNanos();
        changes.onHeartbeat(takesWork());
        handover.onHeartbeat();
        boolean free = !handover.isOpen();
        if (free && leaving) {
            handover.beginTo(NodeId.NONE);
        } else if (free && !changes.isOpen()) {
            NodeId preferred = handover.preferred();
            if (!preferred.isNone()) {
                handover.beginTo(preferred);
            }
        }
    }

    private void heartbeat() {
        heartbeatDeadlineNanos = context.now() + context.config.timing().heartbeatIntervalNanos();
        long round = rounds.begin(context.now());
        replicator.repeatLost(round, node -> rounds.unheardForNanos(node, context.now()), context.now(), context.out());
        sendRound(round);
    }

    private void sendRound(long round) {
        if (inOwnTerm()) {
            reads.roundBegins(round, replicator.readIndex());
        }
        for (NodeId node : context.others()) {
            long known = Math.min(context.log.commitIndex(), replicator.matchIndex(node));
            context.out().send(new HeartbeatRequest(context.self(), node, context.term(), round, known));
        }
        confirmReads();
    }

    /** Whether an entry of this term is committed; before, the commit index may lie behind what was acknowledged (trap 36). */
    private boolean inOwnTerm() {
        return context.log.termAt(context.log.commitIndex()) == context.term();
    }

    @Override
    public void onPropose(Event.Propose event) {
        if (!takesWork()) {
            for (Proposal proposal : event.proposals()) {
                context.out().refuse(proposal.requestId(), Refusal.NOT_NOW, NodeId.NONE);
            }
            return;
        }
        for (Proposal proposal : event.proposals()) {
            Refusal refusal = intake.refusalOf(proposal.command());
            if (refusal == null) {
                Entry entry = append(proposal.command());
                context.out().appended(proposal.requestId(), entry.index(), entry.term());
            } else {
                context.out().refuse(proposal.requestId(), refusal, context.self());
            }
        }
        replicator.appended(context.now(), context.out());
    }

    private Entry append(byte[] command) {
        Entry entry = Entry.command(context.log.lastIndex() + 1, context.term(), command);
        append(entry);
        intake.appended(entry);
        return entry;
    }

    private void append(Entry entry) {
        context.append(entry);
        rounds.made(entry.index(), context.now());
    }

    @Override
    public void onForwardRequest(ForwardRequest message) {
        if (!context.forwards.firstTime(message)) {
            return;
        }
        if (!takesWork()) {
            answerForward(message, ForwardOutcome.NOT_LEADER, 0, 0);
            return;
        }
        Refusal refusal = intake.refusalOf(message.command());
        if (refusal != null) {
            boolean noSpace = refusal == Refusal.NO_SPACE;
            answerForward(message, noSpace ? ForwardOutcome.NO_SPACE : ForwardOutcome.OVERLOADED, 0, 0);
            return;
        }
        Entry entry = append(message.command());
        answerForward(message, ForwardOutcome.APPENDED, entry.index(), entry.term());
        replicator.appended(context.now(), context.out());
    }

    private void answerForward(ForwardRequest request, ForwardOutcome outcome, long index, long term) {
        context.out()
                .send(new ForwardResponse(
                        context.self(), request.from(), context.term(), request.requestId(), outcome, index, term));
    }

    @Override
    public void onRead(Event.Read event) {
        for (long requestId : event.requestIds()) {
            if (!reads.add(new ReadQueue.Waiting(context.self(), requestId))) {
                context.out().refuse(requestId, Refusal.OVERLOADED, context.self());
            }
        }
        beginRoundForReads();
    }

    @Override
    public void onReadIndexRequest(ReadIndexRequest message) {
        replicator.endQuiet();
        if (reads.add(new ReadQueue.Waiting(message.from(), message.requestId()))) {
            beginRoundForReads();
        } else {
            declines.readIndex(message);
        }
    }

    private void beginRoundForReads() {
        if (reads.wantsRound() && inOwnTerm()) {
            sendRound(rounds.begin(context.now()));
        }
    }

    private void confirmReads() {
        answers.confirm(reads.confirmed(rounds.confirmedRound()));
    }

    @Override
    public void onHeartbeatResponse(HeartbeatResponse message) {
        rounds.answered(message.from(), message.round());
        replicator.onHeartbeatResponse(message, context.now(), context.out());
        confirmReads();
        beginRoundForReads();
    }

    @Override
    public void onAppendResponse(AppendResponse message) {
        rounds.heard(message.from());
        if (message.success() && message.matchIndex() <= context.log.lastIndex()) {
            rounds.has(message.from(), message.matchIndex());
        }
        if (replicator.onAppendResponse(message, context.now(), context.out())) {
            advanceCommit();
        }
        handover.advance();
    }

    @Override
    public void onSpace(Event.Space event) {}

    @Override
    public void onPersisted(Event.Persisted event) {
        advanceCommit();
        replicator.persisted(context.now(), context.out());
    }

    private void advanceCommit() {
        commitWhatAMajorityHas();
        // Only what is on the own disk too can leave memory: followers must not outrun it without limit.
        intake.releaseTo(context.log.applicableIndex());
    }

    private void commitWhatAMajorityHas() {
        long committed =
                CommitRule.commitIndex(context.log, context.membership(), context.term(), replicator::matchIndex);
        if (committed > context.log.commitIndex()) {
            context.log.commitTo(committed);
            replicator.sendToAll(context.now(), context.out());
            changes.committed();
            leaveIfRemoved();
            beginRoundForReads();
        }
    }

    /** The membership without this node is committed: tell everybody, hand over, and only then step down, so that nobody waits for an election (thesis §4.2.2; trap 30). */
    private void leaveIfRemoved() {
        if (!leaving && !changes.isOpen() && !context.membership().isVoter(context.self())) {
            leaving = true;
            leaveDeadlineNanos = context.now() + context.config.timing().electionTimeoutMaxNanos();
            heartbeat();
            handover.beginTo(NodeId.NONE);
        }
    }

    @Override
    public void onLoaded(Event.Loaded event) {
        replicator.onLoaded(event, context.now(), context.out());
    }

    @Override
    public void onPeerConnected(Event.PeerConnected event) {
        if (context.acquaintances.met(event.peer(), event.incarnation())) {
            replicator.forget(event.peer());
        }
        replicator.onPeerConnected(event.peer(), context.now(), context.out());
    }

    @Override
    public void onPreVoteRequest(PreVoteRequest message) {
        declines.preVote(message, leaderIsLive());
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {}

    @Override
    public void onVoteRequest(VoteRequest message) {
        declines.vote(message);
    }

    @Override
    public void onVoteResponse(VoteResponse message) {}

    @Override
    public void onAppendRequest(AppendRequest message) {
        declines.append(message);
    }

    @Override
    public void onHeartbeatRequest(HeartbeatRequest message) {}

    @Override
    public void onReadIndexResponse(ReadIndexResponse message) {}

    @Override
    public void onForwardResponse(ForwardResponse message) {}

    @Override
    public void onCommitNotice(CommitNotice message) {}

    @Override
    public void onLeaseRead(Event.LeaseRead event) {
        long until = lease.untilNanos(inOwnTerm() && takesWork() && !handover.hasToldAnybody());
        if (until - context.now() <= 0) {
            onRead(new Event.Read(event.requestIds()));
            return;
        }
        handover.leaseGivenOut(until);
        for (long requestId : event.requestIds()) {
            context.out().readReady(requestId, replicator.readIndex(), until);
        }
    }

    @Override
    public void onChangeMembership(Event.ChangeMembership event) {
        ChangeRefusal refusal = beginChange(event.change());
        if (refusal == null) {
            context.out()
                    .appended(event.requestId(), context.memberships.latest().index(), context.term());
        } else {
            context.out().changeRefused(event.requestId(), refusal);
        }
    }

    @Override
    public void onChangeRequest(ChangeRequest message) {
        if (!context.forwards.firstTime(message)) {
            return;
        }
        ChangeRefusal refusal = beginChange(message.change());
        context.out()
                .send(new ChangeResponse(
                        context.self(),
                        message.from(),
                        context.term(),
                        message.requestId(),
                        refusal == null ? ForwardOutcome.APPENDED : ForwardOutcome.REFUSED,
                        refusal,
                        refusal == null ? context.memberships.latest().index() : 0));
    }

    private @Nullable ChangeRefusal beginChange(MembershipChange change) {
        if (!leaderIsLive()) {
            return ChangeRefusal.NO_QUORUM;
        }
        return takesWork() ? changes.begin(change) : ChangeRefusal.TRANSFER_OPEN;
    }

    @Override
    public void onTransfer(Event.Transfer event) {
        TransferOutcome outcome = changes.isOpen()
                ? TransferOutcome.CHANGE_OPEN
                : handover.begin(event.requestId(), event.target(), event.timeoutNanos());
        if (outcome != null) {
            context.out().transferEnded(event.requestId(), outcome);
        }
    }

    @Override
    public void onAbortTransfer(Event.AbortTransfer event) {
        handover.abort();
    }

    @Override
    public void onStepDown(Event.StepDown event) {
        context.out().transferEnded(event.requestId(), TransferOutcome.DONE);
        transitions.toResting();
    }

    @Override
    public void onSnapshotTaken(Event.SnapshotTaken event) {
        context.snapshotTaken(event.snapshot());
    }

    @Override
    public void onChunkRead(Event.ChunkRead event) {
        replicator.onChunkRead(event, context.now(), context.out());
    }

    @Override
    public void onChunkStaged(Event.ChunkStaged event) {
        context.receiving.onStaged(event, context.term(), true, context.out());
    }

    @Override
    public void onTimeoutNow(TimeoutNow message) {}

    @Override
    public void onSnapshotRequest(SnapshotRequest message) {}

    @Override
    public void onSnapshotResponse(SnapshotResponse message) {
        replicator.onSnapshotResponse(message, context.now(), context.out());
    }

    @Override
    public void onChangeResponse(ChangeResponse message) {}

    @Override
    public void onRepairRequest(RepairRequest message) {
        context.answerRepair(message);
    }

    @Override
    public void onRepairResponse(RepairResponse message) {}

    @Override
    public void onReadForRepair(Event.ReadForRepair event) {
        context.answerRepair(event);
    }
}
