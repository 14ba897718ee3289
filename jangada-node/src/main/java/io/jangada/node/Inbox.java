package io.jangada.node;

import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Everything that reaches the loop from other threads.
 *
 * <p>Requests and messages have bounded queues: full means refused or dropped, never growth. What the node's own workers report
 * goes another way that is never full, because each report answers something the loop asked for.
 *
 * @param <R> the result of a command
 */
final class Inbox<R> {

    /** A report of one of the node's own workers. */
    sealed interface Report {}

    record Persisted(long sequence) implements Report {}

    record Loaded(Effects.Load request, List<Entry> entries) implements Report {}

    record Failed(String what, Throwable cause) implements Report {}

    record Connected(NodeId peer) implements Report {}

    private final Queue<Request.Propose<R>> proposals;
    private final Queue<Request.Read<?>> reads;
    private final Queue<Message> messages;
    private final Queue<Report> reports = new MpscUnboundedArrayQueue<>(256);
    private final LongAdder dropped = new LongAdder();
    private Runnable signal = () -> {};

    Inbox(int capacity) {
        proposals = new MpscArrayQueue<>(capacity);
        reads = new MpscArrayQueue<>(capacity);
        messages = new MpscArrayQueue<>(capacity);
    }

    void onWork(Runnable callback) {
        signal = callback;
    }

    /** False if there is no room. */
    boolean offer(Request.Propose<R> proposal) {
        return offer(proposals, proposal);
    }

    /** False if there is no room. */
    boolean offer(Request.Read<?> read) {
        return offer(reads, read);
    }

    /** A message that finds no room is lost, as on a network; the protocol repeats it. */
    void receive(Message message) {
        if (!offer(messages, message)) {
            dropped.increment();
        }
    }

    private <T> boolean offer(Queue<T> queue, T item) {
        if (!queue.offer(item)) {
            return false;
        }
        signal.run();
        return true;
    }

    void persisted(long sequence) {
        report(new Persisted(sequence));
    }

    void loaded(Effects.Load request, List<Entry> entries) {
        report(new Loaded(request, entries));
    }

    void failed(String what, Throwable cause) {
        report(new Failed(what, cause));
    }

    void connected(NodeId peer) {
        report(new Connected(peer));
    }

    private void report(Report report) {
        reports.add(report);
        signal.run();
    }

    @Nullable
    Report pollReport() {
        return reports.poll();
    }

    Request.@Nullable Propose<R> pollProposal() {
        return proposals.poll();
    }

    Request.@Nullable Read<?> pollRead() {
        return reads.poll();
    }

    @Nullable
    Message pollMessage() {
        return messages.poll();
    }

    boolean isEmpty() {
        return messages.isEmpty() && reports.isEmpty() && proposals.isEmpty() && reads.isEmpty();
    }

    /** Messages lost for want of room. */
    long dropped() {
        return dropped.sum();
    }
}
