package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small log of three segments, to which one thing has happened.
 *
 * <p>Each write has one entry of 1,500 bytes: entries 1 to 12 are in the first segment, 13 to 24 in the second, 25 to 30 in the last; where it is about the hard state, that is
 * written behind them.
 */
final class DamagedLog {
    /** What happened. */
    enum Kind {
        TORN,
        ZERO,
        STALE,
        CORRUPT,
        MISSING,
        EXTRA
    }

    /** To what. */
    enum Place {
        HEAD,
        MIDDLE,
        TAIL,
        LAST_SEGMENT,
        NEXT_SEGMENT,
        HARD_STATE
    }

    static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
    static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(32 << 10).deterministic(0x5eed);
    static final HardState VOTED = new HardState(3, NodeId.of(2));
    static final int LAST = 30;

    private static final int FIRST_RECORD = 8 << 10;
    private static final int HEADER_BYTES = RecordHeader.BYTES;
    private static final int RECORD_BYTES = RecordHeader.sizeOf(21 + 1_500);
    private static final int MAGIC = 0x4a524543;

    private final Path folder;
    private final Kind kind;
    private final Place place;
    private @Nullable Disk disk;

    DamagedLog(Path folder, Kind kind, Place place) {
        this.folder = folder;
        this.kind = kind;
        this.place = place;
    }

    SegmentedLog open() throws IOException {
        return SegmentedLog.open(disk(), OWNER, OPTIONS);
    }

    /** The folder, with what the disk cannot read of it. */
    Disk disk() throws IOException {
        return disk != null ? disk : RealDisk.open(folder);
    }

    static Entry entry(long index) {
        byte[] payload = new byte[1_500];
        Arrays.fill(payload, (byte) index);
        return Entry.command(index, 2, payload);
    }

    /** Makes the log, and lets it happen. */
    DamagedLog happen() throws IOException {
        write();
        switch (place) {
            case HEAD -> damageHead();
            case MIDDLE -> damageRecord(FIRST_RECORD + 2 * RECORD_BYTES);
            case TAIL, HARD_STATE -> damageRecord(lastRecord());
            case LAST_SEGMENT -> damageLastSegment();
            case NEXT_SEGMENT -> damageNextSegment();
        }
        return this;
    }

    private void write() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(1, VOTED, WriteBatch.KEEP_ALL, List.of(entry(1))));
            log.sync();
            for (int index = 2; index <= LAST; index++) {
                log.write(new WriteBatch(index, null, WriteBatch.KEEP_ALL, List.of(entry(index))));
                if (index < LAST - 1 || place != Place.LAST_SEGMENT) {
                    log.sync();
                }
            }
            log.sync();
            if (place == Place.HARD_STATE) {
                log.write(new WriteBatch(LAST + 1, state(), WriteBatch.KEEP_ALL, List.of()));
                log.sync();
            }
        }
    }

    /** The term and vote that were written last. */
    HardState state() {
        return place == Place.HARD_STATE ? new HardState(9, NodeId.of(3)) : VOTED;
    }

    private Path last() throws IOException {
        return segments().get(segments().size() - 1);
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private int lastRecord() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(last()));
        int at = FIRST_RECORD;
        int record = at;
        while (bytes.getInt(at) == MAGIC && (bytes.getInt(at + 52) & RecordHeader.MARK) == 0) {
            record = at;
            at += RecordHeader.sizeOf(bytes.getInt(at + 8));
        }
        return record;
    }

    private void damageHead() throws IOException {
        byte[] bytes = Files.readAllBytes(last());
        switch (kind) {
            case TORN -> Arrays.fill(bytes, 128, 256, (byte) 0);
            case ZERO -> Arrays.fill(bytes, 0, 256, (byte) 0);
            case STALE -> System.arraycopy(Files.readAllBytes(segments().get(0)), 0, bytes, 0, 4 << 10);
            case CORRUPT -> bytes[70] ^= 4;
            case MISSING ->
                disk = new UnreadableDisk(
                        RealDisk.open(folder), last().getFileName().toString(), 0);
            case EXTRA -> Arrays.fill(bytes, 256, 4 << 10, (byte) 0x4a);
        }
        Files.write(last(), bytes);
    }

    private void damageRecord(int at) throws IOException {
        byte[] bytes = Files.readAllBytes(last());
        int size = RecordHeader.sizeOf(ByteBuffer.wrap(bytes).getInt(at + 8));
        int bodyAt = at + HEADER_BYTES;
        switch (kind) {
            case TORN -> Arrays.fill(bytes, bodyAt + 8, at + size, (byte) 0);
            case ZERO -> Arrays.fill(bytes, at, at + size, (byte) 0);
            case STALE -> System.arraycopy(Files.readAllBytes(segments().get(0)), at, bytes, at, size);
            case CORRUPT -> bytes[at + 20] ^= 1;
            case MISSING ->
                disk = new UnreadableDisk(
                        RealDisk.open(folder), last().getFileName().toString(), at & -(4 << 10));
            case EXTRA -> bytes = extra(bytes, at, size);
        }
        Files.write(last(), bytes);
    }

    /** In the middle another record of the segment, written to the wrong place; at the end a record that is there already, once more. */
    private byte[] extra(byte[] bytes, int at, int size) {
        if (place == Place.MIDDLE) {
            System.arraycopy(bytes, FIRST_RECORD, bytes, at, size);
        } else {
            System.arraycopy(bytes, at, bytes, at + size, size);
        }
        return bytes;
    }

    private void damageLastSegment() throws IOException {
        Path last = last();
        byte[] bytes = Files.readAllBytes(last);
        switch (kind) {
            case TORN -> Arrays.fill(bytes, lastRecord() - RECORD_BYTES + 200, lastRecord() + RECORD_BYTES, (byte) 0);
            case ZERO -> Arrays.fill(bytes, (byte) 0);
            case STALE -> bytes = Files.readAllBytes(segments().get(0));
            case CORRUPT -> {
                bytes[60] ^= 1;
                bytes[(4 << 10) + 60] ^= 1;
            }
            case MISSING -> {
                Files.delete(last);
                return;
            }
            case EXTRA -> bytes = Arrays.copyOf(bytes, bytes.length + 100);
        }
        Files.write(last, bytes);
    }

    private void damageNextSegment() throws IOException {
        Path next = folder.resolve(FileNames.NEXT_SEGMENT);
        Files.deleteIfExists(next);
        byte[] first = Files.readAllBytes(segments().get(0));
        switch (kind) {
            case TORN -> Files.write(next, Arrays.copyOf(first, 5_000));
            case ZERO -> Files.write(next, new byte[32 << 10]);
            case STALE -> goOnInRecycledFiles();
            case CORRUPT -> {
                first[100] ^= 1;
                Files.write(next, first);
            }
            case MISSING -> requireNoNext(next);
            case EXTRA -> makeSuccessorWithoutEnd();
        }
    }

    private static void requireNoNext(Path next) {
        if (Files.exists(next)) {
            throw new IllegalStateException(next + " is there");
        }
    }

    /** The last segment is one that was an earlier one before, full of intact records of that. */
    private void goOnInRecycledFiles() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(1, null, new LogBase(LAST - 1, 2, false), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
            long wanted = FileNames.numberOf(last().getFileName().toString())
                    + 2; // the next one was prepared before there was a spare
            for (int i = 0; FileNames.numberOf(last().getFileName().toString()) < wanted; i++) {
                log.write(new WriteBatch(i + 2, VOTED, WriteBatch.KEEP_ALL, List.of()));
                log.sync();
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(last()));
        int behind = FIRST_RECORD + 5 * RECORD_BYTES;
        while (bytes.getInt(behind) != MAGIC) {
            behind += 8; // fails if there is none
        }
    }

    /** A crash came after the new last segment had got its name, and before the one before it got its end. */
    private void makeSuccessorWithoutEnd() throws IOException {
        List<Path> segments = new ArrayList<>(segments());
        Path before = segments.get(segments.size() - 2);
        byte[] bytes = Files.readAllBytes(before);
        ByteBuffer content = ByteBuffer.wrap(bytes);
        for (int at = FIRST_RECORD; at < bytes.length; at += 8) {
            if (content.getInt(at) == MAGIC && (content.getInt(at + 52) & RecordHeader.END) != 0) {
                Arrays.fill(bytes, at, at + HEADER_BYTES, (byte) 0);
            }
        }
        Files.write(before, bytes);
    }
}
