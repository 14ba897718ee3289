package io.jangada.core.role;

import io.jangada.core.election.Grant;
import io.jangada.core.election.VoteRules;
import io.jangada.core.election.VoteTally;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Event;

/** Stands for election in a term of its own (§5.2): its own vote counts, and is asked of others, only when it is durable. */
final class Candidate extends Contender {
    private final VoteTally tally;
    private final long ownVoteSequence;
    private final long deadlineNanos;

    /** Whether the leader asked this node to stand, so that the others answer although they know that leader. */
    private final boolean onRequest;

    Candidate(Context context, Transitions transitions, boolean onRequest) {
        super(context, transitions);
        this.tally = new VoteTally(context.membership());
        this.ownVoteSequence = context.writes.hardStateSequence();
        this.deadlineNanos = context.now() + context.electionTimeoutNanos();
        this.onRequest = onRequest;
    }

    @Override
    public RoleName name() {
        return RoleName.CANDIDATE;
    }

    @Override
    public void enter() {
        for (NodeId node : otherVoters()) {
            context.promiseTerm(new VoteRequest(
                    context.self(), node, context.term(), context.log.lastIndex(), context.log.lastTerm(), onRequest));
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
            count(context.self(), VoteRules.own(context.log));
        }
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
    public void onVoteResponse(VoteResponse message) {
        count(message.from(), grant(message.granted(), message.doubtful()));
    }

    private void count(NodeId voter, Grant grant) {
        if (tally.count(voter, grant)) {
            transitions.toLeader();
        }
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }
}
