package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A snapshot file that is whole: what it is called, what is in it and where. */
record StoredSnapshot(String name, SnapshotMeta meta, SnapshotLayout layout) {

    /** Reads the ends of the file, not yet its content; throws {@link CorruptSnapshotException} if they are not those of a snapshot of this folder. */
    static StoredSnapshot load(Disk disk, FolderIdentity folder, String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            SnapshotHeader.Found found = SnapshotHeader.read(file);
            SnapshotHeader header = found.header();
            if (!header.owner().equals(folder.owner()) || header.folderId() != folder.folderId()) {
                throw new SnapshotFormatException(
                        16, "it was written in another folder, that of " + header.owner() + "; files cannot be moved");
            }
            SnapshotLayout layout = found.layout();
            long size = layout.sizeIn(file.size());
            ByteBuffer trailer = ByteBuffer.allocate(SnapshotLayout.TRAILER_BYTES);
            if (size < 0
                    || file.read(trailer, layout.trailerPosition(size)) < SnapshotLayout.TRAILER_BYTES
                    || !layout.isTrailer(trailer, size)) {
                throw new SnapshotFormatException(Math.max(0, file.size()), "it does not end as a whole snapshot does");
            }
            SnapshotMeta meta = header.meta(size, SnapshotLayout.fingerprintIn(trailer));
            if (!name.equals(FileNames.snapshot(meta))) {
                throw new SnapshotFormatException(0, "it should be called " + FileNames.snapshot(meta));
            }
            return new StoredSnapshot(name, meta, layout);
        } catch (SnapshotFormatException e) {
            throw e.in(disk.location(), name);
        }
    }

    /** Reads the whole content; throws {@link CorruptSnapshotException} at the first byte that is wrong. */
    void verify(Disk disk) throws IOException {
        try (InputStream content = new SnapshotStream(new SnapshotReader(disk, this), () -> {})) {
            content.transferTo(OutputStream.nullOutputStream());
        }
    }
}
