package io.jangada.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what clients ask and are told, in the form that {@link LinearizabilityChecker} reads.
 *
 * <p>Any thread may call any method. Each operation is begun with {@link #invoke} before the request leaves, and ended once by
 * {@link #ok}, {@link #fail} or {@link #unknown}; one that is never ended counts as unknown.
 */
public final class HistoryRecorder<I, O> {
    private enum Outcome {
        OPEN,
        OK,
        FAILED,
        UNKNOWN
    }

    private static final class Slot<I, O> {
        final int client;
        final long invoked;
        final I input;
        Outcome outcome = Outcome.OPEN;
        long returned = Operation.NEVER;

        @Nullable
        O output;

        Slot(int client, long invoked, I input) {
            this.client = client;
            this.invoked = invoked;
            this.input = input;
        }
    }

    private final LongSupplier clock;
    private final List<Slot<I, O>> slots = new ArrayList<>();

    /** A recorder that stamps operations with this clock, which must not go back. {@code System::nanoTime} serves for threads of one process. */
    public HistoryRecorder(LongSupplier clock) {
        this.clock = clock;
    }

    /** Begins an operation; returns the number under which it is ended. */
    public synchronized int invoke(int client, I input) {
        slots.add(new Slot<>(client, clock.getAsLong(), input));
        return slots.size() - 1;
    }

    /** The operation has happened, and this is what the client was told. */
    public synchronized void ok(int operation, O output) {
        Slot<I, O> slot = end(operation, Outcome.OK);
        slot.returned = clock.getAsLong();
        slot.output = output;
    }

    /** The operation has certainly not happened and never will: it leaves the history. */
    public synchronized void fail(int operation) {
        end(operation, Outcome.FAILED);
    }

    /** Nobody knows whether the operation has happened or will happen. */
    public synchronized void unknown(int operation) {
        end(operation, Outcome.UNKNOWN);
    }

    private Slot<I, O> end(int operation, Outcome outcome) {
        Slot<I, O> slot = slots.get(operation);
        if (slot.outcome != Outcome.OPEN) {
            throw new IllegalStateException(
                    "operation " + operation + " (" + slot.input + ") ended twice: " + slot.outcome + ", " + outcome);
        }
        slot.outcome = outcome;
        return slot;
    }

    /** How many operations have been begun. */
    public synchronized int invocations() {
        return slots.size();
    }

    /** How many operations have ended well. */
    public synchronized long successes() {
        return slots.stream().filter(slot -> slot.outcome == Outcome.OK).count();
    }

    /** Everything recorded so far, in order of invocation, without the operations that failed. */
    public synchronized List<Operation<I, O>> history() {
        List<Operation<I, O>> history = new ArrayList<>(slots.size());
        for (Slot<I, O> slot : slots) {
            if (slot.outcome != Outcome.FAILED) {
                history.add(new Operation<>(slot.client, slot.invoked, slot.returned, slot.input, slot.output));
            }
        }
        return history;
    }
}
