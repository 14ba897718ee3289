package io.jangada.node;

import io.jangada.api.NodeStatus;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.api.spi.Storage;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must not hold up the loop: reading old entries and pieces of snapshots for followers that are behind, storing pieces that arrive, and telling listeners. */
final class Background implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final byte[] NOTHING = new byte[0];

    private final Storage storage;
    private final SnapshotStore snapshots;
    private final Inbox<?> inbox;
    private final Queue<Runnable> queue = new MpscUnboundedArrayQueue<>(64);
    private final List<Consumer<NodeStatus>> listeners = new ArrayList<>();
    private volatile Runnable signal = () -> {};

    Background(Storage storage, SnapshotStore snapshots, Inbox<?> inbox) {
        this.storage = storage;
        this.snapshots = snapshots;
        this.inbox = inbox;
    }

    /** At most one request for each follower is under way, so this queue stays short. */
    void load(Effects.Load request) {
        submit(() -> {
            try {
                inbox.happened(new Event.Loaded(
                        request, storage.read(request.fromIndex(), request.toIndex(), request.maxBytes())));
            } catch (IOException | RuntimeException | Error e) {
                inbox.failed("the log could not be read from entry " + request.fromIndex(), e);
            }
        });
    }

    /** At most one request for each asker is under way. What cannot be read here, another member may have: the node itself does not need it now. */
    void readForRepair(Effects.RepairRead read) {
        submit(() -> {
            List<Entry> entries = List.of();
            try {
                entries = storage.read(read.request().fromIndex(), read.toIndex(), read.maxBytes());
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "entry {} cannot be read for node {}, whose log lacks it",
                        read.request().fromIndex(),
                        read.request().from(),
                        e);
            }
            inbox.happened(new Event.ReadForRepair(read, entries));
        });
    }

    /** At most one piece for each follower is under way. A snapshot that cannot be read is one that is not there: the node itself does not need it. */
    void readChunk(Effects.ReadChunk request) {
        submit(() -> {
            byte[] chunk = NOTHING;
            try {
                chunk = snapshots.read(request.snapshot(), request.offset(), request.maxBytes());
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "the snapshot at index {} cannot be read for node {} from offset {}",
                        request.snapshot().index(),
                        request.peer(),
                        request.offset(),
                        e);
            }
            inbox.happened(new Event.ChunkRead(request, chunk));
        });
    }

    /** Pieces are stored in the order in which they came. The leader sends one at a time. */
    void stageChunk(SnapshotRequest piece) {
        submit(() -> {
            SnapshotStore.Staged staged;
            try {
                staged = snapshots.stage(piece);
            } catch (IOException | RuntimeException e) {
                LOG.warn("a piece of a snapshot from node {} could not be stored: {}", piece.from(), piece, e);
                staged = new SnapshotStore.Staged(SnapshotOutcome.REJECTED, 0);
            }
            inbox.happened(new Event.ChunkStaged(piece, staged.outcome(), staged.nextOffset()));
        });
    }

    void addListener(Consumer<NodeStatus> listener, NodeStatus present) {
        submit(() -> {
            listeners.add(listener);
            tell(listener, present);
        });
    }

    void statusChanged(NodeStatus status) {
        submit(() -> listeners.forEach(listener -> tell(listener, status)));
    }

    private static void tell(Consumer<NodeStatus> listener, NodeStatus status) {
        try {
            listener.accept(status);
        } catch (RuntimeException | Error e) {
            LOG.warn("a status listener failed on {}; it will be called again at the next change", status, e);
        }
    }

    private void submit(Runnable task) {
        queue.add(task);
        signal.run();
    }

    @Override
    public long runOnce(long nowNanos) {
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            task.run();
        }
        return Long.MAX_VALUE;
    }

    @Override
    public String roleName() {
        return "background";
    }

    @Override
    public void onWork(Runnable callback) {
        signal = callback;
    }
}
