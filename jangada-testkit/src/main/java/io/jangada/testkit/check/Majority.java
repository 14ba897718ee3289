package io.jangada.testkit.check;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.List;
import java.util.Set;

/** Majorities as the paper says it, counted without the code under test. */
public final class Majority {
    private Majority() {}

    /** Whether these nodes hold a majority of the voters and, during a change, one of the outgoing voters too. Learners never count. */
    public static boolean of(Membership membership, Set<NodeId> nodes) {
        return of(membership.voters(), nodes) && (membership.outgoing().isEmpty() || of(membership.outgoing(), nodes));
    }

    private static boolean of(List<NodeId> voters, Set<NodeId> nodes) {
        return 2 * voters.stream().filter(nodes::contains).count() > voters.size();
    }
}
