package io.jangada.core.role;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which data folder each of the others has come with, by the number that it told when it connected.
 *
 * <p>A member that has lost its data has forgotten its votes and what it acknowledged; under its old identity it could help to elect a leader that lacks committed
 * entries (trap 47). So the membership remembers the folder of each member, and one that comes with another is nobody.
 */
final class Acquaintances {
    private final SortedMap<NodeId, Long> met = new TreeMap<>();

    /** A node has connected. Says whether it has come with another folder than the last time. */
    boolean met(NodeId node, long incarnation) {
        Long before = incarnation == 0 ? null : met.put(node, incarnation);
        return before != null && before != incarnation;
    }

    /** Whether this node is known not to be the member that it says it is. */
    boolean isImpostor(Membership membership, NodeId node) {
        return isAnother(membership, node, met.getOrDefault(node, 0L));
    }

    /** Whether the membership knows this node by another number. */
    static boolean isAnother(Membership membership, NodeId node, long incarnation) {
        long known = membership.infoOf(node).incarnation();
        return known != 0 && incarnation != 0 && known != incarnation;
    }

    /** The membership with the folders of those whom it does not know by theirs yet; the same if there is nothing to add. */
    Membership completed(Membership membership, NodeId self, long ownIncarnation) {
        SortedMap<NodeId, MemberInfo> info = new TreeMap<>(membership.info());
        for (NodeId node : membership.members()) {
            long incarnation = node.equals(self) ? ownIncarnation : met.getOrDefault(node, 0L);
            MemberInfo known = membership.infoOf(node);
            if (known.incarnation() == 0 && incarnation != 0) {
                info.put(node, known.withIncarnation(incarnation));
            }
        }
        return new Membership(
                membership.voters(), membership.learners(), membership.outgoing(), membership.promotions(), info);
    }
}
