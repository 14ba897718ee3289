package io.jangada.node;

import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.SnapshotFailedException;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Event;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes out one state at a time while everything else goes on. What fails here leaves the log whole, so the node goes on too. */
final class SnapshotWriter implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

    /** A state that is held still, and who asked for it. */
    record Job(
            long index,
            long term,
            MembershipAt membership,
            StateSnapshot state,
            List<CompletableFuture<SnapshotMeta>> asked) {}

    private final SnapshotStore store;
    private final Inbox<?> inbox;
    private final AtomicReference<@Nullable Job> job = new AtomicReference<>();
    private volatile boolean abandoned;
    private volatile Runnable signal = () -> {};
    private volatile Runnable finished = () -> {};

    SnapshotWriter(SnapshotStore store, Inbox<?> inbox) {
        this.store = store;
        this.inbox = inbox;
    }

    /** Has the callback called, on this worker's thread, whenever a next job may come. */
    void onFinished(Runnable callback) {
        finished = callback;
    }

    boolean isBusy() {
        return job.get() != null;
    }

    /** Called by the thread that applies, when nothing is being written. */
    void write(Job next) {
        job.set(next);
        signal.run();
    }

    /** Whatever is being written ends with its next byte: the node is being closed. Any thread. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public long runOnce(long nowNanos) {
        Job present = job.get();
        if (present != null) {
            try {
                SnapshotMeta taken;
                try (StateSnapshot state = new Abandonable(present.state())) {
                    taken = store.take(present.index(), present.term(), present.membership(), state);
                }
                LOG.info("snapshot at index {} taken, {} bytes", taken.index(), taken.sizeBytes());
                inbox.happened(new Event.SnapshotTaken(taken));
                present.asked().forEach(future -> future.complete(taken));
            } catch (IOException | RuntimeException | Error e) {
                // Nothing is lost: the log still holds what the snapshot was to replace.
                LOG.warn(
                        "no snapshot was taken at index {}; the log keeps its entries until one succeeds",
                        present.index(),
                        e);
                fail(present, new SnapshotFailedException("the snapshot could not be written: " + e.getMessage(), e));
            }
            job.set(null);
            finished.run();
        }
        return Long.MAX_VALUE;
    }

    private static void fail(Job job, RaftException why) {
        job.asked().forEach(future -> future.completeExceptionally(why));
    }

    /** Lets go of a state that will not be written any more. The worker's thread has ended. */
    void endAll(Supplier<RaftException> why) {
        Job left = job.getAndSet(null);
        if (left != null) {
            fail(left, why.get());
            try {
                left.state().close();
            } catch (RuntimeException e) {
                LOG.warn("the state machine could not let go of a snapshot that was not written", e);
            }
        }
    }

    @Override
    public String roleName() {
        return "snapshot";
    }

    @Override
    public void onWork(Runnable callback) {
        signal = callback;
    }

    /** Ends the writing of a large state when the node is closed, which waits for this thread. */
    private final class Abandonable implements StateSnapshot {
        private final StateSnapshot state;

        Abandonable(StateSnapshot state) {
            this.state = state;
        }

        @Override
        public List<StateFile> files() throws IOException {
            goOn();
            return state.files().stream()
                    .map(file -> (StateFile) new AbandonableFile(file))
                    .toList();
        }

        private void goOn() throws IOException {
            if (abandoned) {
                throw new IOException("the node is being closed");
            }
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            state.writeTo(new FilterOutputStream(out) {
                @Override
                public void write(int value) throws IOException {
                    goOn();
                    out.write(value);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    goOn();
                    out.write(bytes, from, length);
                }
            });
        }

        @Override
        public void close() {
            state.close();
        }

        /** A file of it: no other is begun when the node is closed. */
        private final class AbandonableFile implements StateFile {
            private final StateFile file;

            AbandonableFile(StateFile file) {
                this.file = file;
            }

            @Override
            public String name() {
                return file.name();
            }

            @Override
            public long sizeBytes() throws IOException {
                goOn();
                return file.sizeBytes();
            }

            @Override
            public InputStream open() throws IOException {
                goOn();
                return file.open();
            }

            @Override
            public Optional<Path> path() {
                return file.path();
            }
        }
    }
}
