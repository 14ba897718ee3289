package io.jangada.core.role;

import io.jangada.core.election.VoteTally;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Event;

/** Stands for election in a term of its own (§5.2): its own vote counts, and is asked of others, only when it is durable. */
final class Candidate implements Role {
    private final Context context;
    private final Transitions transitions;
    private final Declines declines;
    private final VoteTally tally;
    private final long ownVoteSequence;
    private final long deadlineNanos;

    Candidate(Context context, Transitions transitions) {
        this.context = context;
        this.transitions = transitions;
        this.declines = new Declines(context);
        this.tally = new VoteTally(context.config.membership());
        this.ownVoteSequence = context.writes.hardStateSequence();
        this.deadlineNanos = context.now() + context.timer.electionTimeoutNanos();
    }

    @Override
    public RoleName name() {
        return RoleName.CANDIDATE;
    }

    @Override
    public void enter() {
        for (NodeId node : context.others) {
            context.promiseTerm(new VoteRequest(
                    context.self(), node, context.term(), context.log.lastIndex(), context.log.lastTerm()));
        }
    }

    @Override
    public void onTick(Event.Tick event) {
        if (context.now() - deadlineNanos >= 0) {
            transitions.toPreCandidate();
        }
    }

    @Override
    public void onPersisted(Event.Persisted event) {
        if (event.sequence() >= ownVoteSequence) {
            count(context.self());
        }
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {}

    @Override
    public void onVoteRequest(VoteRequest message) {
        declines.vote(message);
    }

    @Override
    public void onVoteResponse(VoteResponse message) {
        if (message.granted()) {
            count(message.from());
        }
    }

    private void count(NodeId voter) {
        if (tally.grant(voter)) {
            transitions.toLeader();
        }
    }

    @Override
    public NodeId leader() {
        return NodeId.NONE;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
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
    public void onPeerConnected(Event.PeerConnected event) {}

    @Override
    public void onPreVoteRequest(PreVoteRequest message) {
        declines.preVote(message, leaderIsLive());
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
}
