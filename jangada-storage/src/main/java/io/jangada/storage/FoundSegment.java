package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with a segment's name, and what its header says.
 *
 * @param segmentId that of the segment that the file should be
 * @param header null if neither copy is that of the segment
 * @param isDoubted whether one of the two copies is damaged
 * @param defect what is wrong with the header, empty if there is one
 * @param size the length of the file; 0 if it cannot be opened
 */
record FoundSegment(
        long number, long segmentId, @Nullable SegmentHeader header, boolean isDoubted, String defect, long size) {

    String name() {
        return FileNames.segment(number);
    }

    RecordFormat format() {
        return header == null ? RecordFormat.CURRENT : header.format();
    }

    /** Up to where there may be records. */
    long end() {
        return header == null ? size : Math.min(size, header.capacity());
    }

    /** Whether there is nothing to object to in its header and its length. */
    boolean isSound() {
        return header != null && header.capacity() == size && !isDoubted;
    }

    /** The segments in the folder, in the order of their numbers. */
    static List<FoundSegment> in(Disk disk, FolderIdentity folder) throws IOException {
        List<FoundSegment> found = new ArrayList<>();
        for (String name : FileNames.segmentsIn(disk.list())) {
            found.add(look(disk, folder, FileNames.numberOf(name)));
        }
        return found;
    }

    private static FoundSegment look(Disk disk, FolderIdentity folder, long number) {
        long id = folder.segmentId(number);
        try (DiskFile file = disk.open(FileNames.segment(number))) {
            ByteBuffer bytes = disk.allocate(SegmentHeader.BYTES);
            PatientReading.read(disk, file, bytes, 0);
            SegmentHeader first = SegmentHeader.decode(bytes);
            String defect = problemOf(bytes, first, folder, number, id);
            PatientReading.read(disk, file, bytes.clear(), SegmentHeader.COPY_AT);
            SegmentHeader second = SegmentHeader.decode(bytes);
            boolean secondGood = problemOf(bytes, second, folder, number, id).isEmpty();
            SegmentHeader header = defect.isEmpty() ? first : secondGood ? second : null;
            boolean doubted =
                    header != null && header.format() == RecordFormat.CURRENT && !(defect.isEmpty() && secondGood);
            return new FoundSegment(number, id, header, doubted, header == null ? defect : "", file.size());
        } catch (IOException e) {
            return new FoundSegment(number, id, null, false, String.valueOf(e.getMessage()), 0);
        }
    }

    private static String problemOf(
            ByteBuffer bytes, @Nullable SegmentHeader header, FolderIdentity folder, long number, long id) {
        if (header == null) {
            return SegmentHeader.defectOf(bytes);
        }
        boolean ours = header.number() == number
                && header.segmentId() == id
                && header.owner().equals(folder.owner());
        return ours ? "" : "this is segment " + header.number() + " of another log, that of " + header.owner();
    }

    /** Writes both copies of the header once more, durably. */
    void restore(Disk disk) throws IOException {
        SegmentHeader intact = header;
        if (intact == null) {
            throw new IllegalStateException("no copy to restore the header of " + name() + " from");
        }
        try (DiskFile file = disk.open(name())) {
            SegmentSupply.writeHeader(disk, file, intact);
            file.force(true);
        }
    }
}
