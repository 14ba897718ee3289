package io.jangada.testkit.lab;

/** Where a {@link LabRaft} puts what is committed, in order. */
public interface ApplyChannel extends AutoCloseable {

    /** Hands a message over; may wait until somebody takes it. After {@link #close} it does nothing and returns at once. */
    void put(ApplyMsg message);

    /** Nothing will be put any more: whoever puts or takes is let go. */
    @Override
    void close();
}
