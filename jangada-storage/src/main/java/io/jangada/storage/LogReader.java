package io.jangada.storage;

import io.jangada.api.spi.EntryCodec;
import io.jangada.core.model.Entry;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries back, beside the writer, checking each record once more.
 *
 * <p>Any number of threads. A reader opens files of its own, so that neither an interrupt of a reader nor the writer's moving on to another
 * segment disturbs the other; the file last read from stays open for whoever reads next.
 */
final class LogReader implements Closeable {
    private static final int MIN_WINDOW_BYTES = 8 << 10;
    private static final int MAX_WINDOW_BYTES = 256 << 10;
    private static final int CHUNK_ENTRIES = 1 << 10;

    /** A segment open for reading, and the memory to read it through; belongs to one thread at a time. */
    private record OpenSegment(long number, DiskFile file, ByteBuffer window) {}

    private final Disk disk;
    private final FolderIdentity folder;
    private final LogIndex index;
    /** The last number of a segment in an old format. */
    private final long oldSegments;

    private final AtomicReference<@Nullable OpenSegment> idle = new AtomicReference<>();

    LogReader(Disk disk, FolderIdentity folder, LogIndex index, long oldSegments) {
        this.disk = disk;
        this.folder = folder;
        this.index = index;
        this.oldSegments = oldSegments;
    }

    /** What one call has collected, and how much it may still take. */
    private static final class Collected {
        private final List<Entry> entries = new ArrayList<>();
        private final long toIndex;
        private long room;
        private long next;

        Collected(long fromIndex, long toIndex, int maxBytes) {
            this.next = fromIndex;
            this.toIndex = toIndex;
            this.room = maxBytes;
        }

        boolean wants(int weight) {
            return next <= toIndex && (entries.isEmpty() || weight <= room);
        }

        void add(Entry entry) {
            entries.add(entry);
            room -= entry.weight();
            next++;
        }
    }

    /** As {@link io.jangada.api.spi.Storage#read}. All entries returned were in the log at one moment, together. */
    List<Entry> read(long fromIndex, long toIndex, int maxBytes) throws IOException {
        Collected collected = new Collected(fromIndex, toIndex, maxBytes);
        long generation = -1;
        boolean more = fromIndex <= toIndex;
        while (more) {
            LogIndex.Place place = index.find(collected.next, CHUNK_ENTRIES);
            boolean cutMeanwhile = generation >= 0 && generation != place.generation();
            if (cutMeanwhile) {
                break; // what was collected belongs together; what follows may belong to another history
            }
            generation = place.generation();
            long before = collected.next;
            boolean full =
                    place.segment() == 0 ? take(place.entries(), collected) : takeUnlessDeleted(place, collected);
            more = !full && collected.next > before && collected.next <= toIndex;
        }
        return collected.entries;
    }

    /** True if the collection has no room for all of them. */
    private static boolean take(List<Entry> entries, Collected into) {
        for (Entry entry : entries) {
            if (!into.wants(entry.weight())) {
                return true;
            }
            into.add(entry);
        }
        return false;
    }

    /** The log may be compacted at any moment, and the file deleted before it was opened. */
    private boolean takeUnlessDeleted(LogIndex.Place place, Collected into) throws IOException {
        try {
            return takeFromFile(place, into);
        } catch (IOException e) {
            if (index.hasLost(into.next, place)) {
                return true;
            }
            throw e;
        }
    }

    private boolean takeFromFile(LogIndex.Place place, Collected into) throws IOException {
        OpenSegment segment = borrow(place.segment());
        try {
            boolean full = scan(segment, place, into);
            giveBack(segment);
            return full;
        } catch (IOException | RuntimeException e) {
            segment.file().close();
            throw e;
        }
    }

    /** Lets go of a file that has been deleted, and with it of its space on the disk. */
    void forgetBefore(long firstSegment) throws IOException {
        OpenSegment segment = idle.get();
        if (segment != null && segment.number() < firstSegment && idle.compareAndSet(segment, null)) {
            segment.file().close();
        }
    }

    private boolean scan(OpenSegment segment, LogIndex.Place place, Collected into) throws IOException {
        long room = Math.min(MAX_WINDOW_BYTES, MIN_WINDOW_BYTES + Math.max(0, into.room));
        SegmentScanner scanner = new SegmentScanner(
                        disk,
                        segment.file(),
                        folder.segmentId(segment.number()),
                        segment.number() <= oldSegments ? RecordFormat.OLD : RecordFormat.CURRENT,
                        segment.file().size(),
                        segment.window().duplicate())
                .from(place.position())
                .patiently(); // what is read ahead may be unreadable, and not wanted
        scanner.readAtMost((int) room);
        while (into.next <= place.lastIndex()) {
            ScannedRecord record = scanner.next();
            if (record == null) {
                throw new CorruptLogException(
                        disk.location(),
                        FileNames.segment(segment.number()),
                        scanner.position(),
                        scanner.defect() + "; entry " + into.next + " should be here");
            }
            if (takeFromRecord(record, place.lastIndex(), into)) {
                return true;
            }
        }
        return false;
    }

    private static boolean takeFromRecord(ScannedRecord record, long lastIndex, Collected into) throws IOException {
        ByteBuffer body = record.body();
        RecordHeader header = record.header();
        int at = RecordBody.prefixLength(header.flags());
        for (long entry = header.firstIndex();
                entry < header.firstIndex() + header.count() && entry <= lastIndex;
                entry++) {
            int size = EntryCodec.sizeAt(body, at);
            if (entry == into.next) {
                if (!into.wants(Entry.weightOf(size - EntryCodec.HEADER_BYTES))) {
                    return true;
                }
                into.add(EntryCodec.decode(body.position(at)));
            }
            at += size;
        }
        return false;
    }

    private OpenSegment borrow(long number) throws IOException {
        OpenSegment segment = idle.getAndSet(null);
        if (segment != null && segment.number() == number) {
            return segment;
        }
        ByteBuffer window = segment != null ? segment.window() : disk.allocate(MAX_WINDOW_BYTES);
        if (segment != null) {
            segment.file().close();
        }
        return new OpenSegment(number, disk.open(FileNames.segment(number)), window);
    }

    private void giveBack(OpenSegment segment) throws IOException {
        if (!idle.compareAndSet(null, segment)) {
            segment.file().close();
        }
    }

    @Override
    public void close() throws IOException {
        OpenSegment segment = idle.getAndSet(null);
        if (segment != null) {
            segment.file().close();
        }
    }
}
