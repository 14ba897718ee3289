package io.jangada.testkit.lab;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
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
    private final long restored;
    private final Object lock = new Object();
    /** The service's newest snapshot, and the commands after it. */
    private ServiceSnapshot base = ServiceSnapshot.NONE;

    private final Deque<Entry> tail = new ArrayDeque<>();
    /** The number of the last command that the service has got, in whatever way. */
    private long delivered;

    /** {@code restored} is the command up to which the service has restored itself from what the persister holds. */
    ServiceFeed(ApplyChannel channel, CommandNumbers numbers, long restored) {
        this.channel = channel;
        this.numbers = numbers;
        this.restored = restored;
        this.delivered = restored;
    }

    /** The service has a snapshot that covers the commands up to this one. False if that is nothing new. Any thread. */
    boolean snapshotUpTo(long index, byte[] bytes) {
        synchronized (lock) {
            if (index <= Math.max(restored, base.index())) {
                return false;
            }
            long last = base.index() + tail.size();
            if (index > last) {
                throw new IllegalArgumentException("a snapshot up to command " + index + ", but only "
                        + Math.max(restored, last) + " have been delivered");
            }
            Entry covered = tail.remove();
            while (covered.index() < index) {
                covered = tail.remove();
            }
            base = new ServiceSnapshot(index, covered.term(), bytes.clone(), List.of());
            return true;
        }
    }

    @Override
    public Long apply(long index, long term, byte[] command) {
        Entry numbered;
        synchronized (lock) {
            numbered = new Entry(base.index() + tail.size() + 1, term, EntryType.COMMAND, command);
            tail.add(numbered);
        }
        numbers.anchor(index, numbered.index());
        deliver(numbered);
        return numbered.index();
    }

    private void deliver(Entry command) {
        if (command.index() > delivered) {
            delivered = command.index();
            channel.put(ApplyMsg.ofCommand(command.index(), command.payload()));
        }
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        ServiceSnapshot present;
        synchronized (lock) {
            present = base.withTail(List.copyOf(tail));
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
        synchronized (lock) {
            base = snapshot.withTail(List.of());
            tail.clear();
            tail.addAll(snapshot.tail());
        }
        numbers.anchor(index, snapshot.lastCommand());
        if (snapshot.index() > delivered) {
            delivered = snapshot.index();
            channel.put(ApplyMsg.ofSnapshot(snapshot.index(), snapshot.term(), snapshot.bytes()));
        }
        snapshot.tail().forEach(this::deliver);
    }
}
