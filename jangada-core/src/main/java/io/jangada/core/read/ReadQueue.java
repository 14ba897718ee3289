package io.jangada.core.read;

import io.jangada.core.model.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Linearizable reads that wait for a proof of leadership (§8, thesis §6.4).
 *
 * <p>A read may use the commit index of the moment at which a round of heartbeats <em>begins</em> after the read has arrived, once a
 * majority has answered that round. One round serves all reads that wait when it begins; at most one round is under way for reads.
 * Position in this queue decides, not ids, so a repeated request cannot be confused with an earlier one (trap 37).
 */
public final class ReadQueue {

    /** A read, and the node that asked; the leader itself for its own clients. */
    public record Waiting(NodeId node, long requestId) {}

    /** A read that may be answered by whoever has applied up to {@code readIndex}. */
    public record Confirmed(Waiting read, long readIndex) {}

    private record Batch(long round, long readIndex, List<Waiting> reads) {}

    private final Deque<Batch> underWay = new ArrayDeque<>();
    private final int maxPending;
    private List<Waiting> arrived = new ArrayList<>();
    private int pending;

    public ReadQueue(int maxPending) {
        this.maxPending = maxPending;
    }

    /** Adds a read; false if there is no room. */
    public boolean add(Waiting read) {
        if (pending >= maxPending) {
            return false;
        }
        arrived.add(read);
        pending++;
        return true;
    }

    /** Whether no read waits. */
    public boolean isEmpty() {
        return pending == 0;
    }

    /** Whether reads wait for a round to begin and none is under way that they would only double. */
    public boolean wantsRound() {
        return !arrived.isEmpty() && underWay.isEmpty();
    }

    /** A round begins: all reads that have arrived will be answered by it, at this index. */
    public void roundBegins(long round, long commitIndex) {
        if (!arrived.isEmpty()) {
            underWay.add(new Batch(round, commitIndex, arrived));
            arrived = new ArrayList<>();
        }
    }

    /** A majority has answered all rounds up to this one: takes out the reads that this confirms. */
    public List<Confirmed> confirmed(long round) {
        List<Confirmed> result = new ArrayList<>();
        for (Batch batch = underWay.peek(); batch != null && batch.round <= round; batch = underWay.peek()) {
            for (Waiting read : batch.reads) {
                result.add(new Confirmed(read, batch.readIndex));
            }
            underWay.remove();
        }
        pending -= result.size();
        return result;
    }

    /** Takes out everything: leadership is over. */
    public List<Waiting> abandon() {
        List<Waiting> result = new ArrayList<>();
        underWay.forEach(batch -> result.addAll(batch.reads));
        result.addAll(arrived);
        underWay.clear();
        arrived = new ArrayList<>();
        pending = 0;
        return result;
    }
}
