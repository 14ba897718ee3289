package io.jangada.testkit.lab;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Holds news of commits back for a moment: often a message that says the same follows, and the labs count calls. Any thread.
 *
 * <p>A connection would carry both in one packet; a call is a packet of its own.
 */
final class HeldNotices {
    /** Shorter than any pause in which a lab looks whether something is committed. */
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LabTime time;
    private final Consumer<CommitNotice> sender;
    private final Map<NodeId, CommitNotice> held = new HashMap<>();

    HeldNotices(LabTime time, Consumer<CommitNotice> sender) {
        this.time = time;
        this.sender = sender;
    }

    /** Takes news on its way; only the newest for each server is kept. */
    void hold(CommitNotice notice) {
        CommitNotice before;
        synchronized (held) {
            before = held.put(notice.to(), notice);
        }
        if (before == null) {
            time.after(HOLD_NANOS, () -> release(notice.to()));
        }
    }

    private void release(NodeId peer) {
        CommitNotice due;
        synchronized (held) {
            due = held.remove(peer);
        }
        if (due != null) {
            sender.accept(due);
        }
    }

    /** Another message goes to a server: what it says too need not be said again. */
    void sent(Message message) {
        long commit = commitIn(message);
        synchronized (held) {
            CommitNotice waiting = held.get(message.to());
            if (waiting != null && (commit >= waiting.commitIndex() || message.term() > waiting.term())) {
                held.remove(message.to());
            }
        }
    }

    private static long commitIn(Message message) {
        if (message instanceof AppendRequest append) {
            return append.leaderCommit();
        }
        return message instanceof HeartbeatRequest heartbeat ? heartbeat.commitIndex() : -1;
    }
}
