package io.jangada.core.role;

import io.jangada.core.election.Grant;
import io.jangada.core.election.VoteRules;
import io.jangada.core.log.AppendCheck;
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
import io.jangada.core.model.EntryType;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import io.jangada.core.step.Refusal;

/** Follows a leader, or waits for one: answers requests, writes what it is sent, stands for election when it has heard nothing for too long (§5.2). */
final class Follower implements Role {
    private final Context context;
    private final Transitions transitions;
    private final Declines declines;
    private NodeId leader;
    private long electionDeadlineNanos;
    private long leaderHeardAtNanos;
    /** What is committed according to the leader of this term as soon as it is on this node's disk. */
    private long announcedCommit;

    Follower(Context context, Transitions transitions, NodeId leader, long electionDeadlineNanos) {
        this.context = context;
        this.transitions = transitions;
        this.declines = new Declines(context);
        this.leader = leader;
        this.electionDeadlineNanos = electionDeadlineNanos;
        this.leaderHeardAtNanos = context.now();
    }

    @Override
    public RoleName name() {
        return RoleName.FOLLOWER;
    }

    @Override
    public NodeId leader() {
        return leader;
    }

    @Override
    public long deadlineNanos() {
        return electionDeadlineNanos;
    }

    @Override
    public boolean leaderIsLive() {
        return !leader.isNone()
                && context.now() - leaderHeardAtNanos < context.config.timing().electionTimeoutMinNanos();
    }

    @Override
    public void enter() {}

    @Override
    public void leave() {}

    private void heardFromLeader(NodeId node) {
        leader = node;
        leaderHeardAtNanos = context.now();
        context.leaderPromise.made(context.now());
        electionDeadlineNanos = context.now() + context.electionTimeoutNanos();
    }

    @Override
    public void onTick(Event.Tick event) {
        if (context.now() - electionDeadlineNanos < 0) {
            return;
        }
        if (context.mayStand(false)) {
            transitions.toPreCandidate();
        } else {
            // Whoever does not stand waits on, but knows no leader any more.
            leader = NodeId.NONE;
            electionDeadlineNanos = context.now() + context.electionTimeoutNanos();
        }
    }

    @Override
    public void onPropose(Event.Propose event) {
        if (leader.isNone()) {
            declines.propose(event);
            return;
        }
        for (Proposal proposal : event.proposals()) {
            if (!context.disk.room().toFollow()) {
                // It would be applied here too late for its client.
                context.out().refuse(proposal.requestId(), Refusal.NO_SPACE, context.self());
            } else if (proposal.command().length > context.config.limits().maxCommandBytes()) {
                context.out().refuse(proposal.requestId(), Refusal.TOO_LARGE, leader);
            } else if (context.config.options().forwardProposals()) {
                context.out()
                        .send(new ForwardRequest(
                                context.self(), leader, context.term(), proposal.requestId(), proposal.command()));
            } else {
                context.out().refuse(proposal.requestId(), Refusal.NOT_LEADER, leader);
            }
        }
    }

    @Override
    public void onRead(Event.Read event) {
        if (leader.isNone()) {
            declines.read(event);
            return;
        }
        for (long requestId : event.requestIds()) {
            context.out().send(new ReadIndexRequest(context.self(), leader, context.term(), requestId));
        }
    }

    @Override
    public void onSpace(Event.Space event) {}

    @Override
    public void onPersisted(Event.Persisted event) {
        commitWhatIsAnnounced();
    }

    @Override
    public void onLoaded(Event.Loaded event) {}

    @Override
    public void onPeerConnected(Event.PeerConnected event) {
        context.acquaintances.met(event.peer(), event.incarnation());
        context.repairs.asking().onPeerConnected(event.peer(), context.now());
    }

    @Override
    public void onPreVoteRequest(PreVoteRequest message) {
        declines.preVote(message, leaderIsLive());
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {}

    @Override
    public void onVoteRequest(VoteRequest message) {
        Grant grant =
                declines.mayVote(message) ? VoteRules.vote(context.hardState(), context.log, message) : Grant.NONE;
        if (grant.isGiven()) {
            context.vote(message.from());
            // Only a vote that is given puts the own candidacy off (§5.2).
            electionDeadlineNanos = context.now() + context.electionTimeoutNanos();
        }
        context.promiseTerm(new VoteResponse(
                context.self(), message.from(), context.term(), grant.isGiven(), grant == Grant.DOUBTFUL));
    }

    @Override
    public void onVoteResponse(VoteResponse message) {}

    @Override
    public void onAppendRequest(AppendRequest message) {
        heardFromLeader(message.from());
        AppendCheck check = AppendCheck.of(context.log, message);
        if (context.disk.room().leaves(check, context.now())) {
            return;
        }
        switch (check.verdict()) {
            case MALFORMED -> {}
            case MISMATCH -> refuseUnlessRepairing(message);
            case FITS -> accept(message, check);
            case CONFLICT -> {
                context.truncateAfter(check.truncateAfter());
                announcedCommit = Math.min(announcedCommit, check.truncateAfter());
                accept(message, check);
            }
        }
    }

    private void accept(AppendRequest message, AppendCheck check) {
        for (Entry entry : check.fresh()) {
            context.append(entry);
            if (entry.type() == EntryType.MEMBERSHIP) {
                // What was announced under another membership is left to the leader to count again.
                announcedCommit = Math.min(announcedCommit, context.log.commitIndex());
            }
        }
        // Only what this request vouches for is known to equal the leader's log (Figure 2, receiver rule 5; trap 11).
        long vouched = Math.min(message.leaderCommit(), message.lastNewIndex());
        if (context.config.options().durableFirst()) {
            announcedCommit = Math.max(announcedCommit, vouched);
            commitWhatIsAnnounced();
        } else {
            context.log.commitTo(vouched);
        }
        context.promiseAll(
                AppendResponse.matched(context.self(), message.from(), context.term(), message.lastNewIndex()));
    }

    private void commitWhatIsAnnounced() {
        if (announcedCommit > context.log.commitIndex()) {
            context.log.commitTo(Math.min(announcedCommit, context.log.persistedIndex()));
        }
    }

    private void refuseUnlessRepairing(AppendRequest message) {
        if (!context.repairs.asking().mayStillFill(context.now())) {
            refuse(message);
        }
    }

    private void refuse(AppendRequest message) {
        long hintIndex = context.log.lastIndexWithTermAtMost(message.prevLogTerm(), message.prevLogIndex());
        context.promiseTerm(new AppendResponse(
                context.self(),
                message.from(),
                context.term(),
                false,
                message.prevLogIndex(),
                context.log.termAt(hintIndex),
                hintIndex,
                context.log.isBehindPromise()));
    }

    @Override
    public void onAppendResponse(AppendResponse message) {}

    @Override
    public void onHeartbeatRequest(HeartbeatRequest message) {
        heardFromLeader(message.from());
        commitKnownHere(message.commitIndex());
        context.promiseTerm(new HeartbeatResponse(
                context.self(), message.from(), context.term(), message.round(), context.log.lastIndex()));
    }

    @Override
    public void onCommitNotice(CommitNotice message) {
        heardFromLeader(message.from());
        commitKnownHere(message.commitIndex());
    }

    /**
     * The leader names no more than it knows to be here; whoever says otherwise is not believed. But a damaged disk may have lost what this node told the leader of: what is left is the
     * beginning of that, and what is committed of it is committed.
     */
    private void commitKnownHere(long commitIndex) {
        long here = context.log.persistedIndex();
        if (commitIndex <= here || context.log.isBehindPromise()) {
            context.log.commitTo(Math.min(commitIndex, here));
        }
    }

    @Override
    public void onHeartbeatResponse(HeartbeatResponse message) {}

    @Override
    public void onReadIndexRequest(ReadIndexRequest message) {
        declines.readIndex(message);
    }

    @Override
    public void onReadIndexResponse(ReadIndexResponse message) {
        if (message.confirmed()) {
            context.out().readReady(message.requestId(), message.readIndex());
        } else {
            context.out().refuse(message.requestId(), Refusal.NOT_LEADER, NodeId.NONE);
        }
    }

    @Override
    public void onForwardRequest(ForwardRequest message) {
        declines.forward(message);
    }

    @Override
    public void onForwardResponse(ForwardResponse message) {
        switch (message.outcome()) {
            case APPENDED -> context.out().appended(message.requestId(), message.index(), message.entryTerm());
            case NOT_LEADER -> context.out().refuse(message.requestId(), Refusal.NOT_LEADER, NodeId.NONE);
            case NO_SPACE -> context.out().refuse(message.requestId(), Refusal.NO_SPACE, message.from());
            case OVERLOADED, REFUSED -> context.out().refuse(message.requestId(), Refusal.OVERLOADED, leader);
        }
    }

    @Override
    public void onLeaseRead(Event.LeaseRead event) {
        onRead(new Event.Read(event.requestIds()));
    }

    @Override
    public void onChangeMembership(Event.ChangeMembership event) {
        if (leader.isNone()) {
            declines.change(event);
        } else if (context.config.options().forwardProposals()) {
            context.out()
                    .send(new ChangeRequest(context.self(), leader, context.term(), event.requestId(), event.change()));
        } else {
            context.out().refuse(event.requestId(), Refusal.NOT_LEADER, leader);
        }
    }

    @Override
    public void onTransfer(Event.Transfer event) {
        declines.transfer(event);
    }

    @Override
    public void onAbortTransfer(Event.AbortTransfer event) {}

    @Override
    public void onStepDown(Event.StepDown event) {
        declines.stepDown(event);
    }

    @Override
    public void onSnapshotTaken(Event.SnapshotTaken event) {
        context.snapshotTaken(event.snapshot());
    }

    @Override
    public void onChunkRead(Event.ChunkRead event) {}

    @Override
    public void onChunkStaged(Event.ChunkStaged event) {
        context.receiving.onStaged(event, context.term(), false, context.out());
    }

    @Override
    public void onTimeoutNow(TimeoutNow message) {
        // Only the leader of this term can hand over, and only to a voter (thesis §3.10; trap 35).
        if (message.from().equals(leader) && context.mayStand(true)) {
            transitions.toCandidate(true);
        }
    }

    @Override
    public void onSnapshotRequest(SnapshotRequest message) {
        heardFromLeader(message.from());
        context.receiving.onRequest(message, context.out());
    }

    @Override
    public void onSnapshotResponse(SnapshotResponse message) {}

    @Override
    public void onChangeRequest(ChangeRequest message) {
        declines.change(message);
    }

    @Override
    public void onChangeResponse(ChangeResponse message) {
        ChangeRefusal refusal = message.refusal();
        if (message.outcome() == ForwardOutcome.APPENDED) {
            context.out().appended(message.requestId(), message.index(), message.term());
        } else if (refusal != null) {
            context.out().changeRefused(message.requestId(), refusal);
        } else {
            context.out().refuse(message.requestId(), Refusal.NOT_LEADER, NodeId.NONE);
        }
    }

    @Override
    public void onRepairRequest(RepairRequest message) {
        context.answerRepair(message);
    }

    @Override
    public void onRepairResponse(RepairResponse message) {
        context.repair(message);
    }

    @Override
    public void onReadForRepair(Event.ReadForRepair event) {
        context.answerRepair(event);
    }
}
