package io.jangada.storage;

import io.jangada.api.spi.EntryCodec;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.Promised;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogInspection.Hole;
import io.jangada.storage.LogInspection.RecordLine;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pass over one segment file for people: every record, and every place where one should be and is not. Changes nothing, and stops at nothing. */
final class SegmentSurvey {
    private static final int WINDOW_BYTES = 1 << 20;

    private final Disk disk;
    private final FoundSegment segment;
    private final List<Hole> holes = new ArrayList<>();
    private long records;
    private long firstSequence;
    private long lastSequence;
    private long endOffset;

    SegmentSurvey(Disk disk, FoundSegment segment) {
        this.disk = disk;
        this.segment = segment;
        SegmentHeader header = segment.header();
        this.lastSequence = header == null ? 0 : header.firstSequence() - 1;
        this.endOffset = segment.format().firstRecord();
    }

    /** Reads up to the record before this number, which is the next segment's first; what it finds is told in order. */
    SegmentSurvey run(long limit, Consumer<RecordLine> lines) throws IOException {
        try (DiskFile file = disk.open(segment.name())) {
            SegmentScanner scanner = new SegmentScanner(
                            disk, file, segment.segmentId(), segment.format(), segment.end(), disk.allocate((int)
                                    Math.min(WINDOW_BYTES, Math.max(RecordFormat.BLOCK_BYTES, segment.end()))))
                    .patiently();
            boolean more = true;
            while (more) {
                more = step(scanner, limit, lines);
            }
        }
        return this;
    }

    private boolean step(SegmentScanner scanner, long limit, Consumer<RecordLine> lines) throws IOException {
        ScannedRecord record = scanner.next();
        RecordHeader header = record == null ? null : record.header();
        if (header == null || isOfAnotherPlace(header)) {
            long at = record == null ? scanner.position() : record.position();
            String defect = record == null ? scanner.defect() : "a record that belongs elsewhere";
            header = scanner.find(lastSequence + 1);
            if (header == null || isBeyond(header, limit)) {
                return false;
            }
            long found = scanner.position();
            record = scanner.next();
            if (record == null) {
                // Its header tells how long the damaged one is.
                found += header.size();
                scanner.from(Math.min(found, segment.end()));
            }
            holes.add(new Hole(segment.name(), at, found - at, inWords(defect), lastSequence + 1));
        } else if (header.lastSequence() > lastSequence + (isRecord(header) ? 1 : 0)) {
            holes.add(new Hole(segment.name(), endOffset, 0, "records are missing", lastSequence + 1));
        }
        if (isBeyond(header, limit)) {
            return false;
        }
        lastSequence = Math.max(lastSequence, header.lastSequence());
        if (record != null && isRecord(header)) {
            count(record, lines);
        }
        return !header.isEnd();
    }

    /** Without the fields of the header, which people look up in a dump. */
    private static String inWords(String defect) {
        int fields = defect.indexOf(": RecordHeader[");
        return fields < 0 ? defect : defect.substring(0, fields);
    }

    private static boolean isRecord(RecordHeader header) {
        return !header.isMark() && !header.isEnd();
    }

    private boolean isOfAnotherPlace(RecordHeader header) {
        return isRecord(header) && header.sequence() <= lastSequence;
    }

    private static boolean isBeyond(RecordHeader header, long limit) {
        return !header.isEnd() && header.sequence() >= limit;
    }

    private void count(ScannedRecord record, Consumer<RecordLine> lines) throws IOException {
        RecordHeader header = record.header();
        records++;
        firstSequence = firstSequence == 0 ? header.sequence() : firstSequence;
        endOffset = record.position() + header.size();
        lines.accept(new RecordLine(
                segment.name(),
                record.position(),
                header.size(),
                header.sequence(),
                header.firstIndex(),
                header.count(),
                header.term(),
                describe(record)));
    }

    /** What a record does besides bringing entries, in words. */
    private static String describe(ScannedRecord record) throws IOException {
        List<String> parts = new ArrayList<>();
        int flags = record.header().flags();
        ByteBuffer body = record.body();
        HardState state = RecordBody.hardStateIn(body, flags);
        if (state != null) {
            parts.add("term " + state.term()
                    + (state.votedFor().isNone() ? ", no vote" : ", vote for " + state.votedFor()));
        }
        LogBase base = RecordBody.baseIn(body, flags);
        if (base != null) {
            parts.add((base.reset() ? "begins anew behind " : "compacted up to ") + base.index() + "@" + base.term());
        }
        long cut = RecordBody.truncateAfterIn(body, flags);
        if (cut != WriteBatch.KEEP_ALL) {
            parts.add("cut after " + cut);
        }
        Promised promised = RecordBody.promisedIn(body, flags);
        if (!promised.isNothing()) {
            parts.add("promised up to " + LogInspection.text(promised.possible()));
        }
        if (record.header().has(RecordHeader.ADOPT)) {
            parts.add("takes up what is intact behind the first gap");
        }
        if (record.header().has(RecordHeader.DROP)) {
            parts.add("gives up what is intact behind gaps");
        }
        String entries = entries(record);
        if (!entries.isEmpty()) {
            parts.add(entries);
        }
        return String.join("; ", parts);
    }

    private static String entries(ScannedRecord record) throws IOException {
        RecordHeader header = record.header();
        long bytes = 0;
        int[] kinds = new int[EntryKinds.NAMES.size()];
        int at = RecordBody.prefixLength(header.flags());
        for (int i = 0; i < header.count(); i++) {
            int size = EntryCodec.sizeAt(record.body(), at);
            bytes += size - EntryCodec.HEADER_BYTES;
            kinds[EntryKinds.of(record.body().get(at + EntryKinds.TYPE_AT))]++;
            at += size;
        }
        return EntryKinds.describe(kinds, bytes);
    }

    long records() {
        return records;
    }

    /** The number of the first intact record, 0 if there is none. */
    long firstSequence() {
        return firstSequence;
    }

    /** The last record that anything in the segment names. */
    long lastSequence() {
        return lastSequence;
    }

    /** Where the last intact record ends. */
    long endOffset() {
        return endOffset;
    }

    List<Hole> holes() {
        return List.copyOf(holes);
    }

    /** How many entries of each kind a record has, for people. */
    private static final class EntryKinds {
        static final int TYPE_AT = 4;
        static final List<String> NAMES = List.of("no-op", "command", "membership", "entry of an unknown type");

        private EntryKinds() {}

        static int of(byte code) {
            return code >= 0 && code < NAMES.size() - 1 ? code : NAMES.size() - 1;
        }

        static String describe(int[] kinds, long bytes) {
            List<String> parts = new ArrayList<>();
            for (int kind = 0; kind < kinds.length; kind++) {
                if (kinds[kind] > 0) {
                    parts.add(kinds[kind] + " " + NAMES.get(kind) + (kinds[kind] > 1 && kind < 3 ? "s" : ""));
                }
            }
            return parts.isEmpty() ? "" : String.join(", ", parts) + " of " + bytes + " bytes";
        }
    }

    /** What should be here according to the next segment; null if nothing is missing at the end. */
    @Nullable
    Hole missingAtEnd(long limit) {
        return limit != Long.MAX_VALUE && lastSequence + 1 < limit
                ? new Hole(segment.name(), endOffset, 0, "records are missing", lastSequence + 1)
                : null;
    }
}
