package io.jangada.testkit.check;

import io.jangada.core.RaftStatus;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The membership changes as joint consensus allows, step by step, and everybody acts by the one in its own log (§6).
 *
 * <p>Checked: each committed membership is a lawful successor of the one before; a leader has at most one that is not committed; the membership that a node shows is the one that is
 * committed at that index; who is elected has the votes of a majority of its own membership, and is a voter of it; votes are asked of voters only.
 */
public final class MembershipSafety {
    private static final String PROMISE = "MembershipSafety";

    private record Position(long index, long term) {}

    private final Map<Position, Membership> contents = new HashMap<>();
    private final TreeMap<Long, Membership> committed = new TreeMap<>();
    private final Map<NodeId, RaftStatus> shown = new HashMap<>();
    private final List<VoteRequest> asked = new ArrayList<>();
    private long jointEntries;

    /** The membership at index 0 of the nodes that begin the group. */
    public MembershipSafety(Membership initial) {
        committed.put(0L, initial);
    }

    /** A node writes an entry. */
    public void written(Entry entry) {
        if (entry.type() == EntryType.MEMBERSHIP) {
            contents.putIfAbsent(new Position(entry.index(), entry.term()), MembershipCodec.decode(entry.payload()));
        }
    }

    /** The entry at this index, of this term, is committed from now on. */
    public void committed(long index, long term) {
        Membership next = contents.get(new Position(index, term));
        if (next == null) {
            return;
        }
        Membership before = committed.lastEntry().getValue();
        if (!follows(before, next)) {
            throw new SafetyViolation(
                    PROMISE, "membership " + next + " of entry " + index + " may not follow " + before);
        }
        committed.put(index, next);
        jointEntries += next.isJoint() ? 1 : 0;
    }

    private static boolean follows(Membership before, Membership next) {
        if (before.isJoint()) {
            return next.voters().equals(before.voters())
                    && (next.outgoing().isEmpty() || next.outgoing().equals(before.outgoing()));
        }
        return next.isJoint()
                ? next.outgoing().equals(before.voters())
                : next.voters().equals(before.voters());
    }

    /** A node starts anew. */
    public void started(NodeId node) {
        shown.remove(node);
    }

    /**
     * A candidate asks for a vote. Judged when it shows itself next, by the membership it shows then, if it is still the candidate of that term: a request may wait
     * for the disk until its sender follows somebody else, and says no more then than one that was long on its way.
     */
    public void asks(VoteRequest request) {
        asked.add(request);
    }

    /**
     * A node shows itself.
     *
     * @return the memberships that were in force on it since it did so last, the present one first
     */
    public List<Membership> observed(RaftStatus status) {
        RaftStatus before = shown.put(status.self(), status);
        MembershipAt now = status.membership();
        if (before != null
                && before.leads()
                && status.leads()
                && before.term() == status.term()
                && before.membership().index() < now.index()
                && before.membership().index() > status.commitIndex()) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + status.self() + " leads and appends membership " + now + " although "
                            + before.membership() + " is not committed; committed is " + status.commitIndex());
        }
        List<Membership> inForce = before == null || before.membership().equals(now)
                ? List.of(now.membership())
                : List.of(now.membership(), before.membership().membership());
        for (VoteRequest request : asked) {
            boolean stands = status.role() == RoleName.CANDIDATE && status.term() == request.term();
            if (request.from().equals(status.self())
                    && stands
                    && inForce.stream().noneMatch(each -> each.isVoter(request.to()))) {
                throw new SafetyViolation(
                        PROMISE,
                        "node " + request.from() + " asks for the vote of " + request.to() + ", which has none in "
                                + inForce);
            }
        }
        asked.removeIf(request -> request.from().equals(status.self()));
        return inForce;
    }

    /** A node shows a membership; whatever is committed by now has been reported. */
    public void shown(RaftStatus status) {
        MembershipAt now = status.membership();
        Membership known = committed.get(now.index());
        boolean waiting = now.index() == 0 && now.membership().isNone();
        boolean ahead = now.index() > status.commitIndex();
        if (!waiting && !ahead && !now.membership().equals(known)) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + status.self() + " goes by membership " + now + ", but committed there is " + known);
        }
        long latest = committed.floorKey(status.commitIndex());
        if (now.index() < latest) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + status.self() + " goes by membership " + now + ", but it has committed "
                            + committed.get(latest) + " at " + latest);
        }
    }

    /** A node shows itself as leader of a new term; these have voted for it. */
    public void elected(RaftStatus leader, Set<NodeId> votes) {
        Membership membership = leader.membership().membership();
        if (!membership.isVoter(leader.self()) && !isStillNeeded(leader)) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + leader.self() + " leads term " + leader.term() + " without a vote in " + membership);
        }
        Set<NodeId> all = new TreeSet<>(votes);
        all.add(leader.self());
        if (!Majority.of(membership, all)) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + leader.self() + " leads term " + leader.term() + " with the votes of " + votes
                            + ", which are no majority of " + membership);
        }
    }

    /** Whether a node has lost its vote by an entry that is not committed as far as it knows: others may not get on without its log (thesis §4.2.2). */
    private boolean isStillNeeded(RaftStatus leader) {
        long index = leader.membership().index();
        return index > leader.commitIndex()
                && committedAt(index - 1).membership().isVoter(leader.self());
    }

    /**
     * Somebody was told that its change is complete, with this result.
     *
     * @param asked the latest committed membership when the change was asked for: each step must have been done after it, though others may have undone it since
     */
    public void changed(MembershipChange change, MembershipAt result, long asked) {
        if (!result.membership().equals(committed.get(result.index()))
                || result.membership().isJoint()) {
            throw new SafetyViolation(
                    PROMISE, change + " is called complete with " + result + ", which is not committed or not final");
        }
        for (MembershipStep step : change.steps()) {
            boolean done = committed.subMap(asked, false, result.index(), true).values().stream()
                    .anyMatch(after -> isDone(step, after));
            if (!done) {
                throw new SafetyViolation(
                        PROMISE,
                        step + " is called complete, but the membership is " + result + " and was never so since "
                                + asked);
            }
        }
    }

    private static boolean isDone(MembershipStep step, Membership after) {
        NodeId node = step.node();
        if (step instanceof MembershipStep.Remove) {
            return !after.isMember(node);
        }
        if (step instanceof MembershipStep.AddLearner || step instanceof MembershipStep.Demote) {
            return after.isLearner(node);
        }
        if (step instanceof MembershipStep.Describe) {
            return after.isMember(node);
        }
        // Who was to leave when a new voter came may have been kept by somebody else's change.
        return after.isVoter(node);
    }

    /** The membership that is in force where exactly the entries up to this index are. */
    public MembershipAt committedAt(long index) {
        Map.Entry<Long, Membership> latest = committed.floorEntry(index);
        return new MembershipAt(latest.getKey(), latest.getValue());
    }

    /** The latest committed membership. */
    public MembershipAt latest() {
        return committedAt(Long.MAX_VALUE);
    }

    /** What this node showed last; null before it does in its present run. */
    public @Nullable RaftStatus shownBy(NodeId node) {
        return shown.get(node);
    }

    /** How many joint memberships were committed. */
    public long jointEntries() {
        return jointEntries;
    }

    /** How many memberships were committed, joint or not, after the first. */
    public long memberships() {
        return committed.size() - 1L;
    }
}
