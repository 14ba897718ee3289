package io.jangada.server.backup;

import io.jangada.storage.Fingerprint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The writer of a backup (docs/log-format.md has the form), from its beginning to its end, without knowing how long it will be. Holds one chunk. */
public final class BackupWriter {
    private final OutputStream target;
    private final int headerChecksum;
    private final MessageDigest digest = BackupEnd.digest();
    private final Fingerprint fingerprint = new Fingerprint();
    private final byte[] chunk = new byte[BackupHeader.CHUNK_BYTES];
    private int filled;
    private long contentBytes;
    private long position;

    private BackupWriter(OutputStream target, BackupHeader header) {
        this.target = target;
        this.headerChecksum = header.checksum();
    }

    /** What writes the state. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a whole backup; flushes the target and does not close it. */
    public static void write(BackupHeader header, Content content, OutputStream target) throws IOException {
        BackupWriter writer = new BackupWriter(target, header);
        writer.put(header.encode().array());
        content.writeTo(writer.contentStream());
        writer.end();
        target.flush();
    }

    private OutputStream contentStream() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                append(bytes, from, length);
            }
        };
    }

    private void append(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, chunk.length - filled);
            System.arraycopy(bytes, at, chunk, filled, count);
            filled += count;
            at += count;
            left -= count;
            if (filled == chunk.length) {
                endChunk();
            }
        }
    }

    private void endChunk() throws IOException {
        fingerprint.update(ByteBuffer.wrap(chunk, 0, filled));
        int checksum = BackupHeader.checksum(headerChecksum, contentBytes, chunk, filled);
        put(ByteBuffer.allocate(8).putInt(filled).putInt(checksum).array());
        put(chunk, filled);
        contentBytes += filled;
        filled = 0;
    }

    private void end() throws IOException {
        if (filled > 0) {
            endChunk();
        }
        put(new byte[4]);
        put(BackupEnd.encode(contentBytes, fingerprint.value(), headerChecksum));
        put(new byte[BackupEnd.padding(position)]);
        target.write(digest.digest());
    }

    private void put(byte[] bytes) throws IOException {
        put(bytes, bytes.length);
    }

    private void put(byte[] bytes, int length) throws IOException {
        digest.update(bytes, 0, length);
        target.write(bytes, 0, length);
        position += length;
    }
}
