package io.jangada.core.role;

import io.jangada.core.election.VoteRules;
import io.jangada.core.election.VoteTally;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Event;

/** Asks whether an election could be won before it spends a term on one (thesis §9.6). Still a voter of its present term. */
final class PreCandidate extends Contender {
    private static final int MAX_DOUBLINGS = 4;

    private VoteTally tally;
    private long deadlineNanos;
    /** Whether the first question of this candidacy is open: only then rivals are told to wait, or are given way to. */
    private boolean first = true;
    /** Whether a rival has been given way to, so that answers to the last question do not count any more. */
    private boolean withdrawn;

    /** How many questions in a row nobody has answered in any way, as far as that matters: whoever is cut off asks less and less often, up to once in an election timeout. */
    private int unanswered;

    PreCandidate(Context context, Transitions transitions) {
        super(context, transitions);
        this.tally = new VoteTally(context.membership());
    }

    @Override
    public RoleName name() {
        return RoleName.PRE_CANDIDATE;
    }

    @Override
    public void enter() {
        if (tally.count(context.self(), VoteRules.own(context.log))) {
            transitions.toCandidate(false);
        } else {
            ask();
        }
    }

    private void ask() {
        // A new question: what was answered to the last one says nothing about now.
        withdrawn = false;
        tally = new VoteTally(context.membership());
        tally.count(context.self(), VoteRules.own(context.log));
        long patience = context.timer.preVoteRetryNanos() << unanswered;
        deadlineNanos =
                context.now() + Math.min(patience, context.config.timing().electionTimeoutMaxNanos());
        unanswered = Math.min(unanswered + 1, MAX_DOUBLINGS);
        for (NodeId node : otherVoters()) {
            context.out()
                    .send(new PreVoteRequest(
                            context.self(), node, context.term() + 1, context.log.lastIndex(), context.log.lastTerm()));
        }
    }

    @Override
    public void onTick(Event.Tick event) {
        if (!context.mayStand(false)) {
            transitions.toFollower(NodeId.NONE);
        } else if (context.now() - deadlineNanos >= 0) {
            first = false;
            ask();
        }
    }

    @Override
    public void onPersisted(Event.Persisted event) {}

    @Override
    public void onPeerConnected(Event.PeerConnected event) {
        super.onPeerConnected(event);
        if (unanswered > 1) {
            // Somebody is there again.
            unanswered = 0;
            deadlineNanos = Math.min(deadlineNanos, context.now() + context.timer.preVoteRetryNanos());
        }
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {
        unanswered = 0;
        boolean counts = message.term() == context.term() + 1 && !withdrawn;
        if (counts && tally.count(message.from(), grant(message.granted(), message.doubtful()))) {
            transitions.toCandidate(false);
        }
    }

    /**
     * Two that ask at the same time would both be told yes, stand, and take the votes from each other, again and again where few are left. So of two with
     * equal logs one goes first. Once in each candidacy, and for less than an election timeout: a rival that cannot win holds nobody up.
     */
    @Override
    public void onPreVoteRequest(PreVoteRequest message) {
        boolean rival = first
                && !withdrawn
                && message.term() == context.term() + 1
                && message.lastLogTerm() == context.log.lastTerm()
                && message.lastLogIndex() == context.log.lastIndex();
        if (rival && goesBefore(message.from())) {
            declines.refusePreVote(message);
            return;
        }
        declines.preVote(message, leaderIsLive());
        if (rival) {
            withdrawn = true;
            deadlineNanos = context.now() + 2 * context.timer.preVoteRetryNanos();
        }
    }

    private boolean goesBefore(NodeId rival) {
        int own = context.membership().infoOf(context.self()).priority();
        int other = context.membership().infoOf(rival).priority();
        return own != other ? own > other : context.self().compareTo(rival) > 0;
    }

    @Override
    public void onVoteRequest(VoteRequest message) {
        if (declines.mayVote(message)
                && VoteRules.vote(context.hardState(), context.log, message).isGiven()) {
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
    public long deadlineNanos() {
        return deadlineNanos;
    }
}
