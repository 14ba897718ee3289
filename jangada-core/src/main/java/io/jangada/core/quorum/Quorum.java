package io.jangada.core.quorum;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** The arithmetic of majorities over a membership. */
public final class Quorum {

    private Quorum() {}

    /**
     * The largest value that a majority has reached: at least that many of the voters have it or more. During a change it takes a majority of the old voters and one of
     * the new (§6).
     */
    public static long reachedByMajority(Membership membership, ToLongFunction<NodeId> value) {
        long incoming = reachedByMajority(membership.voters(), value);
        return membership.isJoint() ? Math.min(incoming, reachedByMajority(membership.outgoing(), value)) : incoming;
    }

    private static long reachedByMajority(List<NodeId> voters, ToLongFunction<NodeId> value) {
        long[] values = new long[voters.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsLong(voters.get(i));
        }
        Arrays.sort(values);
        return values[values.length - majority(voters.size())];
    }

    /** Whether a majority, during a change of the old voters and of the new, is among those for whom the test is true. */
    public static boolean isMajority(Membership membership, Predicate<NodeId> test) {
        return isMajority(membership.voters(), test)
                && (!membership.isJoint() || isMajority(membership.outgoing(), test));
    }

    private static boolean isMajority(List<NodeId> voters, Predicate<NodeId> test) {
        int count = 0;
        for (NodeId voter : voters) {
            if (test.test(voter)) {
                count++;
            }
        }
        return count >= majority(voters.size());
    }

    /** Whether the test is true for all voters, during a change for the old ones too; never if there are none. */
    public static boolean isEverybody(Membership membership, Predicate<NodeId> test) {
        return !membership.voters().isEmpty()
                && isEverybody(membership.voters(), test)
                && isEverybody(membership.outgoing(), test);
    }

    private static boolean isEverybody(List<NodeId> voters, Predicate<NodeId> test) {
        for (NodeId voter : voters) {
            if (!test.test(voter)) {
                return false;
            }
        }
        return true;
    }

    /** How many of so many voters make a majority. */
    private static int majority(int voters) {
        return voters / 2 + 1;
    }
}
