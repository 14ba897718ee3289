package io.jangada.node;

import io.jangada.api.StateMachine;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.Invariants;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * The only caller of the state machine: applies what is committed, in order, hands out results, and answers reads when enough has been applied.
 *
 * @param <R> the result of a command
 */
final class Applier<R> implements Worker {
    private static final int RUN_ENTRIES = 1024;
    private static final int READ_BYTES = 1 << 20;

    private sealed interface Work<R> {}

    /** Apply up to here. The entries, as far as they were in memory, and who waits for them, both in order of index. */
    private record Commit<R>(long toIndex, List<Entry> entries, List<Request.Propose<R>> waiting) implements Work<R> {}

    private record Ask<R>(Request.Read<?> read) implements Work<R> {}

    private record Result<R>(Request.Propose<R> proposal, R result) {}

    private final StateMachine<R> stateMachine;
    private final Storage storage;
    private final Inbox<R> inbox;
    private final Queue<Work<R>> queue = new MpscUnboundedArrayQueue<>(1024);
    private final Deque<Request.Propose<R>> waiting = new ArrayDeque<>();
    private final List<Result<R>> results = new ArrayList<>();
    private final PriorityQueue<Request.Read<?>> reads =
            new PriorityQueue<>(Comparator.comparingLong((Request.Read<?> read) -> read.readIndex));
    private Runnable signal = () -> {};
    private long runIndex;
    private int runEntries;
    private boolean failed;
    private volatile long appliedIndex;
    private final AtomicLong entryBytes = new AtomicLong();
    private final AtomicInteger waitingReads = new AtomicInteger();

    Applier(StateMachine<R> stateMachine, Storage storage, Inbox<R> inbox, long appliedIndex) {
        this.stateMachine = stateMachine;
        this.storage = storage;
        this.inbox = inbox;
        this.runIndex = appliedIndex;
        this.appliedIndex = appliedIndex;
    }

    /** The last entry whose effects a read can see. Any thread. */
    long appliedIndex() {
        return appliedIndex;
    }

    /** What the entries weigh that wait here with their payloads. Any thread. */
    long entryBytes() {
        return entryBytes.get();
    }

    /** Reads that wait here. Any thread. */
    int waitingReads() {
        return waitingReads.get();
    }

    private static long weightOf(List<Entry> entries) {
        long weight = 0;
        for (Entry entry : entries) {
            weight += entry.weight();
        }
        return weight;
    }

    void commit(long toIndex, List<Entry> entries, List<Request.Propose<R>> proposals) {
        entryBytes.addAndGet(weightOf(entries));
        queue.add(new Commit<>(toIndex, entries, proposals));
        signal.run();
    }

    void ask(Request.Read<?> read) {
        waitingReads.incrementAndGet();
        queue.add(new Ask<>(read));
        signal.run();
    }

    @Override
    public long runOnce(long nowNanos) {
        if (failed) {
            endAll(Refusals::closed);
            return Long.MAX_VALUE;
        }
        try {
            for (Work<R> work = queue.poll(); work != null; work = queue.poll()) {
                if (work instanceof Commit<R> commit) {
                    waiting.addAll(commit.waiting());
                    apply(commit);
                    entryBytes.addAndGet(-weightOf(commit.entries()));
                } else if (work instanceof Ask<R> ask) {
                    reads.add(ask.read());
                }
            }
            endRun();
        } catch (IOException | RuntimeException | Error e) {
            failed = true;
            inbox.failed(
                    "entry " + (runIndex + 1)
                            + " could not be applied; the state of this node is no longer that of the others",
                    e);
            endAll(Refusals::closed);
        }
        return Long.MAX_VALUE;
    }

    private void apply(Commit<R> commit) throws IOException {
        for (Entry entry : commit.entries()) {
            // What had left memory before these entries were taken comes from the disk first.
            applyFromDisk(entry.index() - 1);
            applyEntry(entry);
        }
        applyFromDisk(commit.toIndex());
    }

    private void applyFromDisk(long toIndex) throws IOException {
        while (runIndex < toIndex) {
            List<Entry> entries = storage.read(runIndex + 1, toIndex, READ_BYTES);
            Invariants.require(!entries.isEmpty(), "committed entry " + (runIndex + 1) + " is not in the log");
            for (Entry entry : entries) {
                applyEntry(entry);
            }
        }
    }

    private void applyEntry(Entry entry) {
        Invariants.require(entry.index() == runIndex + 1, "entry " + entry + " follows applied entry " + runIndex);
        if (entry.type() == EntryType.COMMAND) {
            R result = stateMachine.apply(entry.index(), entry.term(), entry.payload());
            Request.Propose<R> proposal = waiting.peek();
            if (proposal != null && proposal.index == entry.index() && proposal.entryTerm == entry.term()) {
                waiting.remove();
                results.add(new Result<>(proposal, result));
            }
        }
        runIndex = entry.index();
        dropOvertaken();
        if (++runEntries >= RUN_ENTRIES) {
            endRun();
        }
    }

    /** Another leader's entry has taken the place that a proposal was given: that proposal will never be applied there. */
    private void dropOvertaken() {
        for (Request.Propose<R> next = waiting.peek(); next != null && next.index <= runIndex; next = waiting.peek()) {
            waiting.remove();
            next.fail(new OutcomeUnknownException("another command was committed at index " + next.index
                    + ", where this one was put in term " + next.entryTerm));
        }
    }

    private void endRun() {
        if (runIndex > appliedIndex) {
            stateMachine.batchApplied(runIndex);
            appliedIndex = runIndex;
        }
        runEntries = 0;
        for (Result<R> result : results) {
            result.proposal().future.complete(result.result());
        }
        results.clear();
        for (Request.Read<?> next = reads.peek(); next != null && next.readIndex <= appliedIndex; next = reads.peek()) {
            reads.remove();
            waitingReads.decrementAndGet();
            next.answer();
        }
    }

    /** Ends everything that still waits here: no more will be applied. Called by this worker's thread, or when it has none any more. */
    void endAll(Supplier<RaftException> forReads) {
        for (Work<R> work = queue.poll(); work != null; work = queue.poll()) {
            if (work instanceof Commit<R> commit) {
                waiting.addAll(commit.waiting());
            } else if (work instanceof Ask<R> ask) {
                reads.add(ask.read());
            }
        }
        results.forEach(result -> waiting.add(result.proposal()));
        results.clear();
        for (Request.Propose<R> proposal : waiting) {
            proposal.fail(new OutcomeUnknownException(
                    "the command was committed, but this node stopped before it had applied it"));
        }
        waiting.clear();
        reads.forEach(read -> read.fail(forReads.get()));
        waitingReads.addAndGet(-reads.size());
        reads.clear();
    }

    @Override
    public String roleName() {
        return "apply";
    }

    @Override
    public void onWork(Runnable callback) {
        signal = callback;
    }
}
