package io.jangada.storage;

import io.jangada.core.model.LogState;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log back from its segments, makes what it has found durable, and opens the segment in which the log goes on.
 *
 * <p>Damage does not stop it as long as something names what has been lost; see {@link LogReading}. Nothing that could be evidence of it is ever written over: if the last segment does not end
 * cleanly, or entries are missing, the log goes on in a new segment, whose header says what has been found.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Disk disk;
    private final FolderIdentity folder;
    private final SegmentSupply supply;

    Recovery(Disk disk, FolderIdentity folder, SegmentSupply supply) {
        this.disk = disk;
        this.folder = folder;
        this.supply = supply;
    }

    /**
     * An open log. All of it is durable.
     *
     * @param numbers the segments that there are, without the one in which the log goes on
     * @param last the segment in which the log goes on, at the offset {@code end}
     * @param oldSegments the last number of a segment in an old format, 0 if there is none
     */
    record Recovered(Replay replay, LogState state, List<Long> numbers, Segment last, long end, long oldSegments) {}

    Recovered run() throws IOException {
        List<FoundSegment> all = FoundSegment.in(disk, folder);
        if (all.isEmpty()) {
            throw new CorruptLogException(disk.location(), FileNames.segment(1), 0, "the file is missing");
        }
        List<FoundSegment> used = lastUnbrokenRun(all);
        LogReading reading = new LogReading(disk, used).run();
        if (used.size() < all.size() && !reading.replay().isWhole()) {
            used = all; // what is missing in between is missed; it was not a compaction that took it
            reading = new LogReading(disk, used).run();
        }
        LogState state = reading.state();
        supply.distrust(reading.unreadable());
        for (FoundSegment segment : used) {
            if (segment.isDoubted()) {
                LOG.warn("{} in {}: one copy of its header is damaged, and restored", segment.name(), disk.location());
                segment.restore(disk);
            }
        }
        Recovered recovered = goOn(reading, state, used);
        for (FoundSegment leftover : all.subList(0, all.size() - used.size())) {
            disk.delete(leftover.name());
        }
        disk.sync();
        tell(state);
        return recovered;
    }

    /** What lies before a gap in the numbers was to be deleted together with what is missing, if the log does not need it. */
    private static List<FoundSegment> lastUnbrokenRun(List<FoundSegment> all) {
        int first = all.size() - 1;
        while (first > 0 && all.get(first - 1).number() == all.get(first).number() - 1) {
            first--;
        }
        return all.subList(first, all.size());
    }

    private Recovered goOn(LogReading reading, LogState state, List<FoundSegment> used) throws IOException {
        FoundSegment last = used.get(used.size() - 1);
        List<Long> before = used.subList(0, used.size() - 1).stream()
                .map(FoundSegment::number)
                .toList();
        if (used.size() > 1) {
            endIfNeeded(reading, used.get(used.size() - 2), last);
        }
        DiskFile file = disk.openForBlocks(last.name());
        try {
            SegmentTail tail = new SegmentTail(disk, file, last.segmentId());
            SegmentHeader header = last.header();
            if (header != null && reading.canGoOn()) {
                tail.settle(reading.unproven(), reading.mark(state.promised()));
                return new Recovered(
                        reading.replay(),
                        state,
                        before,
                        new Segment(header, file),
                        reading.end(),
                        reading.oldSegments());
            }
            tail.writeAgain(reading.unproven());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return goOnAnew(reading, state, used, file);
    }

    /** Goes on in a new segment; what is in the last one behind its last intact record is void from then on. */
    private Recovered goOnAnew(LogReading reading, LogState state, List<FoundSegment> used, DiskFile file)
            throws IOException {
        FoundSegment last = used.get(used.size() - 1);
        long number = last.number() + 1;
        Replay replay = reading.replay();
        SegmentHeader header = new SegmentHeader(
                SegmentHeader.VERSION,
                folder.owner(),
                number,
                folder.segmentId(number),
                supply.capacityFor(0),
                replay.nextSequence(),
                replay.summary(),
                state.promised(),
                SegmentHeader.RECOVERED | (replay.index().hasIslands() ? SegmentHeader.SALVAGE : 0));
        try (file) {
            Segment next = supply.create(header);
            if (last.format() == RecordFormat.CURRENT) {
                end(last, file, reading.end(), header);
            }
            List<Long> numbers = used.stream().map(FoundSegment::number).toList();
            return new Recovered(
                    replay, state, numbers, next, next.header().format().firstRecord(), reading.oldSegments());
        }
    }

    /** A crash after the last segment was made and before the one before it got its end leaves that without one. */
    private void endIfNeeded(LogReading reading, FoundSegment segment, FoundSegment next) throws IOException {
        SegmentHeader header = next.header();
        LogReading.Ending ending = reading.endingBeforeLast();
        if (ending.isMarked() || header == null || segment.format() == RecordFormat.OLD) {
            return;
        }
        try (DiskFile file = disk.open(segment.name())) {
            end(segment, file, ending.offset(), header);
        }
    }

    private void end(FoundSegment segment, DiskFile file, long recordsEnd, SegmentHeader next) throws IOException {
        new SegmentTail(disk, file, segment.segmentId()).end(Mark.before(next, recordsEnd));
    }

    private void tell(LogState state) {
        if (!state.promised().isNothing() || !state.salvage().isEmpty()) {
            LOG.warn(
                    "the log in {} is intact up to entry {} and not behind it. It had entries up to {} for certain, and perhaps up to {}; of these are intact behind gaps: {}. The"
                            + " node votes as if it had all of them, and fetches what it lacks from its peers",
                    disk.location(),
                    state.lastIndex(),
                    Math.max(state.lastIndex(), state.promised().certain().index()),
                    Math.max(state.lastIndex(), state.promised().possible().index()),
                    state.salvage().isEmpty()
                            ? "none"
                            : state.salvage().stream()
                                    .map(part -> part.firstIndex() + ".." + part.lastIndex())
                                    .collect(Collectors.joining(", ")));
        }
    }
}
