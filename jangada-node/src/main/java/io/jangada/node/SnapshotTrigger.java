package io.jangada.node;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.SnapshotFailedException;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.SnapshotMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the state is held still for a snapshot, by policy or on request, and knows what goes with it: index, term, and the membership committed there.
 *
 * <p>The thread that applies calls everything but {@link #ask}. A wish that comes while a snapshot is being written waits for its end (trap 25).
 */
final class SnapshotTrigger {
    private static final int MAX_ASKED = 1_024;

    private final StateMachine<?> stateMachine;
    private final SnapshotStore store;
    private final SnapshotPolicy policy;
    private final SnapshotWriter writer;
    private final Object lock = new Object();
    private final List<CompletableFuture<SnapshotMeta>> asked = new ArrayList<>();

    private long index;
    private long term;
    private MembershipAt membership;
    /** Where the counting for the policy began. */
    private long countedFrom;

    private long bytes;
    /** Up to where it is known that {@link #membership} is that of the state; before {@link #index} only if the log was damaged. */
    private long knownTo;

    SnapshotTrigger(
            StateMachine<?> stateMachine,
            SnapshotStore store,
            SnapshotPolicy policy,
            SnapshotWriter writer,
            MembershipAt startMembership,
            Recovery recovery) {
        this.stateMachine = stateMachine;
        this.store = store;
        this.policy = policy;
        this.writer = writer;
        this.membership = startMembership;
        this.index = recovery.recovered().applied();
        this.term = recovery.termWhereStarted();
        this.knownTo = recovery.wholeTo();
        SnapshotMeta newest = recovery.recovered().snapshot();
        this.countedFrom = newest == null ? 0 : newest.index();
    }

    SnapshotWriter writer() {
        return writer;
    }

    /** Wants a snapshot. All who want one before it is begun share it. Any thread. */
    CompletableFuture<SnapshotMeta> ask() {
        CompletableFuture<SnapshotMeta> future = new CompletableFuture<>();
        synchronized (lock) {
            if (asked.size() < MAX_ASKED) {
                asked.add(future);
                return future;
            }
        }
        future.completeExceptionally(Refusals.overloaded());
        return future;
    }

    private List<CompletableFuture<SnapshotMeta>> takeAsked() {
        synchronized (lock) {
            List<CompletableFuture<SnapshotMeta>> all = List.copyOf(asked);
            asked.clear();
            return all;
        }
    }

    private boolean isAsked() {
        synchronized (lock) {
            return !asked.isEmpty();
        }
    }

    void applied(Entry entry) {
        if (entry.index() <= index) {
            return; // A state machine that is behind the protocol's start catches up.
        }
        index = entry.index();
        term = entry.term();
        bytes += entry.weight();
        learn(entry);
    }

    /** The last entry that is in the state. */
    long index() {
        return index;
    }

    /** Up to where it is known who the members were. */
    long knownTo() {
        return knownTo;
    }

    /** An entry that the state machine had applied before the log was damaged is there again. */
    void reread(Entry entry) {
        if (entry.index() <= index) {
            learn(entry);
        }
    }

    private void learn(Entry entry) {
        if (entry.type() == EntryType.MEMBERSHIP && entry.index() > knownTo) {
            membership = new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload()));
            knownTo = entry.index();
        } else if (entry.index() == knownTo + 1) {
            knownTo = entry.index();
        }
    }

    /** The state is that of this snapshot now, or of a later entry. */
    void restored(SnapshotMeta snapshot) {
        if (snapshot.index() >= index) {
            index = snapshot.index();
            term = snapshot.term();
            membership = snapshot.membership();
            knownTo = index;
            beginCount();
        } else if (snapshot.index() > knownTo) {
            // The state machine had kept more than this when the log was damaged; it did not know the members.
            membership = snapshot.membership();
            knownTo = snapshot.index();
        }
    }

    private void beginCount() {
        countedFrom = index;
        bytes = 0;
    }

    private boolean isDue() {
        return index > 0 && term > 0 && (index - countedFrom >= policy.everyEntries() || bytes >= policy.everyBytes());
    }

    /** A run has ended: the state is that at {@code appliedIndex}. */
    void betweenRuns(long appliedIndex) {
        if (appliedIndex < index || writer.isBusy() || !(isDue() || isAsked())) {
            return;
        }
        List<CompletableFuture<SnapshotMeta>> waiting = takeAsked();
        Optional<SnapshotMeta> newest = store.newest();
        if (newest.isPresent() && newest.get().index() >= index) {
            beginCount();
            waiting.forEach(future -> future.complete(newest.get()));
        } else if (index == 0 || term == 0) {
            refuse(waiting, "nothing has been applied yet", null);
        } else if (knownTo < index || membership.membership().isNone()) {
            // A snapshot says who the members are, and this node has not come to the entry yet that tells it.
            refuse(waiting, "this node does not know yet who the members of its group are", null);
        } else {
            begin(waiting);
        }
    }

    private void begin(List<CompletableFuture<SnapshotMeta>> waiting) {
        // Counted from the attempt: one that fails is repeated by the policy later, not at once.
        beginCount();
        Optional<StateSnapshot> state;
        try {
            state = stateMachine.snapshot();
        } catch (RuntimeException | Error e) {
            refuse(waiting, "the state machine failed when asked for a snapshot", e);
            throw e;
        }
        if (state.isPresent()) {
            writer.write(new SnapshotWriter.Job(index, term, membership, state.get(), waiting));
        } else {
            refuse(waiting, "the state machine takes no snapshots; implement snapshot() and restore()", null);
        }
    }

    private static void refuse(List<CompletableFuture<SnapshotMeta>> waiting, String why, @Nullable Throwable cause) {
        waiting.forEach(future -> future.completeExceptionally(new SnapshotFailedException(why, cause)));
    }

    /** No snapshot will be taken any more. */
    void endAll(Supplier<RaftException> why) {
        takeAsked().forEach(future -> future.completeExceptionally(why.get()));
    }
}
