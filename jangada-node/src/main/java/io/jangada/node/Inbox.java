package io.jangada.node;

import io.jangada.api.StorageSpace;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Event;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final int MAX_OPERATIONS = 256;

    /** A report of one of the node's own workers. */
    sealed interface Report {}

    record Persisted(long sequence) implements Report {}

    /** Something the core is to be told as it is. */
    record Happened(Event event) implements Report {}

    /** The room on the disk, as it is now. */
    record Space(StorageSpace space) implements Report {}

    record Failed(String what, Throwable cause) implements Report {}

    private final Queue<Request.Propose<R>> proposals;
    private final Queue<Request.Read<?>> reads;
    private final Queue<Operation> operations = new MpscArrayQueue<>(MAX_OPERATIONS);
    private final Queue<Message> messages;
    private final Queue<Report> reports = new MpscUnboundedArrayQueue<>(256);
    private final AtomicBoolean abortTransfer = new AtomicBoolean();
    private final LongAdder dropped = new LongAdder();
    private volatile Runnable signal = () -> {};

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

    /** False if there is no room. */
    boolean offer(Operation operation) {
        return offer(operations, operation);
    }

    /** Two wishes to abort are one. */
    void abortTransfer() {
        abortTransfer.set(true);
        signal.run();
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

    void space(StorageSpace space) {
        report(new Space(space));
    }

    void happened(Event event) {
        report(new Happened(event));
    }

    void failed(String what, Throwable cause) {
        report(new Failed(what, cause));
    }

    void connected(NodeId peer, long incarnation) {
        happened(new Event.PeerConnected(peer, incarnation));
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
    Operation pollOperation() {
        return operations.poll();
    }

    boolean pollAbortTransfer() {
        return abortTransfer.get() && abortTransfer.getAndSet(false);
    }

    @Nullable
    Message pollMessage() {
        return messages.poll();
    }

    boolean isEmpty() {
        return messages.isEmpty()
                && reports.isEmpty()
                && proposals.isEmpty()
                && reads.isEmpty()
                && operations.isEmpty()
                && !abortTransfer.get();
    }

    /** Messages lost for want of room. */
    long dropped() {
        return dropped.sum();
    }
}
