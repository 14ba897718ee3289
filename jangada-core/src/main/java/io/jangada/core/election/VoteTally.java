package io.jangada.core.election;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.quorum.Quorum;
import java.util.HashSet;
import java.util.Set;

/** Who has voted for this node: each voter counts once, however often it answers (trap 5). */
public final class VoteTally {
    private final Membership membership;
    private final Set<NodeId> granted = new HashSet<>();

    public VoteTally(Membership membership) {
        this.membership = membership;
    }

    /** Counts a vote; says whether it has been won now. */
    public boolean grant(NodeId voter) {
        if (membership.isVoter(voter)) {
            granted.add(voter);
        }
        return Quorum.isMajority(membership, granted::contains);
    }
}
