package io.jangada.node;

import io.jangada.api.NodeStatus;
import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.step.Effects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must not hold up the loop: reading old entries for followers that are behind, and telling listeners. */
final class Background implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final Storage storage;
    private final Inbox<?> inbox;
    private final Queue<Runnable> queue = new MpscUnboundedArrayQueue<>(64);
    private final List<Consumer<NodeStatus>> listeners = new ArrayList<>();
    private Runnable signal = () -> {};

    Background(Storage storage, Inbox<?> inbox) {
        this.storage = storage;
        this.inbox = inbox;
    }

    /** At most one request for each follower is under way, so this queue stays short. */
    void load(Effects.Load request) {
        submit(() -> {
            try {
                List<Entry> entries = storage.read(request.fromIndex(), request.toIndex(), request.maxBytes());
                inbox.loaded(request, entries);
            } catch (IOException | RuntimeException | Error e) {
                inbox.failed("the log could not be read from entry " + request.fromIndex(), e);
            }
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
