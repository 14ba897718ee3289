package io.jangada.core.election;

import io.jangada.core.config.Timing;
import java.util.SplittableRandom;

/** Draws how long to wait: anew each time, so that ties break (§5.2). */
public final class ElectionTimer {
    private final Timing timing;
    private final SplittableRandom random;

    public ElectionTimer(Timing timing, SplittableRandom random) {
        this.timing = timing;
        this.random = random;
    }

    /** How long a follower waits for a leader, and a candidate for votes. */
    public long electionTimeoutNanos() {
        return random.nextLong(timing.electionTimeoutMinNanos(), timing.electionTimeoutMaxNanos());
    }

    /** How long a pre-candidate waits before it asks again: shorter, since asking disturbs nobody. */
    public long preVoteRetryNanos() {
        long longest = timing.electionTimeoutMinNanos() / 2;
        return random.nextLong(longest / 2, longest);
    }
}
