package io.jangada.core.role;

import io.jangada.core.model.NodeId;

/**
 * Every arrow between roles, each once.
 *
 * <pre>
 *                silence                 majority would vote             majority votes
 *   Follower ----------------> PreCandidate ----------------> Candidate ----------------> Leader
 *      ^  ^                        |    ^                        |                           |
 *      |  |                        |    +------------------------+                           |
 *      |  |  leader or higher term |      split vote: ask again  |                           |
 *      |  +------------------------+-----------------------------+                           |
 *      |       higher term; no majority for an election timeout; disk hangs; asked to;       |
 *      |       not a voter any more                                                          |
 *      +-------------------------------------------------------------------------------------+
 *
 *   Follower ---- the leader hands over (TimeoutNow) ----> Candidate
 * </pre>
 *
 * The term rises on the arrows to Candidate (by one) and, where a higher term was seen, to Follower (to that term); on no other.
 */
final class Transitions {
    private final Context context;
    private Role role;

    /** Starts as a follower that knows no leader (§5.2); alone in its group, it need not wait for anybody. */
    Transitions(Context context) {
        this.context = context;
        long firstWait = context.decidesAlone() ? 0 : context.firstWaitNanos();
        this.role = new Follower(context, this, NodeId.NONE, context.now() + firstWait);
        role.enter();
    }

    Role role() {
        return role;
    }

    /** A message of a higher term: follow in that term. {@code leader} may still be unknown. */
    void toFollowerInTerm(long term, NodeId leader) {
        role.leave();
        context.adoptTerm(term);
        become(new Follower(context, this, leader, electionDeadline()));
    }

    /** A leader of this term has appeared, or this leader has lost its majority: follow in the same term. */
    void toFollower(NodeId leader) {
        role.leave();
        become(new Follower(context, this, leader, electionDeadline()));
    }

    /** This leader was asked to step down: follow in the same term, and let the others have the next election. */
    void toResting() {
        role.leave();
        long rest = 2 * context.config.timing().electionTimeoutMaxNanos();
        become(new Follower(context, this, NodeId.NONE, electionDeadline() + rest));
    }

    void toPreCandidate() {
        role.leave();
        become(new PreCandidate(context, this));
    }

    /** {@code onRequest}: the leader hands over, so nobody is asked first (thesis §3.10). */
    void toCandidate(boolean onRequest) {
        role.leave();
        context.adoptTerm(context.term() + 1);
        context.vote(context.self());
        become(new Candidate(context, this, onRequest));
    }

    void toLeader() {
        role.leave();
        become(new Leader(context, this));
    }

    private long electionDeadline() {
        return context.now() + context.electionTimeoutNanos();
    }

    private void become(Role next) {
        role = next;
        next.enter();
    }
}
