package io.jangada.storage;

import io.jangada.storage.disk.DiskFile;

/** An open segment and its header. */
record Segment(SegmentHeader header, DiskFile file) {

    String name() {
        return FileNames.segment(header.number());
    }
}
