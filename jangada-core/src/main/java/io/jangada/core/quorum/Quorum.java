package io.jangada.core.quorum;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The arithmetic of majorities over a membership. */
public final class Quorum {

    private Quorum() {}

    /** The largest value that a majority of the voters has reached: at least that many of them have it or more. */
    public static long reachedByMajority(Membership membership, ToLongFunction<NodeId> value) {
        List<NodeId> voters = membership.voters();
        long[] values = new long[voters.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsLong(voters.get(i));
        }
        Arrays.sort(values);
        return values[values.length - membership.majority()];
    }
}
