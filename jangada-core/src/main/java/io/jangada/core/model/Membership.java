package io.jangada.core.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The nodes of a group and what each of them may do (§6).
 *
 * <p>Outside a change {@code outgoing} is empty and a majority of {@code voters} decides. During one (joint consensus) {@code voters} are those
 * of the new membership, {@code outgoing} those of the old, and it takes a majority of each. All lists are in the order of identities.
 *
 * @param voters who decides, after a change that is under way
 * @param learners who is sent the log and has no vote; one that is in {@code outgoing} too still votes until the change is over
 * @param outgoing who decided before the change that is under way; empty outside one
 * @param promotions learners that become voters by themselves when they have caught up, each with the voter that it then replaces, or
 *     {@link NodeId#NONE}
 * @param info what is known of the members; who is missing here is {@link MemberInfo#UNKNOWN}
 */
public record Membership(
        List<NodeId> voters,
        List<NodeId> learners,
        List<NodeId> outgoing,
        SortedMap<NodeId, NodeId> promotions,
        SortedMap<NodeId, MemberInfo> info) {
    /** The membership of a node that has not been told of any: it waits to be found by a leader. */
    public static final Membership NONE = ofVoters(List.of());

    public Membership {
        voters = sorted(voters, "a voter");
        learners = sorted(learners, "a learner");
        outgoing = sorted(outgoing, "an outgoing voter");
        promotions = Collections.unmodifiableSortedMap(new TreeMap<>(promotions));
        info = Collections.unmodifiableSortedMap(new TreeMap<>(info));
        if (voters.isEmpty() && !(learners.isEmpty() && outgoing.isEmpty())) {
            throw new IllegalArgumentException("a group needs at least one voter");
        }
        // Sets, because a membership may come from a peer that means harm.
        Set<NodeId> known = new HashSet<>(voters);
        for (NodeId learner : learners) {
            if (!known.add(learner)) {
                throw new IllegalArgumentException("node " + learner + " is both a voter and a learner");
            }
        }
        known.addAll(outgoing);
        if (!new HashSet<>(learners).containsAll(promotions.keySet())) {
            throw new IllegalArgumentException(
                    "promotions " + promotions + " name others than the learners " + learners);
        }
        for (NodeId node : info.keySet()) {
            if (!known.contains(node)) {
                throw new IllegalArgumentException("node " + node + " is described but is no member");
            }
        }
    }

    private static List<NodeId> sorted(Collection<NodeId> nodes, String what) {
        TreeSet<NodeId> ordered = new TreeSet<>(nodes);
        if (ordered.contains(NodeId.NONE)) {
            throw new IllegalArgumentException("node id 0 cannot be " + what);
        }
        return List.copyOf(ordered);
    }

    public static Membership ofVoters(Collection<NodeId> voters) {
        return new Membership(List.copyOf(voters), List.of(), List.of(), new TreeMap<>(), new TreeMap<>());
    }

    public static Membership ofVoters(NodeId... voters) {
        return ofVoters(List.of(voters));
    }

    /** These voters, of whom this is known. */
    public static Membership ofVoters(Map<NodeId, MemberInfo> voters) {
        return new Membership(
                List.copyOf(voters.keySet()), List.of(), List.of(), new TreeMap<>(), new TreeMap<>(voters));
    }

    /** Whether this node has a vote, in the new or in the old part of a change too. */
    public boolean isVoter(NodeId node) {
        return voters.contains(node) || outgoing.contains(node);
    }

    /** Whether this node is sent the log and has no vote. */
    public boolean isLearner(NodeId node) {
        return learners.contains(node) && !outgoing.contains(node);
    }

    public boolean isMember(NodeId node) {
        return isVoter(node) || learners.contains(node);
    }

    /** Whether a change of voters is under way. */
    public boolean isJoint() {
        return !outgoing.isEmpty();
    }

    /** Whether nothing is known yet. */
    public boolean isNone() {
        return voters.isEmpty();
    }

    /** Everybody, in the order of identities. */
    public List<NodeId> members() {
        TreeSet<NodeId> all = new TreeSet<>(voters);
        all.addAll(outgoing);
        all.addAll(learners);
        return List.copyOf(all);
    }

    public MemberInfo infoOf(NodeId node) {
        return info.getOrDefault(node, MemberInfo.UNKNOWN);
    }

    /** The membership after the change that is under way. */
    public Membership leaveJoint() {
        SortedMap<NodeId, MemberInfo> kept = new TreeMap<>(info);
        kept.keySet().removeIf(node -> !voters.contains(node) && !learners.contains(node));
        return new Membership(voters, learners, List.of(), promotions, kept);
    }
}
