package io.jangada.server.backup;

import io.jangada.storage.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The reader of a backup: as a stream it is the content, each chunk of which is checked before a byte of it is given, and whose end is reached only if all of the file is
 * right to its last byte. Holds one chunk. One thread.
 */
final class BackupReader extends InputStream {
    private final InputStream source;
    private final String file;
    private final MessageDigest digest = BackupEnd.digest();
    private final Fingerprint fingerprint = new Fingerprint();
    private final byte[] chunk = new byte[BackupHeader.CHUNK_BYTES];
    private final BackupHeader header;
    private final int headerChecksum;
    private int at;
    private int filled;
    private long contentBytes;
    private long position;
    private boolean ended;

    /**
     * Reads the header.
     *
     * @param file what the file is called in messages
     */
    BackupReader(InputStream source, String file) throws IOException {
        this.source = source;
        this.file = file;
        byte[] start = take(BackupHeader.START_BYTES);
        int length = BackupHeader.length(start, file);
        byte[] rest = take(length - start.length);
        byte[] whole = Arrays.copyOf(start, length);
        System.arraycopy(rest, 0, whole, start.length, rest.length);
        this.header = BackupHeader.decode(whole, file);
        this.headerChecksum = header.checksum();
    }

    BackupHeader header() {
        return header;
    }

    /** How much content has been read. */
    long contentBytes() {
        return contentBytes;
    }

    /** How much of the file has been read. */
    long position() {
        return position;
    }

    long fingerprint() {
        return fingerprint.value();
    }

    @Override
    public int read() throws IOException {
        return advance() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, filled - at);
        System.arraycopy(chunk, at, target, from, count);
        at += count;
        return count;
    }

    private boolean advance() throws IOException {
        if (at < filled) {
            return true;
        }
        if (ended) {
            return false;
        }
        long begin = position;
        int length = ByteBuffer.wrap(take(4)).getInt();
        if (length == 0) {
            end();
            return false;
        }
        if (length < 0 || length > chunk.length) {
            throw damaged(begin, "a chunk has an impossible length, " + length);
        }
        int checksum = ByteBuffer.wrap(take(4)).getInt();
        fill(chunk, length);
        if (checksum != BackupHeader.checksum(headerChecksum, contentBytes, chunk, length)) {
            throw damaged(begin, "the checksum of the chunk is wrong");
        }
        fingerprint.update(ByteBuffer.wrap(chunk, 0, length));
        contentBytes += length;
        at = 0;
        filled = length;
        return true;
    }

    private void end() throws IOException {
        long begin = position;
        byte[] expected = BackupEnd.encode(contentBytes, fingerprint.value(), headerChecksum);
        if (!Arrays.equals(take(BackupEnd.BYTES), expected)) {
            throw damaged(begin, "length and fingerprint of the content are not those that were written");
        }
        begin = position;
        int zeros = BackupEnd.padding(position);
        if (!Arrays.equals(take(zeros), new byte[zeros])) {
            throw damaged(begin, "something stands where zeros belong");
        }
        byte[] computed = digest.digest();
        begin = position;
        if (!Arrays.equals(take(BackupEnd.DIGEST_BYTES), computed)) {
            throw damaged(begin, "the SHA-256 of all before is wrong");
        }
        if (source.read() >= 0) {
            throw damaged(position, "something follows its end");
        }
        ended = true;
    }

    private byte[] take(int length) throws IOException {
        byte[] bytes = new byte[length];
        fill(bytes, length);
        return bytes;
    }

    private void fill(byte[] target, int length) throws IOException {
        int count = source.readNBytes(target, 0, length);
        if (count < length) {
            throw damaged(position + count, "it ends here, before its end");
        }
        digest.update(target, 0, length);
        position += length;
    }

    private BackupFormatException damaged(long offset, String found) {
        return BackupFormatException.damaged(file, offset, found);
    }
}
