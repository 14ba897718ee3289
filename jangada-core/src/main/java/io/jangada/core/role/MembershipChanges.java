package io.jangada.core.role;

import io.jangada.core.membership.CatchUp;
import io.jangada.core.membership.ChangePlan;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.quorum.Quorum;
import io.jangada.core.read.HeartbeatRounds;
import io.jangada.core.replication.Replicator;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a leader does to the membership: begins changes, leaves the joint membership when it is committed (§6), makes learners voters that have caught up.
 *
 * <p>One change at a time, and none before an entry of the own term is committed (trap 1).
 */
final class MembershipChanges {
    /** Room for more than a thousand members with their addresses. */
    private static final int MAX_BYTES = 256 << 10;

    private final Context context;
    private final Replicator replicator;
    private final HeartbeatRounds rounds;
    private final SortedMap<NodeId, CatchUp> learners = new TreeMap<>();
    private final long beganAtNanos;

    MembershipChanges(Context context, Replicator replicator, HeartbeatRounds rounds) {
        this.context = context;
        this.replicator = replicator;
        this.rounds = rounds;
        this.beganAtNanos = context.now();
    }

    /** Whether a change is under way: the latest membership is joint or not committed. */
    boolean isOpen() {
        MembershipAt latest = context.memberships.latest();
        return latest.index() > context.log.commitIndex() || latest.membership().isJoint();
    }

    /** Begins a change; returns why not, or null. */
    @Nullable
    ChangeRefusal begin(MembershipChange change) {
        MembershipAt latest = context.memberships.latest();
        if (context.log.termAt(context.log.commitIndex()) != context.term()) {
            return ChangeRefusal.NO_COMMIT_IN_TERM;
        }
        if (isOpen()) {
            return ChangeRefusal.CHANGE_OPEN;
        }
        if (change.expectedIndex() != MembershipChange.ANY && change.expectedIndex() != latest.index()) {
            return ChangeRefusal.INDEX_MISMATCH;
        }
        ChangePlan plan = ChangePlan.of(latest.membership(), change);
        ChangeRefusal refusal = plan.refusal();
        if (refusal == null && !change.force()) {
            refusal = unwise(plan.next(), change);
        }
        if (refusal == null && !append(plan.next())) {
            refusal = ChangeRefusal.TOO_LARGE;
        }
        return refusal;
    }

    /** What would go wrong although it is allowed. */
    private @Nullable ChangeRefusal unwise(Membership next, MembershipChange change) {
        for (MembershipStep step : change.steps()) {
            if (step instanceof MembershipStep.Promote && !hasCaughtUp(step.node())) {
                return ChangeRefusal.LEARNER_BEHIND;
            }
        }
        return next.isJoint() && !canWork(next) ? ChangeRefusal.WOULD_LOSE_QUORUM : null;
    }

    private boolean hasCaughtUp(NodeId learner) {
        CatchUp catchUp = learners.get(learner);
        return catchUp != null && catchUp.isDone(context.now());
    }

    /** Whether a majority of the new voters has been heard of lately. */
    private boolean canWork(Membership next) {
        return Quorum.isMajority(next.leaveJoint(), this::isHeard);
    }

    private boolean isHeard(NodeId node) {
        return rounds.hasAnswered(node)
                && rounds.unheardForNanos(node, context.now())
                        < context.config.timing().electionTimeoutMaxNanos();
    }

    /** Something was committed: if that was a joint membership, the new one alone follows at once, whoever began the change. */
    void committed() {
        if (context.membership().isJoint() && context.memberships.latest().index() <= context.log.commitIndex()) {
            append(context.membership().leaveJoint());
        }
    }

    /** With each heartbeat: measures the learners, promotes them, notes data folders. */
    void onHeartbeat(boolean mayBegin) {
        Membership present = context.membership();
        learners.keySet().removeIf(node -> !present.isLearner(node));
        for (NodeId learner : present.learners()) {
            learners.computeIfAbsent(
                            learner, node -> new CatchUp(context.config.timing().electionTimeoutMinNanos()))
                    .observe(isHeard(learner), replicator.matchIndex(learner), context.log.lastIndex(), context.now());
        }
        boolean inOwnTerm = context.log.termAt(context.log.commitIndex()) == context.term();
        if (mayBegin && inOwnTerm && !isOpen()) {
            beginOwnChange(present);
        }
    }

    private void beginOwnChange(Membership present) {
        List<NodeId> ready = new ArrayList<>();
        List<NodeId> hopeless = new ArrayList<>();
        for (NodeId learner : present.promotions().keySet()) {
            CatchUp catchUp = learners.get(learner);
            if (hasCaughtUp(learner)) {
                ready.add(learner);
            } else if (catchUp != null
                    && catchUp.slowRounds() >= context.config.options().promotionRounds()) {
                hopeless.add(learner);
            }
        }
        if (!hopeless.isEmpty()) {
            append(ChangePlan.givingUp(present, hopeless).next());
        } else if (!ready.isEmpty()) {
            promote(ChangePlan.promoting(present, ready));
        } else {
            noteFolders(present);
        }
    }

    private void promote(ChangePlan plan) {
        if (plan.refusal() == null && canWork(plan.next())) {
            append(plan.next());
        }
    }

    /** One entry for as many as have been met; waits a little for the others, so that a group that starts writes one and not several. */
    private void noteFolders(Membership present) {
        Membership completed = context.acquaintances.completed(
                present, context.self(), context.config.options().incarnation());
        boolean waited = context.now() - beganAtNanos >= context.config.timing().electionTimeoutMaxNanos();
        if (!completed.equals(present) && (waited || isCompletelyKnown(completed))) {
            append(completed);
        }
    }

    private static boolean isCompletelyKnown(Membership membership) {
        for (NodeId node : membership.members()) {
            if (membership.infoOf(node).incarnation() == 0) {
                return false;
            }
        }
        return true;
    }

    /** False if it would be larger than an entry may be. */
    private boolean append(Membership next) {
        Entry entry = Entry.membership(context.log.lastIndex() + 1, context.term(), next);
        if (entry.payload().length > MAX_BYTES) {
            return false;
        }
        context.append(entry);
        replicator.membershipChanged(context.memberships.latest(), context.now());
        replicator.appended(context.now(), context.out());
        return true;
    }
}
