package io.jangada.storage;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot of files consists of: the files in their order, each with digest and checksums. Its bytes are the beginning of the snapshot's content, the files follow ({@code docs/log-format.md}).
 *
 * <p>It has four bytes for each chunk of the state: 64 KiB for a GiB with chunks of 64 KiB.
 */
final class Manifest {
    /** A manifest of so many bytes names a TiB; a longer one would be damage. */
    static final int MAX_BYTES = 64 << 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final int MAGIC = 0x4a4d414e; // "JMAN"
    private static final int VERSION = 1;
    private static final int DIGEST_BYTES = 32;

    private final List<SnapshotPart> parts;
    private final byte[] encoded;
    /** Where each part begins in the content, and at last where it ends. */
    private final long[] starts;

    private Manifest(List<SnapshotPart> parts, byte[] encoded) {
        this.parts = parts;
        this.encoded = encoded;
        this.starts = new long[parts.size() + 1];
        starts[0] = encoded.length;
        for (int number = 0; number < parts.size(); number++) {
            starts[number + 1] = starts[number] + parts.get(number).sizeBytes();
        }
    }

    /** The manifest of these files, which have chunks of one size. Throws {@link IllegalArgumentException} if names are not as they must be. */
    static Manifest of(List<SnapshotPart> parts, int chunkBytes) {
        requireNames(parts);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(chunkBytes);
            out.writeInt(parts.size());
            for (SnapshotPart part : parts) {
                out.writeByte(part.name().length());
                out.write(part.name().getBytes(StandardCharsets.US_ASCII));
                out.writeLong(part.sizeBytes());
                out.write(HexFormat.of().parseHex(part.digest()));
                for (int chunk = 0; chunk < part.chunks(); chunk++) {
                    out.writeInt(part.checksum(chunk));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        if (bytes.size() > MAX_BYTES) {
            throw new IllegalArgumentException("a state whose manifest has " + bytes.size()
                    + " bytes is too large: at most " + MAX_BYTES + ", a TiB with chunks of 64 KiB");
        }
        return new Manifest(List.copyOf(parts), bytes.toByteArray());
    }

    private static void requireNames(List<SnapshotPart> parts) {
        Set<String> names = new HashSet<>();
        for (SnapshotPart part : parts) {
            if (!NAME.matcher(part.name()).matches() || !names.add(part.name())) {
                throw new IllegalArgumentException(
                        "'" + part.name()
                                + "' is twice in the state or no name for a file of it: 1 to 128 letters, digits, dots, hyphens and underscores, not beginning with a dot");
            }
        }
    }

    /** Reads a manifest, of which nothing is believed: it may have come from another node. */
    static Manifest decode(byte[] encoded) throws SnapshotFormatException {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        try {
            if (in.getInt() != MAGIC) {
                throw new SnapshotFormatException(0, "its manifest does not begin as one does");
            }
            int version = in.getInt();
            if (version != VERSION) {
                throw new SnapshotFormatException(
                        4, "its manifest has format version " + version + ", this release reads " + VERSION);
            }
            int chunkBytes = in.getInt();
            int count = in.getInt();
            if (chunkBytes < SnapshotOptions.MIN_CHUNK_BYTES || chunkBytes > SnapshotOptions.MAX_CHUNK_BYTES) {
                throw new SnapshotFormatException(8, "its manifest has chunks of " + chunkBytes + " bytes");
            }
            List<SnapshotPart> parts = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                parts.add(part(in, chunkBytes));
            }
            if (count < 1 || in.hasRemaining()) {
                throw new SnapshotFormatException(in.position(), "its manifest does not end where its files do");
            }
            requireNames(parts);
            return new Manifest(List.copyOf(parts), encoded.clone());
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            SnapshotFormatException wrong =
                    new SnapshotFormatException(in.position(), "its manifest makes no sense: " + e.getMessage());
            wrong.initCause(e);
            throw wrong;
        }
    }

    private static SnapshotPart part(ByteBuffer in, int chunkBytes) throws SnapshotFormatException {
        byte[] name = new byte[in.get() & 0xff];
        in.get(name);
        long size = in.getLong();
        byte[] digest = new byte[DIGEST_BYTES];
        in.get(digest);
        long chunks = size < 0 ? -1 : SnapshotPart.chunks(size, chunkBytes);
        if (chunks < 0 || chunks > in.remaining() / Integer.BYTES) {
            throw new SnapshotFormatException(in.position(), "its manifest has a file of " + size + " bytes");
        }
        int[] checksums = new int[(int) chunks];
        Arrays.setAll(checksums, chunk -> in.getInt());
        return new SnapshotPart(
                new String(name, StandardCharsets.US_ASCII),
                size,
                HexFormat.of().formatHex(digest),
                chunkBytes,
                checksums);
    }

    List<SnapshotPart> parts() {
        return parts;
    }

    /** Its own bytes. */
    byte[] encoded() {
        return encoded;
    }

    /** The length of the content: of itself and of all files. */
    long contentBytes() {
        return starts[parts.size()];
    }

    /** Where in the content the file of this number begins. */
    long startOf(int number) {
        return starts[number];
    }

    /** The number of the file in which this place of the content lies, which must be behind the manifest and before the end. */
    int partAt(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        int number = found >= 0 ? found : -found - 2;
        while (starts[number + 1] == starts[number]) {
            number++; // An empty file begins where the next one does.
        }
        return number;
    }

    /** The file of this name, or null. */
    @Nullable
    SnapshotPart named(String name) {
        for (SnapshotPart part : parts) {
            if (part.name().equals(name)) {
                return part;
            }
        }
        return null;
    }

    /** What its files are called in the folder. */
    Set<String> fileNames() {
        return parts.stream().map(SnapshotPart::fileName).collect(Collectors.toSet());
    }
}
