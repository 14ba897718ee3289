package io.jangada.core.step;

import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything one step wants done, in the order in which it must be done.
 *
 * <ol>
 *   <li>{@link #write()}: hand to the disk, in order of sequence; report {@link Event.Persisted} when it is durable.
 *   <li>{@link #messages()}: send now; they may overtake the write (a leader's own disk runs in parallel).
 *   <li>{@link #promises()}: send each one only when the write it names is durable. Never before.
 *   <li>{@link #applyTo()}: apply every entry up to here, in order. All of them are committed, and durable on this node.
 *   <li>{@link #loads()}: read entries from the log, report {@link Event.Loaded}.
 *   <li>{@link #appended()}, {@link #readReady()}, {@link #refused()}: tell clients.
 * </ol>
 *
 * Collected by one thread, emptied with {@link #clear()} and used again.
 */
public final class Effects {

    /** A message that promises something, and the write that must be durable before it may leave. */
    public record Promise(Message message, long afterSequence) {}

    /** Entries wanted from the disk for a follower: from {@code fromIndex} to {@code toIndex}, both inclusive, as many as fit into {@code maxBytes}, at least one. */
    public record Load(NodeId peer, long term, long fromIndex, long toIndex, int maxBytes) {}

    /** A proposal has a position; it is not committed yet. It succeeds iff the entry applied at this index has this term. */
    public record Appended(long requestId, long index, long term) {}

    /** A read may be answered by any state machine that has applied up to this index. */
    public record ReadReady(long requestId, long index) {}

    /** A request was not taken; nothing has happened. {@code leader} is a hint, maybe {@link NodeId#NONE}. */
    public record Refused(long requestId, Refusal reason, NodeId leader) {}

    private final List<Message> messages = new ArrayList<>();
    private final List<Promise> promises = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();
    private final List<Appended> appended = new ArrayList<>();
    private final List<ReadReady> readReady = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private @Nullable WriteBatch write;
    private long applyTo;

    public void write(WriteBatch batch) {
        if (write != null) {
            throw new IllegalStateException("two writes in one step: " + write + " and " + batch);
        }
        write = batch;
    }

    public void send(Message message) {
        messages.add(message);
    }

    public void promise(Message message, long afterSequence) {
        promises.add(new Promise(message, afterSequence));
    }

    public void applyTo(long index) {
        applyTo = Math.max(applyTo, index);
    }

    public void load(Load load) {
        loads.add(load);
    }

    public void appended(long requestId, long index, long term) {
        appended.add(new Appended(requestId, index, term));
    }

    public void readReady(long requestId, long index) {
        readReady.add(new ReadReady(requestId, index));
    }

    public void refuse(long requestId, Refusal reason, NodeId leader) {
        refused.add(new Refused(requestId, reason, leader));
    }

    public @Nullable WriteBatch write() {
        return write;
    }

    public List<Message> messages() {
        return messages;
    }

    public List<Promise> promises() {
        return promises;
    }

    /** The highest index to apply, 0 if this step commits nothing. */
    public long applyTo() {
        return applyTo;
    }

    public List<Load> loads() {
        return loads;
    }

    public List<Appended> appended() {
        return appended;
    }

    public List<ReadReady> readReady() {
        return readReady;
    }

    public List<Refused> refused() {
        return refused;
    }

    public void clear() {
        messages.clear();
        promises.clear();
        loads.clear();
        appended.clear();
        readReady.clear();
        refused.clear();
        write = null;
        applyTo = 0;
    }
}
