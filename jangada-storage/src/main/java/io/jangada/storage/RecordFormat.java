package io.jangada.storage;

import io.jangada.storage.disk.Disk;

/** How records are laid out in a segment of one format version: where they begin, and how long their headers are. */
enum RecordFormat {
    /** Versions 1 and 2: short headers that do not say what the log is after the record. Only read. */
    OLD(128, 56),
    /** Version 3. */
    CURRENT(2 * RecordFormat.BLOCK_BYTES, 56 + LogSummary.BYTES);

    /** What a disk loses at once when a place of it goes bad; two things that must not be lost together are never in the same one. */
    static final int BLOCK_BYTES = Disk.BLOCK_BYTES;

    private final int firstRecord;
    private final int headerBytes;

    RecordFormat(int firstRecord, int headerBytes) {
        this.firstRecord = firstRecord;
        this.headerBytes = headerBytes;
    }

    static RecordFormat of(int version) {
        return version < SegmentHeader.VERSION ? OLD : CURRENT;
    }

    /** The offset of the first record in a segment. */
    int firstRecord() {
        return firstRecord;
    }

    int headerBytes() {
        return headerBytes;
    }

    /** The bytes that a record with a body of this length takes. */
    int sizeOf(int bodyLength) {
        return Math.addExact(
                headerBytes, Math.addExact(bodyLength, RecordHeader.ALIGNMENT - 1) & -RecordHeader.ALIGNMENT);
    }
}
