package io.jangada.node;

import io.jangada.api.StateMachine;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The only caller of the state machine: applies what is committed, in order, restores it from snapshots, hands out results, and answers reads when enough has been
 * applied.
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

    /** Take over a snapshot, unless more than that has been applied. */
    private record Install<R>(SnapshotMeta snapshot) implements Work<R> {}

    private record Result<R>(Request.Propose<R> proposal, R result) {}

    private final StateMachine<R> stateMachine;
    private final LocalNode.Ports ports;
    private final Inbox<R> inbox;
    private final SnapshotTrigger trigger;
    private final Queue<Work<R>> queue = new MpscUnboundedArrayQueue<>(1024);
    private final Deque<Request.Propose<R>> waiting = new ArrayDeque<>();
    private final List<Result<R>> results = new ArrayList<>();
    private final PriorityQueue<Request.Read<?>> reads =
            new PriorityQueue<>(Comparator.comparingLong((Request.Read<?> read) -> read.readIndex));
    private volatile Runnable signal = () -> {};
    private long runIndex;
    private int runEntries;
    private @Nullable Throwable failure;
    private volatile long appliedIndex;
    private final AtomicLong entryBytes = new AtomicLong();
    private final AtomicInteger waitingReads = new AtomicInteger();

    Applier(
            StateMachine<R> stateMachine,
            LocalNode.Ports ports,
            Inbox<R> inbox,
            SnapshotTrigger trigger,
            Recovery recovery) {
        this.stateMachine = stateMachine;
        this.ports = ports;
        this.inbox = inbox;
        this.trigger = trigger;
        this.runIndex = recovery.machineAt();
        this.appliedIndex = recovery.machineAt();
        trigger.writer().onFinished(this::wake);
        SnapshotMeta restore = recovery.restore();
        if (restore != null) {
            queue.add(new Install<>(restore));
        } else if (recovery.recovered().applied() > runIndex) {
            queue.add(new Commit<>(recovery.recovered().applied(), List.of(), List.of()));
        }
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

    SnapshotTrigger trigger() {
        return trigger;
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
        submit(new Commit<>(toIndex, entries, proposals));
    }

    void install(SnapshotMeta snapshot) {
        submit(new Install<>(snapshot));
    }

    /** The read is answered when its index is applied. Any thread. */
    void ask(Request.Read<?> read) {
        waitingReads.incrementAndGet();
        submit(new Ask<>(read));
    }

    private void submit(Work<R> work) {
        queue.add(work);
        signal.run();
    }

    /** Has the worker look again whether there is something to do. Any thread. */
    void wake() {
        signal.run();
    }

    @Override
    public long runOnce(long nowNanos) {
        Throwable cause = failure;
        if (cause != null) {
            endAll(() -> Refusals.failed(cause));
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
                } else if (work instanceof Install<R> install) {
                    restore(install.snapshot());
                }
            }
            endRun();
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            inbox.failed(
                    "entry " + (runIndex + 1)
                            + " could not be applied; the state of this node is no longer that of the others",
                    e);
            endAll(() -> Refusals.failed(e));
        }
        return Long.MAX_VALUE;
    }

    private void apply(Commit<R> commit) throws IOException {
        reread(Math.min(commit.toIndex(), trigger.index()));
        for (Entry entry : commit.entries()) {
            // What had left memory before these entries were taken comes from the disk first.
            applyFromDisk(entry.index() - 1);
            applyEntry(entry);
        }
        applyFromDisk(commit.toIndex());
        dropOvertaken();
    }

    /** What had been applied when the log was damaged is not applied again, but read again, because it tells who the members are. */
    private void reread(long toIndex) throws IOException {
        while (trigger.knownTo() < toIndex) {
            List<Entry> entries = ports.storage().read(trigger.knownTo() + 1, toIndex, READ_BYTES);
            if (entries.isEmpty()) {
                return; // A snapshot has taken their place.
            }
            entries.forEach(trigger::reread);
        }
    }

    private void applyFromDisk(long toIndex) throws IOException {
        while (runIndex < toIndex) {
            List<Entry> entries = ports.storage().read(runIndex + 1, toIndex, READ_BYTES);
            if (entries.isEmpty()) {
                // A snapshot that a leader has sent lets the log go before what had been committed before it is read.
                Optional<SnapshotMeta> newest = ports.snapshots().newest();
                Invariants.require(
                        newest.isPresent() && newest.get().index() > runIndex,
                        "committed entry " + (runIndex + 1) + " is neither in the log nor in a snapshot");
                restore(newest.get());
            }
            for (Entry entry : entries) {
                applyEntry(entry);
            }
        }
    }

    private void applyEntry(Entry entry) {
        if (entry.index() <= runIndex) {
            return; // A snapshot has brought more than what was handed over with this entry.
        }
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
        trigger.applied(entry);
        dropOvertaken();
        if (++runEntries >= RUN_ENTRIES) {
            endRun();
        }
    }

    private void restore(SnapshotMeta snapshot) throws IOException {
        if (snapshot.index() <= runIndex) {
            trigger.restored(snapshot);
            return;
        }
        endRun();
        try {
            takeOver(snapshot);
        } catch (IOException e) {
            restoreNewer(snapshot, e);
            return;
        }
        restored(snapshot);
    }

    private void takeOver(SnapshotMeta snapshot) throws IOException {
        if (snapshot.inFiles()) {
            try (SnapshotStore.HeldFiles state = ports.snapshots().openFiles(snapshot)) {
                stateMachine.restoreFiles(snapshot.index(), snapshot.term(), state.files());
            }
        } else {
            try (InputStream state = ports.snapshots().open(snapshot)) {
                stateMachine.restore(snapshot.index(), snapshot.term(), state);
            }
        }
    }

    /** While this snapshot waited to be restored, a leader may have sent a newer one, and the store keeps only so many. */
    private void restoreNewer(SnapshotMeta gone, IOException why) throws IOException {
        SnapshotMeta newest = ports.snapshots().newest().orElse(gone);
        if (newest.index() <= gone.index()) {
            throw why;
        }
        restore(newest);
    }

    private void restored(SnapshotMeta snapshot) {
        runIndex = snapshot.index();
        appliedIndex = runIndex;
        trigger.restored(snapshot);
        dropOvertaken();
    }

    /** Another leader's entry, or a snapshot, has taken the place that a proposal was given: its result will not be known here. */
    private void dropOvertaken() {
        for (Request.Propose<R> next = waiting.peek(); next != null && next.index <= runIndex; next = waiting.peek()) {
            waiting.remove();
            next.fail(new OutcomeUnknownException("another command or a snapshot took the place at index " + next.index
                    + ", where this command was put in term " + next.entryTerm));
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
            answer(next);
        }
        trigger.betweenRuns(appliedIndex);
    }

    private void answer(Request.Read<?> read) {
        if (!read.answer(ports.clock())) {
            read.beginAnew();
            if (!inbox.offer(read)) {
                read.fail(Refusals.overloaded());
            }
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
        trigger.endAll(forReads);
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
