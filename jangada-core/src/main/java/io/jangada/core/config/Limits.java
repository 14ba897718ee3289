package io.jangada.core.config;

/**
 * What a core may hold at most; over a limit a request ends with a refusal, never with memory.
 *
 * @param maxCommandBytes the largest command
 * @param maxAppendBytes the payload of one append message; a single larger entry still travels, alone
 * @param maxInflightAppends unanswered append messages per follower
 * @param maxInflightBytes payload in unanswered append messages per follower
 * @param maxUncommittedBytes payload appended by a leader and not yet both committed and durable on its own disk
 * @param maxTailBytes payload kept in memory for followers and for applying
 * @param maxPendingReads linearizable reads waiting for confirmation
 */
public record Limits(
        int maxCommandBytes,
        int maxAppendBytes,
        int maxInflightAppends,
        long maxInflightBytes,
        long maxUncommittedBytes,
        long maxTailBytes,
        int maxPendingReads) {

    public static final Limits DEFAULT = new Limits(2 << 20, 1 << 20, 64, 16L << 20, 64L << 20, 32L << 20, 100_000);

    public Limits {
        atLeast("maxCommandBytes", maxCommandBytes, 1);
        atLeast("maxAppendBytes", maxAppendBytes, 64);
        atLeast("maxInflightAppends", maxInflightAppends, 1);
        atLeast("maxInflightBytes", maxInflightBytes, 64);
        atLeast("maxUncommittedBytes", maxUncommittedBytes, maxCommandBytes);
        atLeast("maxTailBytes", maxTailBytes, 0);
        atLeast("maxPendingReads", maxPendingReads, 1);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
    }
}
