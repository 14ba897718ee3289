package io.jangada.core.role;

import io.jangada.core.election.Grant;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What both kinds of standing for election have in common: no leader is known, so nothing is taken from clients, and whoever shows that it leads
 * this term is followed.
 */
abstract sealed class Contender implements Role permits PreCandidate, Candidate {
    final Context context;
    final Transitions transitions;
    final Declines declines;

    Contender(Context context, Transitions transitions) {
        this.context = context;
        this.transitions = transitions;
        this.declines = new Declines(context);
    }

    /** Who is asked for a vote. */
    List<NodeId> otherVoters() {
        List<NodeId> voters = new ArrayList<>(context.others());
        voters.removeIf(node -> !context.membership().isVoter(node));
        return voters;
    }

    /** What a voter has said. */
    static Grant grant(boolean granted, boolean doubtful) {
        if (!granted) {
            return Grant.NONE;
        }
        return doubtful ? Grant.DOUBTFUL : Grant.PLAIN;
    }

    @Override
    public NodeId leader() {
        return NodeId.NONE;
    }

    @Override
    public boolean leaderIsLive() {
        return false;
    }

    @Override
    public void leave() {}

    @Override
    public void onPropose(Event.Propose event) {
        declines.propose(event);
    }

    @Override
    public void onRead(Event.Read event) {
        declines.read(event);
    }

    @Override
    public void onLoaded(Event.Loaded event) {}

    @Override
    public void onPeerConnected(Event.PeerConnected event) {
        context.acquaintances.met(event.peer(), event.incarnation());
        context.repairs.asking().onPeerConnected(event.peer(), context.now());
    }

    @Override
    public void onAppendRequest(AppendRequest message) {
        transitions.toFollower(message.from());
        transitions.role().onAppendRequest(message);
    }

    @Override
    public void onAppendResponse(AppendResponse message) {}

    @Override
    public void onHeartbeatRequest(HeartbeatRequest message) {
        transitions.toFollower(message.from());
        transitions.role().onHeartbeatRequest(message);
    }

    @Override
    public void onHeartbeatResponse(HeartbeatResponse message) {}

    @Override
    public void onReadIndexRequest(ReadIndexRequest message) {
        declines.readIndex(message);
    }

    @Override
    public void onReadIndexResponse(ReadIndexResponse message) {}

    @Override
    public void onForwardRequest(ForwardRequest message) {
        declines.forward(message);
    }

    @Override
    public void onForwardResponse(ForwardResponse message) {}

    @Override
    public void onCommitNotice(CommitNotice message) {
        transitions.toFollower(message.from());
        transitions.role().onCommitNotice(message);
    }

    @Override
    public void onLeaseRead(Event.LeaseRead event) {
        onRead(new Event.Read(event.requestIds()));
    }

    @Override
    public void onChangeMembership(Event.ChangeMembership event) {
        declines.change(event);
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
    public void onTimeoutNow(TimeoutNow message) {}

    @Override
    public void onSnapshotRequest(SnapshotRequest message) {
        transitions.toFollower(message.from());
        transitions.role().onSnapshotRequest(message);
    }

    @Override
    public void onSnapshotResponse(SnapshotResponse message) {}

    @Override
    public void onChangeRequest(ChangeRequest message) {
        declines.change(message);
    }

    @Override
    public void onChangeResponse(ChangeResponse message) {}

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
