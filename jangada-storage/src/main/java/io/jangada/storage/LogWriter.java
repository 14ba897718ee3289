package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Promised;
import io.jangada.core.step.WriteBatch;
import io.jangada.core.step.WriteBatch.SalvageFate;
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
    /** The buffer has so much room behind the records that the mark goes out with them, and the rest of its block. */
    private static final int MARK_ROOM = 2 * RecordFormat.BLOCK_BYTES;

    private final Disk disk;
    private final FolderIdentity folder;
    private final LogOptions options;
    private final LogIndex index;
    private final SegmentSupply supply;
    private final SegmentDisposal disposal;

    private Segment segment;
    /** What is not written yet, and before it what the block in which that begins has already. */
    private ByteBuffer buffer;
    /** Where in the segment the first byte of the buffer goes: the start of a block. */
    private long bufferStart;
    /** Up to where the segment has been handed to the disk. */
    private long written;
    /** Up to where it is durable. */
    private long durable;

    private long nextSequence;
    private HardState hardState;
    private Promised promised;
    private Cut cut;
    /** The last record that is synchronised. */
    private long synced;

    LogWriter(
            Disk disk,
            FolderIdentity folder,
            LogOptions options,
            Recovery.Recovered recovered,
            SegmentSupply supply,
            SpareSegments spares)
            throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.options = options;
        this.index = recovered.replay().index();
        this.supply = supply;
        this.disposal = new SegmentDisposal(disk, options.preparer(), spares, recovered.numbers());
        if (index.baseIndex() > 0) {
            disposal.expect();
        }
        this.segment = recovered.last();
        this.written = recovered.end();
        this.durable = recovered.end();
        this.nextSequence = recovered.replay().nextSequence();
        LogSummary summary = recovered.replay().summary();
        this.hardState = summary.hardState();
        this.cut = summary.cut();
        this.synced = nextSequence - 1;
        this.promised = recovered.state().promised();
        this.buffer = disk.allocate(Math.min(INITIAL_BUFFER_BYTES, options.writeBufferBytes()) + MARK_ROOM);
        this.bufferStart = Mark.blockOf(durable);
        buffer.limit((int) (durable - bufferStart));
        PatientReading.read(disk, segment.file(), buffer, bufferStart);
        buffer.limit(buffer.capacity());
    }

    /** Adds the batch to the stream, as one record if it is small and of one term. */
    void append(WriteBatch asked) throws IOException {
        WriteBatch batch = withoutNeedlessAdoption(asked);
        BatchCheck.require(batch, hardState, index);
        List<Entry> entries = batch.entries();
        Promised newPromised = batch.promised();
        promised = newPromised != null ? newPromised : promised;
        SalvageFate fate = BatchCheck.fateOfSalvage(batch, index);
        SalvageFate first = fate == SalvageFate.DROP ? fate : SalvageFate.KEEP;
        HardState newState = batch.hardState();
        LogBase base = batch.base();
        long truncateAfter = batch.truncateAfter();
        int from = 0;
        boolean more = newState != null
                || base != null
                || batch.truncates()
                || batch.promised() != null
                || first != SalvageFate.KEEP
                || !entries.isEmpty();
        while (more) {
            int to = endOfRecord(entries, from);
            appendRecord(new RecordBody(newState, base, truncateAfter, null, entries.subList(from, to), first));
            newState = null;
            base = null;
            truncateAfter = WriteBatch.KEEP_ALL;
            first = SalvageFate.KEEP;
            from = to;
            more = from < entries.size();
        }
        if (fate == SalvageFate.ADOPT) {
            flush(); // entries in memory must be the last of the log
            appendRecord(new RecordBody(null, null, WriteBatch.KEEP_ALL, null, List.of(), fate));
        }
    }

    /** A base in an island or right before it has adopted that already. */
    private WriteBatch withoutNeedlessAdoption(WriteBatch batch) {
        LogBase base = batch.base();
        boolean adopted = base != null
                && !base.reset()
                && batch.salvage() == SalvageFate.ADOPT
                && index.isJoinedBehind(base.index());
        return !adopted
                ? batch
                : new WriteBatch(
                        batch.sequence(),
                        batch.hardState(),
                        base,
                        batch.truncateAfter(),
                        batch.entries(),
                        batch.promised(),
                        SalvageFate.KEEP);
    }

    /** Entries of one record have one term, and together stay below the limit unless there is only one. */
    private int endOfRecord(List<Entry> entries, int from) {
        int bodyLimit = Math.min(MAX_BODY_BYTES, options.segmentBytes() / 4);
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

    /** Adds a record of this change and, as long as that is not nothing, of what is promised beyond the log then. */
    private void appendRecord(RecordBody change) throws IOException {
        int most = RecordHeader.sizeOf(change.length() + (promised.isNothing() ? 0 : PromisedBytes.LENGTH));
        if (end() + most + Mark.ROOM > segment.header().capacity()) {
            moveOn(most);
        }
        reserve(most);
        int at = buffer.position();
        long position = bufferStart + at;
        apply(change, position);
        RecordBody body = promised.isNothing() ? change : change.promising(promised);
        int bodyAt = at + RecordHeader.BYTES;
        buffer.position(bodyAt);
        body.encode(buffer);
        int length = buffer.position() - bodyAt;
        while (buffer.position() % RecordHeader.ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        body.header(length, Checksum.of(buffer, bodyAt, length), nextSequence, durable, summary(), stateFlags())
                .encode(buffer, at, segment.header().segmentId() + position);
        nextSequence++;
    }

    private LogSummary summary() {
        return index.summary(hardState, cut);
    }

    /** What a header says of the log beside its summary. */
    private int stateFlags() {
        return (index.hasIslands() ? RecordHeader.SALVAGE : 0) | (cut.sequence() > synced ? RecordHeader.FRESH_CUT : 0);
    }

    /** The log is what it is after this change, in the record at this position. */
    private void apply(RecordBody change, long position) {
        hardState = orCurrent(change.hardState());
        LogBase base = change.base();
        if (base != null) {
            if (base.reset()) {
                index.reset(base.index(), base.term());
                cutAfter(base.index());
            } else {
                index.compact(base.index(), base.term());
            }
            disposal.expect();
        }
        if (change.truncateAfter() != WriteBatch.KEEP_ALL) {
            index.truncate(change.truncateAfter());
            cutAfter(change.truncateAfter());
        }
        if (change.salvage() == SalvageFate.DROP) {
            index.dropIslands();
            cutAfter(index.lastIndex());
        }
        if (!change.entries().isEmpty()) {
            index.appendUnwritten(segment.header().number(), position, change.entries());
        }
        if (change.salvage() == SalvageFate.ADOPT) {
            index.adopt();
        }
        promised = promised.isNothing() ? promised : remaining();
    }

    private void cutAfter(long entry) {
        cut = cut.next(nextSequence, entry, synced);
    }

    /** What of the promises the log has not reached. */
    private Promised remaining() {
        LogPosition last = new LogPosition(index.lastIndex(), index.lastTerm());
        if (!promised.possible().isAfter(last)) {
            return Promised.NOTHING;
        }
        boolean certainIsHere = !promised.certain().isAfter(last);
        return certainIsHere ? new Promised(Promised.NOTHING.certain(), promised.possible()) : promised;
    }

    private HardState orCurrent(@Nullable HardState state) {
        return state != null ? state : hardState;
    }

    /** Makes everything appended so far durable, with one write and one synchronisation of the disk or, if there is nothing new, none. */
    void sync() throws IOException {
        long recordsEnd = end();
        if (recordsEnd != durable) {
            Mark.of(nextSequence - 1, durable, recordsEnd, summary(), promised, stateFlags())
                    .encodeAtBlock(buffer, recordsEnd, segment.header().segmentId());
            write(recordsEnd); // the next records take the place of the mark
            segment.file().force(false);
            durable = recordsEnd;
            synced = nextSequence - 1;
        }
        if (durable > segment.header().capacity() / 2) {
            supply.prepare();
        }
        if (disposal.isExpecting()) {
            disposal.keepFrom(index.firstSegment(segment.header().number()));
        }
        disposal.proceed();
    }

    /** The first segment that the log needs; earlier ones are deleted, or about to be. */
    long firstSegment() {
        return disposal.firstKept();
    }

    /** Where in the segment the next record begins. */
    private long end() {
        return bufferStart + buffer.position();
    }

    /** Hands everything to the disk, but does not wait for it. */
    private void flush() throws IOException {
        if (end() != written) {
            write(end());
        }
    }

    /** Writes what is in the buffer, and keeps what the block has in which the records end here. */
    private void write(long recordsEnd) throws IOException {
        fillBlock();
        segment.file().write(buffer.flip(), bufferStart);
        index.written();
        long block = Mark.blockOf(recordsEnd);
        buffer.limit((int) (recordsEnd - bufferStart)).position((int) (block - bufferStart));
        if (buffer.capacity() > options.writeBufferBytes() + MARK_ROOM) {
            buffer = disk.allocate(options.writeBufferBytes() + MARK_ROOM).put(buffer);
        } else {
            buffer.compact();
        }
        bufferStart = block;
        written = recordsEnd;
    }

    /** Every write is one of whole blocks: a part of one would have to be read before, which is slow, and fails in a recycled file at a place that cannot be read. */
    private void fillBlock() {
        long end = end();
        Zeros.put(buffer, (int) (Math.min(Mark.blockFrom(end), segment.header().capacity()) - end));
    }

    /** Makes room for a record of this size and the mark behind it. */
    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() - MARK_ROOM >= bytes) {
            return;
        }
        if (buffer.position() + bytes > options.writeBufferBytes()) {
            flush();
        }
        if (buffer.remaining() - MARK_ROOM < bytes) {
            int needed = buffer.position() + bytes;
            long roomy = Math.min(2L * buffer.capacity(), options.writeBufferBytes());
            ByteBuffer larger = disk.allocate((int) Math.max(needed, roomy) + MARK_ROOM);
            buffer = larger.put(buffer.flip());
        }
    }

    /** Ends this segment and begins the next. This one is durable before the next one gets its name, so that only the last can be torn. */
    private void moveOn(int recordBytes) throws IOException {
        sync();
        long number = segment.header().number() + 1;
        SegmentHeader header = new SegmentHeader(
                SegmentHeader.VERSION,
                folder.owner(),
                number,
                folder.segmentId(number),
                supply.capacityFor(recordBytes),
                nextSequence,
                summary(),
                promised,
                index.hasIslands() ? SegmentHeader.SALVAGE : 0);
        Segment next = supply.create(header);
        Segment finished = segment;
        segment = next;
        new SegmentTail(disk, finished.file(), finished.header().segmentId()).end(Mark.before(header, end()));
        disposal.add(finished.header().number());
        buffer.clear();
        bufferStart = RecordFormat.CURRENT.firstRecord();
        written = bufferStart;
        durable = bufferStart;
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
