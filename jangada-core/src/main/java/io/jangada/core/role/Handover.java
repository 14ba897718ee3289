package io.jangada.core.role;

import io.jangada.core.message.TimeoutNow;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.read.HeartbeatRounds;
import io.jangada.core.replication.Replicator;
import io.jangada.core.step.TransferOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The transfer of leadership to another voter (thesis §3.10): nothing new is taken, the target is brought to the end of the log, then told to stand for election at once.
 *
 * <p>Ends when this leader is deposed, when time is up, or when it is aborted; after the last two it leads on as before. A leader that is no member any more hands over in the same way.
 */
final class Handover {
    /** The number of a transfer that nobody asked for. */
    private static final long OWN_WISH = 0;

    private final Context context;
    private final Replicator replicator;
    private final HeartbeatRounds rounds;
    private final long beganAtNanos;
    private long requestId;
    private NodeId target = NodeId.NONE;
    private long deadlineNanos;
    /** Whether the target was told since the last heartbeat; since this transfer began; whether anybody was in this term. */
    private boolean toldNow;

    private boolean told;
    private boolean toldEver;
    private long leaseOutUntilNanos;

    Handover(Context context, Replicator replicator, HeartbeatRounds rounds) {
        this.context = context;
        this.replicator = replicator;
        this.rounds = rounds;
        this.beganAtNanos = context.now();
        this.leaseOutUntilNanos = context.now();
    }

    boolean isOpen() {
        return !target.isNone();
    }

    /** Whether anybody was told to stand in this term: such a message may arrive at any time, so there are no leases any more. */
    boolean hasToldAnybody() {
        return toldEver;
    }

    /** Reads may be answered by lease until this time: nobody is told to stand before. */
    void leaseGivenOut(long untilNanos) {
        if (untilNanos - leaseOutUntilNanos > 0) {
            leaseOutUntilNanos = untilNanos;
        }
    }

    /** Begins; returns why it cannot, or null. {@code wanted} may be {@link NodeId#NONE}: the best. */
    @Nullable
    TransferOutcome begin(long id, NodeId wanted, long timeoutNanos) {
        if (isOpen()) {
            return TransferOutcome.BUSY;
        }
        if (!wanted.isNone()
                && (wanted.equals(context.self()) || !context.membership().isVoter(wanted))) {
            return TransferOutcome.BAD_TARGET;
        }
        NodeId chosen = wanted.isNone() ? best() : wanted;
        if (chosen.isNone()) {
            return TransferOutcome.NO_TARGET;
        }
        requestId = id;
        target = chosen;
        deadlineNanos = context.now() + timeoutNanos;
        toldNow = false;
        told = false;
        advance();
        return null;
    }

    /** Begins of this leader's own accord; silently does nothing if it cannot. */
    void beginTo(NodeId wanted) {
        begin(OWN_WISH, wanted, context.config.timing().electionTimeoutMaxNanos());
    }

    /** The voter that is furthest, of those that were heard of lately and are willing to lead; of equals the one with the highest priority. */
    private NodeId best() {
        Membership membership = context.membership();
        NodeId best = NodeId.NONE;
        for (NodeId voter : membership.voters()) {
            boolean possible = !voter.equals(context.self())
                    && membership.infoOf(voter).priority() != MemberInfo.NEVER_LEADS
                    && isLive(voter);
            if (possible && (best.isNone() || isBetter(voter, best))) {
                best = voter;
            }
        }
        return best;
    }

    /**
     * A voter that is to lead rather than this node, and could at once, or {@link NodeId#NONE}. Nobody soon after an election, so that a target that cannot win is not
     * asked all the time.
     */
    NodeId preferred() {
        if (context.now() - beganAtNanos < 4 * context.config.timing().electionTimeoutMaxNanos()) {
            return NodeId.NONE;
        }
        Membership membership = context.membership();
        int highest = membership.infoOf(context.self()).priority();
        NodeId preferred = NodeId.NONE;
        for (NodeId voter : membership.voters()) {
            int priority = membership.infoOf(voter).priority();
            if (priority > highest && isLive(voter) && isComplete(voter)) {
                highest = priority;
                preferred = voter;
            }
        }
        return preferred;
    }

    private boolean isBetter(NodeId one, NodeId other) {
        long further = replicator.matchIndex(one) - replicator.matchIndex(other);
        int preferred = context.membership().infoOf(one).priority()
                - context.membership().infoOf(other).priority();
        return further > 0 || (further == 0 && preferred > 0);
    }

    boolean isLive(NodeId node) {
        return rounds.hasAnswered(node)
                && rounds.unheardForNanos(node, context.now())
                        < context.config.timing().electionTimeoutMinNanos();
    }

    /** Tells the target to stand, once it has everything. */
    void advance() {
        if (isOpen() && !toldNow && isComplete(target) && context.now() - leaseOutUntilNanos >= 0) {
            toldNow = true;
            told = true;
            toldEver = true;
            context.out().send(new TimeoutNow(context.self(), target, context.term()));
        }
    }

    boolean isComplete(NodeId node) {
        return replicator.matchIndex(node) == context.log.lastIndex();
    }

    /** With each heartbeat: what was told may have been lost, and time may be up. */
    void onHeartbeat() {
        if (isOpen() && context.now() - deadlineNanos >= 0) {
            end(TransferOutcome.TIMED_OUT);
            return;
        }
        toldNow = false;
        advance();
    }

    void abort() {
        if (isOpen()) {
            end(TransferOutcome.ABORTED);
        }
    }

    /** Leadership is over. */
    void leadershipEnds() {
        if (isOpen()) {
            end(told ? TransferOutcome.DONE : TransferOutcome.NOT_LEADER);
        }
    }

    private void end(TransferOutcome outcome) {
        target = NodeId.NONE;
        if (requestId != OWN_WISH) {
            context.out().transferEnded(requestId, outcome);
        }
    }
}
