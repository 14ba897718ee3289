package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot that is arriving from another node: what has been announced of it, and what is there. One thread.
 *
 * <p>What arrives goes into the file {@code incoming.tmp} until that has all of it or, of a snapshot of files, the manifest; then the files follow ({@link IncomingParts}).
 */
final class IncomingSnapshot implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingSnapshot.class);

    private final Disk disk;
    private final SnapshotParts kept;
    private final SnapshotMeta meta;
    private final SnapshotWriter writer;
    private @Nullable IncomingParts parts;

    private IncomingSnapshot(Disk disk, SnapshotParts kept, SnapshotMeta meta, SnapshotWriter writer) {
        this.disk = disk;
        this.kept = kept;
        this.meta = meta;
        this.writer = writer;
    }

    static IncomingSnapshot begin(
            Disk disk, FolderIdentity folder, SnapshotParts kept, SnapshotMeta meta, int chunkBytes)
            throws IOException {
        if (meta.manifestBytes() > Manifest.MAX_BYTES) {
            throw new SnapshotFormatException(
                    0, "a manifest of " + meta.manifestBytes() + " bytes was announced; at most " + Manifest.MAX_BYTES);
        }
        SnapshotHeader header = SnapshotHeader.of(folder, meta, chunkBytes);
        return new IncomingSnapshot(disk, kept, meta, SnapshotWriter.begin(disk, FileNames.SNAPSHOT_INCOMING, header));
    }

    /** Goes on with what an earlier process has received, as far as its checksums are right. */
    static IncomingSnapshot resume(Disk disk, FolderIdentity folder, SnapshotParts kept) throws IOException {
        SnapshotWriter writer = SnapshotWriter.resume(disk, FileNames.SNAPSHOT_INCOMING);
        SnapshotHeader header = writer.header();
        try {
            if (!header.owner().equals(folder.owner()) || header.folderId() != folder.folderId()) {
                throw new SnapshotFormatException(16, "it was written in another folder, that of " + header.owner());
            }
            SnapshotMeta meta = header.meta(header.announcedSize(), header.announcedFingerprint());
            IncomingSnapshot incoming = new IncomingSnapshot(disk, kept, meta, writer);
            incoming.goOnToParts();
            return incoming;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    SnapshotMeta meta() {
        return meta;
    }

    /** The first byte of the content that is not here: in front of it, everything is. */
    long received() {
        IncomingParts present = parts;
        return present == null ? writer.size() : present.position();
    }

    /** Takes a piece of the content that begins where what is here ends; throws {@link SnapshotFormatException} if it is not what was announced. */
    void append(byte[] piece) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        long offset = received();
        if (parts == null) {
            long announced = meta.inFiles() ? meta.manifestBytes() : meta.sizeBytes();
            int count = (int) Math.min(piece.length, announced - writer.size());
            writer.append(piece, 0, count);
            bytes.position(count);
            offset += count;
            goOnToParts();
        }
        IncomingParts present = parts;
        if (present != null) {
            present.take(offset, bytes);
        }
    }

    /** If the manifest of a snapshot of files is complete, it is time for them. */
    private void goOnToParts() throws IOException {
        if (!meta.inFiles() || parts != null || writer.size() < meta.manifestBytes()) {
            return;
        }
        SnapshotMeta found = writer.finish();
        if (found.fingerprint() != meta.fingerprint()) {
            throw new SnapshotFormatException(
                    0, "the manifest that arrived has another fingerprint than was announced");
        }
        StoredSnapshot head = new StoredSnapshot(FileNames.SNAPSHOT_INCOMING, meta, writer.layout(), null);
        Manifest manifest = head.readManifest(disk);
        if (manifest.contentBytes() != meta.sizeBytes()) {
            throw new SnapshotFormatException(
                    0,
                    "its manifest and files have " + manifest.contentBytes() + " bytes, not the " + meta.sizeBytes()
                            + " that were announced");
        }
        parts = new IncomingParts(disk, kept, manifest);
        kept.removeUnused();
    }

    /** Makes the content durable, complete as it is; whether it is what was announced is for the caller to see. */
    StoredSnapshot finish() throws IOException {
        IncomingParts present = parts;
        if (present == null) {
            SnapshotMeta whole = writer.finish();
            return new StoredSnapshot(FileNames.snapshot(whole), whole, writer.layout(), null);
        }
        // The names of the files, before the name of what needs them.
        disk.sync();
        LOG.info(
                "snapshot of index {} received: {} files, {} of {} bytes were here already",
                meta.index(),
                present.manifest().parts().size(),
                present.passedOver(),
                meta.sizeBytes());
        return new StoredSnapshot(FileNames.snapshot(meta), meta, writer.layout(), present.manifest());
    }

    @Override
    public void close() throws IOException {
        IncomingParts present = parts;
        parts = null;
        try (writer) {
            if (present != null) {
                present.close();
            }
        }
    }
}
