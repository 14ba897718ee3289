package io.jangada.storage;

import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Salvage;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskLockedException;
import io.jangada.storage.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A look at the folder of a stopped node for people: its segments, records and snapshots, whatever is damaged, and what the next start would make of it.
 *
 * <p>Changes nothing. The folder is locked while this is open, so that no node starts meanwhile. One thread.
 */
public final class LogInspection implements Closeable {
    private final ReadOnlyDisk disk;
    private final Closeable lock;
    private final FolderIdentity folder;

    private LogInspection(ReadOnlyDisk disk, Closeable lock, FolderIdentity folder) {
        this.disk = disk;
        this.lock = lock;
        this.folder = folder;
    }

    /**
     * One segment file.
     *
     * @param header what is wrong with its header, empty if nothing is
     * @param firstSequence the number of its first intact record, 0 if there is none
     * @param lastSequence the last record that anything in it names
     * @param usedBytes where its last intact record ends
     */
    public record SegmentLine(
            String file,
            long bytes,
            String header,
            long records,
            long firstSequence,
            long lastSequence,
            long usedBytes,
            List<Hole> holes) {}

    /**
     * A place where records should be and are not.
     *
     * @param bytes how far it is to the next thing that is intact, 0 if that is not known
     * @param sequence the number of the first record that is missing
     */
    public record Hole(String file, long offset, long bytes, String defect, long sequence) {}

    /** One record: where it is, the entries in it ({@code count} from {@code firstIndex}, all of {@code term}), and what else it does. */
    public record RecordLine(
            String file, long offset, int bytes, long sequence, long firstIndex, int count, long term, String does) {}

    /** One snapshot file; {@code defect} is empty if its content was read to its end and is right. */
    public record SnapshotLine(String file, long bytes, long index, long term, String defect) {}

    /**
     * What the next start would find.
     *
     * @param log what it would make of the log, null if it would be refused
     * @param refusal why it would be refused, empty if it would not
     */
    public record Verdict(@Nullable LogState log, String refusal) {

        /** Whether nothing is missing. */
        public boolean isWhole() {
            return log != null && log.salvage().isEmpty() && log.promised().isNothing();
        }

        /** The gaps that other members are asked to fill, as people read them. */
        public List<String> gaps() {
            List<String> gaps = new ArrayList<>();
            if (log == null) {
                return gaps;
            }
            long end = log.lastIndex();
            for (Salvage part : log.salvage()) {
                gaps.add("entries " + (end + 1) + ".." + (part.firstIndex() - 1) + ", before entry "
                        + text(part.first()) + ", which is intact");
                end = part.lastIndex();
            }
            LogPosition promised = log.promised().possible();
            if (promised.index() > end) {
                gaps.add("entries " + (end + 1) + ".." + promised.index() + ", the last of which has term "
                        + promised.term());
            }
            return gaps;
        }
    }

    /** Opens the folder, which holds a log or, like that of a server, has one in {@code raft}. */
    public static LogInspection open(Path folder) throws IOException {
        return open(RealDisk.open(logFolder(folder)));
    }

    /** As {@link #open(Path)}. */
    public static LogInspection open(Disk disk) throws IOException {
        ReadOnlyDisk untouched = new ReadOnlyDisk(disk);
        Closeable lock;
        try {
            lock = untouched.lock(FileNames.LOCK);
        } catch (DiskLockedException e) {
            throw new StorageRefusedException(
                    disk.location(),
                    "a live user (" + e.getMessage() + ")",
                    "a folder that nobody has open",
                    "Stop that process first.");
        }
        try {
            return new LogInspection(untouched, lock, FolderIdentity.load(untouched));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The folder of the log: the given one, or {@code raft} in it. */
    public static Path logFolder(Path folder) throws IOException {
        Path inside = folder.resolve("raft");
        for (Path candidate : List.of(folder, inside)) {
            if (Files.isRegularFile(candidate.resolve(FileNames.IDENTITY))) {
                return candidate;
            }
        }
        throw new StorageRefusedException(
                folder.toString(),
                "no file " + FileNames.IDENTITY + ", neither there nor in " + inside,
                "the folder of a node that has run",
                "Name the folder that the node was started with.");
    }

    /** Whose log is in this folder. */
    public static LogIdentity ownerOf(Path logFolder) throws IOException {
        return FolderIdentity.load(new ReadOnlyDisk(RealDisk.open(logFolder))).owner();
    }

    public String location() {
        return disk.location();
    }

    public LogIdentity owner() {
        return folder.owner();
    }

    /** The version of the folder's format. */
    public int version() {
        return folder.version();
    }

    /** Every segment, in order. Reads all of them. */
    public List<SegmentLine> segments() throws IOException {
        List<SegmentLine> lines = new ArrayList<>();
        survey(record -> {}, lines);
        return lines;
    }

    /** Every intact record, in order, those too that the log does not need any more. */
    public void records(Consumer<RecordLine> to) throws IOException {
        survey(to, new ArrayList<>());
    }

    private void survey(Consumer<RecordLine> records, List<SegmentLine> lines) throws IOException {
        List<FoundSegment> found = FoundSegment.in(disk, folder);
        for (int i = 0; i < found.size(); i++) {
            FoundSegment segment = found.get(i);
            SegmentHeader next = i + 1 < found.size() ? found.get(i + 1).header() : null;
            long limit = next == null ? Long.MAX_VALUE : next.firstSequence();
            SegmentSurvey survey = new SegmentSurvey(disk, segment).run(limit, records);
            List<Hole> holes = new ArrayList<>(survey.holes());
            Hole atEnd = survey.missingAtEnd(limit);
            if (atEnd != null) {
                holes.add(atEnd);
            }
            lines.add(new SegmentLine(
                    segment.name(),
                    segment.size(),
                    headerDefect(segment),
                    survey.records(),
                    survey.firstSequence(),
                    survey.lastSequence(),
                    survey.endOffset(),
                    holes));
        }
    }

    private static String headerDefect(FoundSegment segment) {
        SegmentHeader header = segment.header();
        if (header == null) {
            return segment.defect();
        }
        if (segment.isDoubted()) {
            return "one of its two copies is damaged";
        }
        return header.capacity() == segment.size()
                ? ""
                : "the file was made with " + header.capacity() + " bytes and has " + segment.size();
    }

    /** Every snapshot, the oldest first. Reads all of them. */
    public List<SnapshotLine> snapshots() throws IOException {
        List<SnapshotLine> lines = new ArrayList<>();
        for (String name : FileNames.snapshotsIn(disk.list())) {
            try {
                StoredSnapshot snapshot = StoredSnapshot.load(disk, folder, name);
                snapshot.verify(disk);
                lines.add(new SnapshotLine(
                        name,
                        snapshot.meta().sizeBytes(),
                        snapshot.meta().index(),
                        snapshot.meta().term(),
                        ""));
            } catch (IOException e) {
                lines.add(new SnapshotLine(name, 0, FileNames.indexOf(name), 0, String.valueOf(e.getMessage())));
            }
        }
        return lines;
    }

    /** What the next start would find in the log. */
    public Verdict verdict() throws IOException {
        LogOptions options = LogOptions.DEFAULT.deterministic(0);
        try (SegmentSupply supply = new SegmentSupply(disk, options, new SpareSegments(disk, options))) {
            Recovery.Recovered recovered = new Recovery(disk, folder, supply).run();
            recovered.last().file().close();
            return new Verdict(recovered.state(), "");
        } catch (CorruptLogException | StorageRefusedException e) {
            return new Verdict(null, String.valueOf(e.getMessage()));
        }
    }

    static String text(LogPosition position) {
        return position.index() + "@" + position.term();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
