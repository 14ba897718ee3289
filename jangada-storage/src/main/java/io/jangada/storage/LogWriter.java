package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the log: encodes records into memory, hands them to the disk in one write per synchronisation, moves on to the next segment.
 *
 * <p>Used by the journal thread alone. After an exception it must not be used again.
 */
final class LogWriter implements Closeable {
    private static final int INITIAL_BUFFER_BYTES = 64 << 10;
    /** Reading one entry checks its whole record, so records stay small; only a larger entry makes a larger record. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    private final Disk disk;
    private final FolderIdentity folder;
    private final LogOptions options;
    private final LogIndex index;
    private final SegmentSupply supply;
    private final SegmentDisposal disposal;
    private final int bodyLimit;

    private Segment segment;
    private ByteBuffer buffer;
    /** Where in the segment the first byte of the buffer goes. */
    private long bufferStart;
    /** Up to where the segment is durable. */
    private long durable;

    private long nextSequence;
    private HardState hardState;
    /** Whether segments may have become superfluous by what was appended last. */
    private boolean baseMoved;

    LogWriter(Disk disk, FolderIdentity folder, LogOptions options, Recovery.Recovered recovered) {
        this.disk = disk;
        this.folder = folder;
        this.options = options;
        this.index = recovered.replay().index();
        this.supply = new SegmentSupply(disk, options);
        this.disposal = new SegmentDisposal(disk, options.preparer(), recovered.firstSegment());
        this.baseMoved = index.baseIndex() > 0;
        this.bodyLimit = Math.min(MAX_BODY_BYTES, options.segmentBytes() / 4);
        this.segment = recovered.last();
        this.bufferStart = recovered.end();
        this.durable = recovered.end();
        this.nextSequence = recovered.replay().nextSequence();
        this.hardState = recovered.replay().hardState();
        this.buffer = disk.allocate(Math.min(INITIAL_BUFFER_BYTES, options.writeBufferBytes()));
    }

    /** Adds the batch to the stream, as one record if it is small and of one term. */
    void append(WriteBatch batch) throws IOException {
        BatchCheck.require(batch, hardState, index);
        List<Entry> entries = batch.entries();
        HardState newState = batch.hardState();
        LogBase base = batch.base();
        long truncateAfter = batch.truncateAfter();
        int from = 0;
        while (newState != null || base != null || truncateAfter != WriteBatch.KEEP_ALL || from < entries.size()) {
            int to = endOfRecord(entries, from);
            appendRecord(new RecordBody(newState, base, truncateAfter, entries.subList(from, to)));
            newState = null;
            base = null;
            truncateAfter = WriteBatch.KEEP_ALL;
            from = to;
        }
    }

    /** Entries of one record have one term, and together stay below the limit unless there is only one. */
    private int endOfRecord(List<Entry> entries, int from) {
        long bytes = 0;
        int to = from;
        while (to < entries.size()
                && entries.get(to).term() == entries.get(from).term()) {
            bytes += entries.get(to).weight();
            if (bytes > bodyLimit && to > from) {
                break;
            }
            to++;
        }
        return to;
    }

    private void appendRecord(RecordBody body) throws IOException {
        int length = body.length();
        int size = RecordHeader.sizeOf(length);
        if (bufferStart + buffer.position() + size + RecordHeader.BYTES
                > segment.header().capacity()) {
            moveOn(size);
        }
        reserve(size);
        int at = buffer.position();
        long position = bufferStart + at;
        int bodyAt = at + RecordHeader.BYTES;
        buffer.position(bodyAt);
        body.encode(buffer);
        while (buffer.position() < at + size) {
            buffer.put((byte) 0);
        }
        int checksum = Checksum.of(buffer, bodyAt, length);
        body.header(length, checksum, nextSequence, durable)
                .encode(buffer, at, segment.header().segmentId() + position);
        nextSequence++;
        remember(body, position);
    }

    private void remember(RecordBody body, long position) {
        hardState = orCurrent(body.hardState());
        LogBase base = body.base();
        if (base != null) {
            if (base.reset()) {
                index.reset(base.index(), base.term());
            } else {
                index.compact(base.index(), base.term());
            }
            baseMoved = true;
        }
        if (body.truncateAfter() != WriteBatch.KEEP_ALL) {
            index.truncate(body.truncateAfter());
        }
        if (!body.entries().isEmpty()) {
            index.appendUnwritten(segment.header().number(), position, body.entries());
        }
    }

    private HardState orCurrent(@Nullable HardState state) {
        return state != null ? state : hardState;
    }

    /** Makes everything appended so far durable, with one synchronisation of the disk or, if there is nothing new, none. */
    void sync() throws IOException {
        flush();
        if (durable != bufferStart) {
            segment.file().force(false);
            durable = bufferStart;
        }
        if (bufferStart > segment.header().capacity() / 2) {
            supply.prepare();
        }
        if (baseMoved) {
            disposal.keepFrom(index.firstSegment(segment.header().number()));
            baseMoved = false;
        }
        disposal.proceed();
    }

    /** The first segment that the log needs; earlier ones are deleted, or about to be. */
    long firstSegment() {
        return disposal.firstKept();
    }

    private void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        buffer.flip();
        int bytes = buffer.limit();
        segment.file().write(buffer, bufferStart);
        bufferStart += bytes;
        buffer.clear();
        if (buffer.capacity() > options.writeBufferBytes()) {
            buffer = disk.allocate(options.writeBufferBytes());
        }
        index.written();
    }

    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        if (buffer.position() + bytes > options.writeBufferBytes()) {
            flush();
        }
        if (buffer.remaining() < bytes) {
            int needed = buffer.position() + bytes;
            long roomy = Math.min(2L * buffer.capacity(), options.writeBufferBytes());
            ByteBuffer larger = disk.allocate((int) Math.max(needed, roomy));
            buffer = larger.put(buffer.flip());
        }
    }

    /** Ends this segment and begins the next. This one is durable before the next one gets its name, so that only the last can be torn. */
    private void moveOn(int recordBytes) throws IOException {
        sync();
        SegmentHeader now = segment.header();
        long number = now.number() + 1;
        SegmentHeader header = new SegmentHeader(
                folder.owner(),
                number,
                folder.segmentId(number),
                supply.capacityFor(recordBytes),
                nextSequence,
                index.lastIndex() + 1,
                index.lastTerm(),
                hardState,
                index.baseIndex(),
                index.termOf(index.baseIndex()));
        Segment next = supply.create(header);
        Segment finished = segment;
        segment = next;
        SegmentEnd.write(disk, finished, bufferStart, nextSequence);
        bufferStart = SegmentHeader.BYTES;
        durable = SegmentHeader.BYTES;
        finished.file().close();
    }

    /** Closes the files. What has not been synchronised is not promised, and dropped. */
    @Override
    public void close() throws IOException {
        try {
            segment.file().close();
        } finally {
            try {
                supply.close();
            } finally {
                disposal.close();
            }
        }
    }
}
