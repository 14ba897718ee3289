package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot file that is whole: what it is called, what is in it and where.
 *
 * @param manifest of a snapshot of files what it consists of; null if the content is one stream
 */
record StoredSnapshot(
        String name,
        SnapshotMeta meta,
        SnapshotLayout layout,
        @Nullable Manifest manifest) {

    /** How much content this very file has. */
    long contentBytes() {
        return meta.inFiles() ? meta.manifestBytes() : meta.sizeBytes();
    }

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
                    || SnapshotFormatException.read(file, trailer, layout.trailerPosition(size))
                            < SnapshotLayout.TRAILER_BYTES
                    || !layout.isTrailer(trailer, size)) {
                throw new SnapshotFormatException(Math.max(0, file.size()), "it does not end as a whole snapshot does");
            }
            SnapshotMeta meta = header.meta(size, SnapshotLayout.fingerprintIn(trailer));
            if (!name.equals(FileNames.snapshot(meta))) {
                throw new SnapshotFormatException(0, "it should be called " + FileNames.snapshot(meta));
            }
            StoredSnapshot stored = new StoredSnapshot(name, meta, layout, null);
            if (size != stored.contentBytes()) {
                throw new SnapshotFormatException(0, "its header and its trailer tell different lengths");
            }
            return meta.inFiles() ? new StoredSnapshot(name, meta, layout, stored.readManifest(disk)) : stored;
        } catch (SnapshotFormatException e) {
            throw e.in(disk.location(), name);
        }
    }

    /** Reads what this file says of the others, and checks it against the fingerprint. */
    Manifest readManifest(Disk disk) throws IOException {
        try (InputStream content = new SnapshotStream(new SnapshotReader(disk, this), () -> {})) {
            return Manifest.decode(content.readAllBytes());
        }
    }

    /** Reads the whole content, files included; throws {@link CorruptSnapshotException} at the first byte that is wrong. */
    void verify(Disk disk) throws IOException {
        if (manifest != null) {
            verifyParts(disk, manifest);
        }
        try (InputStream content = new SnapshotStream(new SnapshotReader(disk, this), () -> {})) {
            content.transferTo(OutputStream.nullOutputStream());
        }
    }

    private void verifyParts(Disk disk, Manifest parts) throws IOException {
        List<String> present = disk.list();
        for (SnapshotPart part : parts.parts()) {
            if (!present.contains(part.fileName())) {
                throw new CorruptSnapshotException(
                        disk.location(),
                        name,
                        0,
                        "its file " + part.fileName() + ", " + part.name() + ", is not there");
            }
            try (PartReader reader = new PartReader(disk, part)) {
                reader.verify();
            }
        }
    }
}
