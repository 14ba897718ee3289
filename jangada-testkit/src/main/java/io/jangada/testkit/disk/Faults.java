package io.jangada.testkit.disk;

import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * Decides which operations of a {@link SimDisk} fail, by throwing.
 *
 * <p>A failed write leaves its first half behind. A failed force leaves its bytes readable, but never to be written by a later force, as
 * page caches do. Everything else that fails has no effect.
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

    /** Operations with these numbers fail. */
    static Faults at(LongPredicate numbers) {
        return (operation, number, file) -> {
            if (numbers.test(number)) {
                throw new IOException("simulated failure of operation " + number + ", " + operation + " of " + file);
            }
        };
    }
}
