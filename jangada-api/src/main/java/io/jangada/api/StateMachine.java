package io.jangada.api;

/**
 * What you replicate: every node applies the same commands in the same order, so every node gets the same state.
 *
 * <p>One thread of the node calls {@link #lastApplied}, {@link #apply} and {@link #batchApplied}, one call at a time. Applying must be
 * deterministic: no clock, no chance, no iteration order of hash tables, nothing outside the command and the state. An
 * exception from any of these methods stops this node ({@code FAILED}), because its state can no longer be trusted to equal the others';
 * refuse a command that makes no sense by a result that says so.
 *
 * @param <R> the result of a command, handed to whoever proposed it on this node
 */
public interface StateMachine<R> {

    /**
     * The index of the last entry whose effects are already in this state machine's own durable store, stored atomically with
     * them; 0 for a state machine that keeps its state in memory, which is then rebuilt from the log. Asked once, at start.
     */
    default long lastApplied() {
        return 0;
    }

    /**
     * Carries out one command.
     *
     * @param index its position in the log; rises strictly, with gaps where the log holds entries that are not commands
     * @param term the term in which it was proposed
     * @param command what was proposed; shared, so read it and do not change it
     */
    R apply(long index, long term, byte[] command);

    /**
     * Ends a run of calls to {@link #apply}: everything up to {@code index} has been applied. Results are handed out only after this
     * returns, so a store may collect a run's changes and write them at once here.
     */
    default void batchApplied(long index) {}
}
