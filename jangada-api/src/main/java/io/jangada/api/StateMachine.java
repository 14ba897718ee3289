package io.jangada.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * What you replicate: every node applies the same commands in the same order, so every node gets the same state.
 *
 * <p>One thread of the node calls all methods, one call at a time. Applying must be
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

    /**
     * Holds the present state still, to be written out while commands go on. Called between two runs, after {@link #batchApplied}; must be quick.
     *
     * @return empty for a state machine that takes no snapshots: its log is kept whole
     */
    default Optional<StateSnapshot> snapshot() {
        return Optional.empty();
    }

    /**
     * Replaces the whole state by that of a snapshot, taken here or on another node. Afterwards {@link #lastApplied} of a durable state machine is {@code index}. A
     * crash in the middle must leave it at its old state or at the new one, never between.
     *
     * @param index the last entry whose effects are in it
     * @param term the term of that entry
     * @param state what {@link StateSnapshot#writeTo} wrote; already verified
     */
    default void restore(long index, long term, InputStream state) throws IOException {
        throw new UnsupportedOperationException(
                "a snapshot arrived, but this state machine cannot restore any; implement restore()");
    }

    /**
     * Replaces the whole state as {@link #restore} does, from a snapshot that was taken as files.
     *
     * @param files what {@link StateSnapshot#files} was, by name and content; verified. They are there until this returns: link or copy what is to stay, and write to none of them
     */
    default void restoreFiles(long index, long term, List<StateFile> files) throws IOException {
        throw new UnsupportedOperationException(
                "a snapshot of files arrived, but this state machine cannot restore any; implement restoreFiles()");
    }
}
