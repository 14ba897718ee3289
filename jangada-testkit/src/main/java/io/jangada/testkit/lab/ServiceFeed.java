package io.jangada.testkit.lab;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The state machine of a node in a lab: puts what is committed into the apply channel, and keeps what a snapshot needs.
 *
 * <p>The node's thread that applies calls everything but {@link #snapshotUpTo}, and may wait in the channel, holding no lock.
 */
final class ServiceFeed implements StateMachine<Long> {
    private final ApplyChannel channel;
    private final CommandNumbers numbers;
    private final Object lock = new Object();
    private final Deque<ServiceSnapshot.Command> tail = new ArrayDeque<>();
    private ServiceSnapshot base = ServiceSnapshot.NONE;
    /** The number of the last command that the service has got, in whatever way. */
    private long delivered;

    /** {@code restored} is the command up to which the service has restored itself from what the persister holds. */
    ServiceFeed(ApplyChannel channel, CommandNumbers numbers, long restored) {
        this.channel = channel;
        this.numbers = numbers;
        this.delivered = restored;
    }

    /** The service has a snapshot that covers the commands up to this one. False if that is nothing new. Any thread. */
    boolean snapshotUpTo(long index, byte[] bytes) {
        synchronized (lock) {
            long last = base.index() + tail.size();
            if (index > last) {
                throw new IllegalArgumentException(
                        "a snapshot up to command " + index + ", but only " + last + " have been delivered");
            }
            if (index <= base.index()) {
                return false;
            }
            long term = base.term();
            for (long i = base.index(); i < index; i++) {
                term = tail.remove().term();
            }
            base = new ServiceSnapshot(index, term, bytes.clone(), List.of());
            return true;
        }
    }

    @Override
    public Long apply(long index, long term, byte[] command) {
        long number;
        synchronized (lock) {
            tail.add(new ServiceSnapshot.Command(term, command));
            number = base.index() + tail.size();
        }
        numbers.anchor(index, number);
        deliver(number, command);
        return number;
    }

    private void deliver(long number, byte[] command) {
        if (number > delivered) {
            delivered = number;
            channel.put(ApplyMsg.ofCommand(number, command.clone()));
        }
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        ServiceSnapshot present;
        synchronized (lock) {
            present = new ServiceSnapshot(base.index(), base.term(), base.bytes(), List.copyOf(tail));
        }
        return Optional.of(new StateSnapshot() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                present.writeTo(out);
            }

            @Override
            public void close() {
                // Nothing was held.
            }
        });
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        ServiceSnapshot snapshot = ServiceSnapshot.readFrom(state);
        List<ServiceSnapshot.Command> after = new ArrayList<>(snapshot.tail());
        synchronized (lock) {
            base = new ServiceSnapshot(snapshot.index(), snapshot.term(), snapshot.bytes(), List.of());
            tail.clear();
            tail.addAll(after);
        }
        numbers.anchor(index, snapshot.commands());
        if (snapshot.index() > delivered) {
            delivered = snapshot.index();
            channel.put(ApplyMsg.ofSnapshot(
                    snapshot.index(), snapshot.term(), snapshot.bytes().clone()));
        }
        long number = snapshot.index();
        for (ServiceSnapshot.Command command : after) {
            deliver(++number, command.bytes());
        }
    }
}
