package io.jangada.core.role;

import io.jangada.core.election.VoteRules;
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

/** Asks whether an election could be won before it spends a term on one (thesis §9.6). Still a voter of its present term. */
final class PreCandidate implements Role {
    private final Context context;
    private final Transitions transitions;
    private final Declines declines;
    private VoteTally tally;
    private long deadlineNanos;

    PreCandidate(Context context, Transitions transitions) {
        this.context = context;
        this.transitions = transitions;
        this.declines = new Declines(context);
        this.tally = new VoteTally(context.config.membership());
    }

    @Override
    public RoleName name() {
        return RoleName.PRE_CANDIDATE;
    }

    @Override
    public void enter() {
        if (tally.grant(context.self())) {
            transitions.toCandidate();
        } else {
            ask();
        }
    }

    private void ask() {
        // A new question: what was answered to the last one says nothing about now.
        tally = new VoteTally(context.config.membership());
        tally.grant(context.self());
        deadlineNanos = context.now() + context.timer.preVoteRetryNanos();
        for (NodeId node : context.others) {
            context.out()
                    .send(new PreVoteRequest(
                            context.self(), node, context.term() + 1, context.log.lastIndex(), context.log.lastTerm()));
        }
    }

    @Override
    public void onTick(Event.Tick event) {
        if (context.now() - deadlineNanos >= 0) {
            ask();
        }
    }

    @Override
    public void onPersisted(Event.Persisted event) {}

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {
        if (message.granted() && message.term() == context.term() + 1 && tally.grant(message.from())) {
            transitions.toCandidate();
        }
    }

    @Override
    public void onVoteRequest(VoteRequest message) {
        if (VoteRules.grantsVote(context.hardState(), context.log, message)) {
            // Its vote of this term is as good as a follower's; giving it away ends the own candidacy for now.
            transitions.toFollower(NodeId.NONE);
            transitions.role().onVoteRequest(message);
        } else {
            // Only a vote that is given puts the own candidacy off: whoever cannot win must not hold up who can (§5.2).
            declines.vote(message);
        }
    }

    @Override
    public void onVoteResponse(VoteResponse message) {}

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
