package io.jangada.storage;

import io.jangada.core.model.LogState;
import io.jangada.core.model.Promised;
import io.jangada.storage.SegmentTail.Range;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over the segments of a log, which changes nothing.
 *
 * <p>Where no intact record follows, it looks behind the place for the next header that shows that there had been more: the header tells what the log is ({@link Replay#jump}). If there is none, and no
 * next segment tells, this is the end. So nothing that anything names is ever absent without a word; the format of versions 1 and 2 has no such names, and its damage is refused.
 */
final class LogReading {
    private static final Logger LOG = LoggerFactory.getLogger(LogReading.class);
    private static final int WINDOW_BYTES = 1 << 20;

    private final Disk disk;
    private final List<FoundSegment> segments;
    private final Replay replay = new Replay();
    private final Durability durability = new Durability();
    private final ByteBuffer window;
    private Ending ending = new Ending(0, false);
    private Ending endingBefore = new Ending(0, false);
    private final Set<Long> unreadable = new TreeSet<>();
    private long oldSegments;

    /** Records of the last segment that have not been proven to be durable. */
    private List<Range> unproven = new ArrayList<>();

    private long durable;
    private boolean endIsClean = true;
    /** What the last record says of the last cut. */
    private boolean cutIsFresh;

    /** Where the last intact record of a segment ends, and whether there is an end behind it. */
    record Ending(long offset, boolean isMarked) {}

    /** The segments are in the order of their numbers, and at least one. */
    LogReading(Disk disk, List<FoundSegment> segments) {
        this.disk = disk;
        this.segments = segments;
        this.window = disk.allocate(WINDOW_BYTES);
    }

    Replay replay() {
        return replay;
    }

    /** The last number of a segment in an old format, 0 if there is none. */
    long oldSegments() {
        return oldSegments;
    }

    LogState state() {
        return replay.state(durability.proven());
    }

    /** The segments of which something that was looked at could not be read. */
    Set<Long> unreadable() {
        return unreadable;
    }

    Ending endingBeforeLast() {
        return endingBefore;
    }

    /** Where the last intact record of the last segment ends. */
    long end() {
        return ending.offset();
    }

    List<Range> unproven() {
        return unproven;
    }

    /** Whether the log can go on where it ends: nothing lies there that a later record could be mixed up with, and nothing is missing. */
    boolean canGoOn() {
        FoundSegment last = segments.get(segments.size() - 1);
        SegmentHeader header = last.header();
        return header != null
                && header.format() == RecordFormat.CURRENT
                && header.capacity() == last.size()
                && endIsClean
                && replay.isWhole();
    }

    /** The mark that belongs behind the last record. */
    Mark mark(Promised promised) {
        long from = unproven.isEmpty() ? end() : unproven.get(0).from();
        return Mark.of(
                replay.nextSequence() - 1,
                from,
                end(),
                replay.summary(),
                promised,
                (replay.index().hasIslands() ? RecordHeader.SALVAGE : 0) | (cutIsFresh ? RecordHeader.FRESH_CUT : 0));
    }

    LogReading run() throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            FoundSegment next = i + 1 < segments.size() ? segments.get(i + 1) : null;
            endingBefore = ending;
            enter(segments.get(i), i == 0);
            read(segments.get(i), next);
        }
        requireOldToBeWhole();
        replay.index().separate();
        return this;
    }

    private void enter(FoundSegment segment, boolean isFirst) throws IOException {
        SegmentHeader header = segment.header();
        if (header == null) {
            LOG.warn("{} in {}: no intact header ({})", segment.name(), disk.location(), segment.defect());
            replay.index().interrupt();
        } else {
            boolean old = header.format() == RecordFormat.OLD;
            if (old && !isFirst && header.firstSequence() != replay.nextSequence()) {
                throw corrupt(
                        segment,
                        0,
                        "the segment begins with record " + header.firstSequence() + ", but record "
                                + replay.nextSequence() + " comes next");
            }
            String contradiction = replay.enter(header);
            if (!contradiction.isEmpty()) {
                throw corrupt(segment, 0, contradiction);
            }
            oldSegments = old ? segment.number() : oldSegments;
        }
        durability.sealed(replay.end());
        unproven = new ArrayList<>();
        durable = 0;
        endIsClean = true;
    }

    private void read(FoundSegment segment, @Nullable FoundSegment next) throws IOException {
        ending = new Ending(segment.format().firstRecord(), false);
        long sequenceBefore = replay.nextSequence();
        try (DiskFile file = disk.openForBlocks(segment.name())) {
            SegmentScanner scanner = new SegmentScanner(
                            disk, file, segment.segmentId(), segment.format(), segment.end(), window.duplicate())
                    .patiently();
            if (segment.format() == RecordFormat.OLD) {
                readOld(segment, scanner, next);
            } else {
                readRecords(segment, scanner, limit(next));
            }
            if (scanner.hasMetUnreadable()) {
                unreadable.add(segment.number());
                endIsClean = false; // what cannot be read cannot be written over piece by piece either
            }
        } catch (CorruptLogException e) {
            throw e;
        } catch (IOException e) {
            if (next == null) {
                throw e;
            }
            LOG.warn("{} in {} cannot be read: {}", segment.name(), disk.location(), e.getMessage());
        }
        if (next == null) {
            requireLast(segment, sequenceBefore);
        }
    }

    private void requireLast(FoundSegment segment, long sequenceBefore) throws IOException {
        if (ending.isMarked()) {
            throw new CorruptLogException(
                    disk.location(),
                    FileNames.segment(segment.number() + 1),
                    0,
                    "the file is missing; " + segment.name()
                            + " says that it has been there, and nothing tells what was in it");
        }
        SegmentHeader header = segment.header();
        if (header != null && segment.size() < header.capacity()) {
            throw corrupt(
                    segment,
                    segment.size(),
                    "the file has " + segment.size() + " bytes, but was made with " + header.capacity()
                            + ", and nothing tells what was behind");
        }
        if (header == null && replay.nextSequence() == sequenceBefore) {
            throw corrupt(segment, 0, segment.defect() + "; nothing in the file tells what was in it");
        }
    }

    private static long limit(@Nullable FoundSegment next) {
        SegmentHeader header = next == null ? null : next.header();
        return header == null ? Long.MAX_VALUE : header.firstSequence();
    }

    /** Reads the records before this sequence number, which is the next segment's first. */
    private void readRecords(FoundSegment segment, SegmentScanner scanner, long limit) throws IOException {
        while (true) {
            ScannedRecord record = scanner.next();
            long hole = -1;
            RecordHeader header = record == null ? null : record.header();
            if (header == null || header.sequence() < replay.nextSequence()) {
                hole = record == null ? scanner.position() : record.position();
                header = scanner.find(replay.nextSequence());
                if (header == null) {
                    return;
                }
                record = scanner.next();
            }
            if (!header.isEnd() && header.sequence() >= limit) {
                return;
            }
            if (header.lastSequence() >= replay.nextSequence()) {
                take(segment, header, record, hole);
            }
            if (header.isEnd()) {
                ending = new Ending(ending.offset(), true);
                return;
            }
            if (record == null) {
                scanner.step();
            }
        }
    }

    private void take(FoundSegment segment, RecordHeader header, @Nullable ScannedRecord record, long hole)
            throws IOException {
        boolean isRecord = record != null && !header.isMark() && !header.isEnd();
        boolean lost = !isRecord || header.sequence() > replay.nextSequence();
        long from = hole >= 0 ? hole : ending.offset();
        long sequence = replay.nextSequence();
        if (lost) {
            LOG.warn(
                    "{} in {}: the records from number {} on, at offset {}, are missing or damaged; what follows them is number {}",
                    segment.name(),
                    disk.location(),
                    replay.nextSequence(),
                    from,
                    header.sequence());
        }
        if (record == null || !isRecord) {
            replay.jump(header);
            if (record != null) {
                replay.applyMark(record);
            }
            endIsClean = false;
        } else {
            apply(segment, record, lost, hole);
        }
        if (lost) {
            durability.sawBehindHole(header, replay.end(), from);
        } else {
            durability.saw(header, replay.end());
        }
        LogSummary after = header.after();
        boolean provenSince = lost && header.durable() > from && !header.has(RecordHeader.FRESH_CUT);
        if (after != null
                && !provenSince
                && after.mayHaveCut(durability.proven().index(), sequence)) {
            durability.cut(replay.leftByCut());
        }
    }

    private void apply(FoundSegment segment, ScannedRecord record, boolean lost, long hole) throws IOException {
        if (hole >= 0) {
            replay.index().interrupt();
        }
        String contradiction =
                lost ? replay.applyBehindHole(segment.number(), record) : replay.apply(segment.number(), record);
        if (!contradiction.isEmpty()) {
            throw corrupt(segment, record.position(), contradiction);
        }
        RecordHeader header = record.header();
        long end = record.position() + header.size();
        ending = new Ending(end, false);
        endIsClean = true;
        cutIsFresh = header.has(RecordHeader.FRESH_CUT);
        if (header.durable() > durable) {
            durable = header.durable();
            unproven.clear();
        }
        int last = unproven.size() - 1;
        if (last >= 0 && unproven.get(last).to() == record.position()) {
            unproven.set(last, new Range(unproven.get(last).from(), end));
        } else {
            unproven.add(new Range(record.position(), end));
        }
    }

    /** Reads a segment of version 1 or 2, by its rules: whatever is not intact had been durable, or is an unfinished write at the end of the log. */
    private void readOld(FoundSegment segment, SegmentScanner scanner, @Nullable FoundSegment next) throws IOException {
        long limit = limit(next);
        while (replay.nextSequence() < limit) {
            ScannedRecord record = scanner.next();
            if (record == null && next == null) {
                requireTorn(segment, scanner);
                return;
            }
            if (record == null) {
                throw corrupt(segment, scanner.position(), scanner.defect());
            }
            if (record.header().isEnd()) {
                if (next != null && limit != Long.MAX_VALUE) {
                    throw corrupt(segment, record.position(), "the segment ends before its last record");
                }
                ending = new Ending(ending.offset(), true);
                return;
            }
            apply(segment, record, false, -1);
        }
    }

    private void requireTorn(FoundSegment segment, SegmentScanner scanner) throws IOException {
        long hole = scanner.position();
        String defect = scanner.defect();
        for (RecordHeader header = scanner.find(1); header != null; header = scanner.find(1)) {
            if (header.durable() > hole) {
                throw corrupt(
                        segment,
                        hole,
                        defect + "; but the record at offset " + scanner.position()
                                + " was written when everything up to offset " + header.durable() + " was durable");
            }
            scanner.step();
        }
    }

    /** What versions 1 and 2 have lost is not named by anything. */
    private void requireOldToBeWhole() throws IOException {
        FoundSegment last = segments.get(segments.size() - 1);
        if (oldSegments == last.number() && !replay.isWhole()) {
            throw new CorruptLogException(
                    disk.location(),
                    FileNames.segment(segments.get(0).number() - 1),
                    0,
                    "the file is missing, though there is " + segments.get(0).name()
                            + " and the log needs what was before it");
        }
    }

    private CorruptLogException corrupt(FoundSegment segment, long offset, String found) {
        return new CorruptLogException(disk.location(), segment.name(), offset, found);
    }
}
