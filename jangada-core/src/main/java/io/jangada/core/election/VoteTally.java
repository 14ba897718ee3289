package io.jangada.core.election;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.quorum.Quorum;
import java.util.HashSet;
import java.util.Set;

/**
 * Who has voted for this node: each voter counts once, however often it answers (trap 5).
 *
 * <p>Won with a majority of plain votes; or with the votes of all, doubtful ones among them, during a change of all old voters and all new ones: whatever a voter is in doubt about was lost by
 * everybody or had by nobody, and a committed entry of which no voter has a good copy is beyond what any protocol can bring back.
 */
public final class VoteTally {
    private final Membership membership;
    private final Set<NodeId> plain = new HashSet<>();
    private final Set<NodeId> given = new HashSet<>();

    public VoteTally(Membership membership) {
        this.membership = membership;
    }

    /** Counts an answer; says whether the election has been won now. */
    public boolean count(NodeId voter, Grant grant) {
        if (membership.isVoter(voter) && grant.isGiven()) {
            given.add(voter);
            if (grant == Grant.PLAIN) {
                plain.add(voter);
            }
        }
        return Quorum.isMajority(membership, plain::contains) || Quorum.isEverybody(membership, given::contains);
    }
}
