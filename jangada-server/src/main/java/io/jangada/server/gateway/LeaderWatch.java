package io.jangada.server.gateway;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Wakes those who wait for the node's status to change, for instance for a leader to be elected.
 *
 * <p>To miss no change, take {@link #generation} before trying and hand it to {@link #onChangeSince} after failing. Any thread.
 */
public final class LeaderWatch {
    private final RaftNode<?> node;
    private final AtomicLong generation = new AtomicLong();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    public LeaderWatch(RaftNode<?> node) {
        this.node = node;
        node.onStatusChange(this::changed);
    }

    /** Rises with every change. */
    public long generation() {
        return generation.get();
    }

    /** Whether this node knows a leader now. */
    public boolean leaderKnown() {
        NodeStatus status = node.status();
        return status.health() == NodeStatus.Health.RUNNING
                && !status.raft().leader().isNone();
    }

    /** Runs the action once, with the next change, or at once if there has been one since {@code seen}. It must not block. */
    public void onChangeSince(long seen, Runnable action) {
        waiting.add(action);
        if (generation.get() != seen && waiting.remove(action)) {
            action.run();
        }
    }

    /** Forgets an action that nobody waits for any more. */
    public void forget(Runnable action) {
        waiting.remove(action);
    }

    private void changed(NodeStatus status) {
        generation.incrementAndGet();
        for (Runnable action : List.copyOf(waiting)) {
            if (waiting.remove(action)) {
                action.run();
            }
        }
    }
}
