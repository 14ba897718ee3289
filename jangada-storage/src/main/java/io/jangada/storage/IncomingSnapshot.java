package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;

/** A snapshot that is arriving from another node: what has been announced of it, and what is there. One thread. */
final class IncomingSnapshot implements Closeable {
    private final SnapshotMeta meta;
    private final SnapshotWriter writer;

    private IncomingSnapshot(SnapshotMeta meta, SnapshotWriter writer) {
        this.meta = meta;
        this.writer = writer;
    }

    static IncomingSnapshot begin(Disk disk, FolderIdentity folder, SnapshotMeta meta, int chunkBytes)
            throws IOException {
        SnapshotHeader header = new SnapshotHeader(
                folder.owner(),
                folder.folderId(),
                meta.index(),
                meta.term(),
                meta.membership(),
                chunkBytes,
                meta.sizeBytes(),
                meta.fingerprint());
        return new IncomingSnapshot(meta, SnapshotWriter.begin(disk, FileNames.SNAPSHOT_INCOMING, header));
    }

    /** Goes on with what an earlier process has received, as far as its checksums are right. */
    static IncomingSnapshot resume(Disk disk, FolderIdentity folder) throws IOException {
        SnapshotWriter writer = SnapshotWriter.resume(disk, FileNames.SNAPSHOT_INCOMING);
        SnapshotHeader header = writer.header();
        if (!header.owner().equals(folder.owner()) || header.folderId() != folder.folderId()) {
            writer.close();
            throw new SnapshotFormatException(16, "it was written in another folder, that of " + header.owner());
        }
        return new IncomingSnapshot(header.meta(header.announcedSize(), header.announcedFingerprint()), writer);
    }

    SnapshotMeta meta() {
        return meta;
    }

    long received() {
        return writer.size();
    }

    void append(byte[] piece) throws IOException {
        writer.append(piece, 0, piece.length);
    }

    /** Makes the content durable, complete as it is; whether it is what was announced is for the caller to see. */
    StoredSnapshot finish() throws IOException {
        SnapshotMeta whole = writer.finish();
        return new StoredSnapshot(FileNames.snapshot(whole), whole, writer.layout());
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
