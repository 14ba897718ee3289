package io.jangada.testkit.disk;

import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * Decides which operations of a {@link SimDisk} fail, by throwing.
 *
 * <p>A failed write leaves its first half behind. What a failed force leaves is for {@link FailedForce} to say. Everything else that fails has no effect.
 */
@FunctionalInterface
public interface Faults {

    /** Nothing fails. */
    Faults NONE = (operation, number, file) -> {};

    /**
     * Called before each operation.
     *
     * @param number counts the operations of the disk, from 1
     */
    void before(DiskOperation operation, long number, String file) throws IOException;

    /**
     * Called when a file is closed, which it is even if this throws.
     *
     * @param number counts the files that were closed, from 1
     */
    default void closing(long number, String file) throws IOException {}

    /** Operations with these numbers fail. */
    static Faults at(LongPredicate numbers) {
        return (operation, number, file) -> {
            if (numbers.test(number)) {
                throw new IOException("simulated failure of operation " + number + ", " + operation + " of " + file);
            }
        };
    }

    /** From this operation on the disk is full: what needs space fails, until other faults are set. */
    static Faults fullFrom(long first) {
        return (operation, number, file) -> {
            if (number >= first && operation.needsSpace()) {
                throw new IOException("simulated failure of operation " + number + ", " + operation + " of " + file
                        + ": no space left on device");
            }
        };
    }

    /** Files cannot be closed without an error, from this one on. */
    static Faults closingFrom(long first) {
        return new Faults() {
            @Override
            public void before(DiskOperation operation, long number, String file) {
                // Only closing fails.
            }

            @Override
            public void closing(long number, String file) throws IOException {
                if (number >= first) {
                    throw new IOException("simulated failure to close " + file);
                }
            }
        };
    }
}
