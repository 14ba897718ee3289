package io.jangada.storage;

import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How a log uses its folder; nothing in here changes what is durable when.
 *
 * @param segmentBytes the size of a segment file, 16 KiB to 1 GiB; a single larger record gets a larger segment of its own
 * @param writeBufferBytes how much of one synchronisation is gathered before it is written, at least 4 KiB; a larger entry
 *     is still written whole
 * @param spareSegments how many segments that the log does not need any more are kept to become later ones, 0 to 64; the others are deleted
 * @param folderIds where the random identity of a new folder comes from
 * @param preparer runs the making of the next segment and the putting away of old ones, about once per segment, off the journal thread; a
 *     simulation passes {@code Runnable::run}
 */
public record LogOptions(
        int segmentBytes, int writeBufferBytes, int spareSegments, LongSupplier folderIds, Executor preparer) {

    /** Segments of 64 MiB, up to 4 MiB gathered per write, two spare segments, the next segment prepared by a thread of its own. */
    public static final LogOptions DEFAULT =
            new LogOptions(64 << 20, 4 << 20, 2, () -> new SecureRandom().nextLong(), LogOptions::startThread);

    private static final int MIN_SEGMENT_BYTES = 16 << 10;
    private static final int MIN_BUFFER_BYTES = 4 << 10;
    private static final int MAX_SPARES = 64;
    private static final int MAX_SEGMENT_BYTES = 1 << 30;
    private static final int MAX_BUFFER_BYTES = 256 << 20;

    public LogOptions {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("segmentBytes is " + segmentBytes + "; it must be from "
                    + MIN_SEGMENT_BYTES + " to " + MAX_SEGMENT_BYTES);
        }
        if (writeBufferBytes < MIN_BUFFER_BYTES || writeBufferBytes > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("writeBufferBytes is " + writeBufferBytes + "; it must be from "
                    + MIN_BUFFER_BYTES + " to " + MAX_BUFFER_BYTES);
        }
        if (spareSegments < 0 || spareSegments > MAX_SPARES) {
            throw new IllegalArgumentException(
                    "spareSegments is " + spareSegments + "; it must be from 0 to " + MAX_SPARES);
        }
    }

    public LogOptions withSegmentBytes(int bytes) {
        return new LogOptions(bytes, writeBufferBytes, spareSegments, folderIds, preparer);
    }

    public LogOptions withWriteBufferBytes(int bytes) {
        return new LogOptions(segmentBytes, bytes, spareSegments, folderIds, preparer);
    }

    public LogOptions withSpareSegments(int count) {
        return new LogOptions(segmentBytes, writeBufferBytes, count, folderIds, preparer);
    }

    /** Options under which the same calls give the same bytes, on the calling thread alone: for simulations. */
    public LogOptions deterministic(long folderId) {
        return new LogOptions(segmentBytes, writeBufferBytes, spareSegments, () -> folderId, Runnable::run);
    }

    /** Once per 64 MiB of log a thread may as well be new; none is left to be stopped. */
    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "jangada-log-prepare");
        thread.setDaemon(true);
        thread.start();
    }
}
