package io.jangada.node;

import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The membership changes this node was asked for, from arrival to outcome.
 *
 * <p>A change is submitted, put into the log, committed there, and then carried out by whoever leads, until no part of it is under way any more. One that no
 * leader has taken is held and submitted again.
 */
final class Changes {
    private static final String LOOK = "; look at the membership in the status of the node";

    private final Map<Long, Operation.Change> open = new LinkedHashMap<>();
    private final boolean holdUntilLeader;
    private final long retryNanos;
    private final long answerNanos;

    Changes(NodeConfig config) {
        this.holdUntilLeader = config.raft().options().forwardProposals();
        this.retryNanos = config.raft().timing().electionTimeoutMinNanos();
        this.answerNanos = config.requestTimeout().toNanos();
    }

    int size() {
        return open.size();
    }

    void arrived(long id, Operation.Change change) {
        open.remove(change.id);
        change.id = id;
        open.put(id, change);
    }

    /** The leader has put a change into its log. */
    void appended(Effects.Appended position) {
        Operation.Change change = open.get(position.requestId());
        if (change != null && change.index == 0) {
            change.index = position.index();
            change.entryTerm = position.term();
        }
    }

    /** Whether a change waits for what is committed up to here. */
    boolean awaits(long committedTo) {
        for (Operation.Change change : open.values()) {
            if (change.index != 0 && change.index <= committedTo) {
                return true;
            }
        }
        return false;
    }

    /**
     * This is the latest of the committed memberships now.
     *
     * @param presentTerm the term this node is in. Entries that were committed in the term that put a change into the log are of one leader, so the
     *     change's place is its own; in any other term something else may stand there
     * @return what to tell when so much is applied here
     */
    List<Request.Told> committed(MembershipAt latest, long committedTo, long presentTerm) {
        List<Request.Told> settled = new ArrayList<>();
        for (Operation.Change change : List.copyOf(open.values())) {
            if (change.index == 0 || change.index > committedTo) {
                continue;
            }
            if (!change.established && (presentTerm != change.entryTerm || latest.index() < change.index)) {
                end(change, lost(change));
                continue;
            }
            change.established = true;
            settle(change, latest, settled);
        }
        return settled;
    }

    private void settle(Operation.Change change, MembershipAt latest, List<Request.Told> settled) {
        Membership present = latest.membership();
        if (present.isJoint()) {
            return;
        }
        NodeId without = NodeId.NONE;
        for (MembershipStep step : change.change.steps()) {
            boolean willVote = step instanceof MembershipStep.AddVoter || step instanceof MembershipStep.Replace;
            if (willVote && present.promotions().containsKey(step.node())) {
                return;
            }
            if (willVote && !present.voters().contains(step.node())) {
                without = step.node();
            }
        }
        if (without.isNone()) {
            open.remove(change.id);
            settled.add(new Request.Told(change, latest));
        } else if (present.isLearner(without)) {
            end(change, new ChangeRefusedException(ChangeRefusal.CATCH_UP_FAILED));
        } else {
            end(
                    change,
                    new OutcomeUnknownException(
                            "node " + without + " was added, but another change removed it" + LOOK));
        }
    }

    /** What stands in the way of a leader for a moment only is waited for, like a leader itself. */
    void refused(Effects.ChangeRefused refused, long nowNanos) {
        Operation.Change change = open.get(refused.requestId());
        if (change == null || change.index != 0) {
            return;
        }
        ChangeRefusal reason = refused.reason();
        if (reason == ChangeRefusal.NO_COMMIT_IN_TERM
                || reason == ChangeRefusal.TRANSFER_OPEN
                || reason == ChangeRefusal.NO_QUORUM) {
            change.inTheWay = reason;
            change.held(nowNanos);
        } else {
            end(change, new ChangeRefusedException(reason));
        }
    }

    void refused(Effects.Refused refused, long nowNanos) {
        Operation.Change change = open.get(refused.requestId());
        if (change == null || change.index != 0) {
            return;
        }
        if (refused.reason() == Refusal.NOT_NOW || (refused.reason() == Refusal.NOT_LEADER && holdUntilLeader)) {
            change.inTheWay = null;
            change.held(nowNanos);
        } else {
            end(change, Refusals.of(refused));
        }
    }

    /** Term, role or leader has changed. Returns the held ones if there is a leader to take them. */
    List<Operation.Change> leadershipChanged(RaftStatus status) {
        List<Operation.Change> again = new ArrayList<>();
        for (Operation.Change change : List.copyOf(open.values())) {
            if (change.isHeld()) {
                if (!status.leader().isNone()) {
                    again.add(change);
                }
            } else if (!change.established
                    && (change.term != status.term() || status.leader().isNone())) {
                end(change, lost(change));
            }
        }
        return again;
    }

    /** Ends what has waited too long; returns held ones that may be submitted again. */
    List<Operation.Change> expire(NodeId leader, long nowNanos) {
        List<Operation.Change> again = new ArrayList<>();
        for (Operation.Change change : List.copyOf(open.values())) {
            boolean late = nowNanos - change.deadlineNanos >= 0;
            if (change.isHeld()) {
                if (late) {
                    ChangeRefusal inTheWay = change.inTheWay;
                    end(
                            change,
                            inTheWay == null ? new NotLeaderException(leader) : new ChangeRefusedException(inTheWay));
                } else if (!leader.isNone() && nowNanos - change.movedAtNanos >= retryNanos) {
                    again.add(change);
                }
            } else if (late) {
                end(change, new OutcomeUnknownException("the change was not finished in time; it may be later" + LOOK));
            } else if (change.index == 0 && nowNanos - change.movedAtNanos >= answerNanos) {
                // Where it takes long is after it has a place; until then a lost message must not cost the whole time.
                end(change, new OutcomeUnknownException("no leader has answered to the change" + LOOK));
            }
        }
        return again;
    }

    private void end(Operation.Change change, RaftException why) {
        open.remove(change.id);
        change.fail(why);
    }

    private static OutcomeUnknownException lost(Operation.Change change) {
        return new OutcomeUnknownException("leadership changed after the change was submitted in term " + change.term
                + "; it may or may not take effect" + LOOK);
    }

    /** The node stops: nothing stays open. */
    void endAll(Supplier<RaftException> untouched) {
        for (Operation.Change change : open.values()) {
            change.fail(
                    change.isHeld()
                            ? untouched.get()
                            : new OutcomeUnknownException("this node stopped during the change" + LOOK));
        }
        open.clear();
    }

    long nextDeadline(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (Operation.Change change : open.values()) {
            next = Math.min(next, Math.min(nowNanos + retryNanos, change.deadlineNanos));
        }
        return next;
    }
}
