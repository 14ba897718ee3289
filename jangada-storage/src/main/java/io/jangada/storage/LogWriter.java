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
    /** Reading one entry checks its whole record, so records stay small; only a larger entry makes a larger record. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    private final Disk disk;
    private final FolderIdentity folder;
    private final LogOptions options;
    private final LogIndex index;
    private final SegmentSupply supply;
    private final SegmentDisposal disposal;
    private final WriteBuffer buffer;

    private Segment segment;
    /** Up to where the segment is durable. */
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
        this.durable = recovered.end();
        this.nextSequence = recovered.replay().nextSequence();
        LogSummary summary = recovered.replay().summary();
        this.hardState = summary.hardState();
        this.cut = summary.cut();
        this.synced = nextSequence - 1;
        this.promised = recovered.state().promised();
        this.buffer = new WriteBuffer(disk, options.writeBufferBytes());
        buffer.goOn(segment.file(), durable);
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
        if (buffer.end() + most + Mark.ROOM > segment.header().capacity()) {
            moveOn(most);
        }
        if (buffer.isFullWith(most)) {
            flush();
        }
        buffer.reserve(most);
        long position = buffer.end();
        apply(change, position);
        RecordBody body = promised.isNothing() ? change : change.promising(promised);
        ByteBuffer bytes = buffer.bytes();
        int at = bytes.position();
        int bodyAt = at + RecordHeader.BYTES;
        bytes.position(bodyAt);
        body.encode(bytes);
        int length = bytes.position() - bodyAt;
        while (bytes.position() % RecordHeader.ALIGNMENT != 0) {
            bytes.put((byte) 0);
        }
        body.header(length, Checksum.of(bytes, bodyAt, length), nextSequence, durable, summary(), stateFlags())
                .encode(bytes, at, segment.header().segmentId() + position);
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
        long recordsEnd = buffer.end();
        if (recordsEnd != durable) {
            Mark.of(nextSequence - 1, durable, recordsEnd, summary(), promised, stateFlags())
                    .encodeAtBlock(buffer.bytes(), recordsEnd, segment.header().segmentId());
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

    /** Hands everything to the disk, but does not wait for it. */
    private void flush() throws IOException {
        if (buffer.hasUnwritten()) {
            write(buffer.end());
        }
    }

    /** Writes what is in the buffer; the records end here. */
    private void write(long recordsEnd) throws IOException {
        buffer.write(segment.file(), recordsEnd, segment.header().capacity());
        index.written();
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
        new SegmentTail(disk, finished.file(), finished.header().segmentId()).end(Mark.before(header, buffer.end()));
        disposal.add(finished.header().number());
        durable = RecordFormat.CURRENT.firstRecord();
        buffer.begin(durable);
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
