package io.jangada.node;

import io.jangada.api.StorageSpace;
import io.jangada.api.spi.Storage;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.Queue;
import org.jctools.queues.SpscUnboundedArrayQueue;

/**
 * The only writer of the log: takes everything that has queued up while the last synchronisation ran, writes it, and makes it durable with
 * one (group commit).
 *
 * <p>Looks now and then how much room there is: often while it writes, once a second while it does not.
 *
 * <p>A failed write or synchronisation is final: it is reported, never repeated, and nothing is written any more (trap 40).
 */
final class Journal implements Worker {
    private static final long LOOK_BUSY_NANOS = 100_000_000;
    private static final long LOOK_IDLE_NANOS = 1_000_000_000;

    private final Storage storage;
    private final Inbox<?> inbox;
    private final Queue<WriteBatch> queue = new SpscUnboundedArrayQueue<>(1024);
    private volatile Runnable signal = () -> {};
    private boolean failed;
    private StorageSpace space = StorageSpace.UNLIMITED;
    private boolean hasLooked;
    private long lookedAtNanos;

    Journal(Storage storage, Inbox<?> inbox) {
        this.storage = storage;
        this.inbox = inbox;
    }

    /** Called by the loop. What waits here is bounded by what the core may have uncommitted. */
    void submit(WriteBatch batch) {
        queue.add(batch);
        signal.run();
    }

    @Override
    public long runOnce(long nowNanos) {
        if (failed) {
            queue.clear();
            return Long.MAX_VALUE;
        }
        try {
            long last = 0;
            for (WriteBatch batch = queue.poll(); batch != null; batch = queue.poll()) {
                storage.write(batch);
                last = batch.sequence();
            }
            if (last > 0) {
                storage.sync();
                inbox.persisted(last);
            }
            return lookForRoom(nowNanos);
        } catch (IOException | RuntimeException | Error e) {
            failed = true;
            inbox.failed(
                    "the log could not be written; nothing is acknowledged any more. Check the disk, then restart the node",
                    e);
            return Long.MAX_VALUE;
        }
    }

    /** Returns when to look again. A storage without limits is asked once. */
    private long lookForRoom(long nowNanos) {
        if (!hasLooked || (!space.isUnlimited() && nowNanos - lookedAtNanos >= LOOK_BUSY_NANOS)) {
            StorageSpace before = space;
            space = storage.space();
            hasLooked = true;
            lookedAtNanos = nowNanos;
            if (!space.equals(before)) {
                inbox.space(space);
            }
        }
        return space.isUnlimited() ? Long.MAX_VALUE : lookedAtNanos + LOOK_IDLE_NANOS;
    }

    @Override
    public String roleName() {
        return "journal";
    }

    @Override
    public void onWork(Runnable callback) {
        signal = callback;
    }
}
