package io.jangada.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealFileTest {
    private static final int FILE_BYTES = 16 * Disk.BLOCK_BYTES;

    private final Path folder;

    RealFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Some of it goes past the memory of the operating system and some of it through it, and everybody sees the same bytes. */
    @Test
    void blocksAndPiecesOfBlocksMix() throws IOException {
        Random random = new Random(19);
        RealDisk disk = RealDisk.open(folder);
        byte[] expected = new byte[FILE_BYTES];
        Files.write(folder.resolve("file"), expected);
        try (DiskFile file = disk.openForBlocks("file");
                DiskFile other = disk.open("file")) {
            for (int turn = 0; turn < 400; turn++) {
                byte[] piece = new byte[sizeOf(random)];
                random.nextBytes(piece);
                int at = placeOf(random, FILE_BYTES - piece.length);
                file.write(memory(disk, random, piece), at);
                System.arraycopy(piece, 0, expected, at, piece.length);
                if (random.nextBoolean()) {
                    file.force(false);
                }
                assertThat(read(disk, random, file)).isEqualTo(expected);
                assertThat(read(disk, random, other)).isEqualTo(expected);
            }
        }
        assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(expected);
    }

    private static int sizeOf(Random random) {
        return random.nextBoolean() ? (1 + random.nextInt(4)) * Disk.BLOCK_BYTES : 1 + random.nextInt(10_000);
    }

    private static int placeOf(Random random, int last) {
        int at = random.nextInt(last + 1);
        return random.nextBoolean() ? at & -Disk.BLOCK_BYTES : at;
    }

    /** Memory that a disk writes from without a copy, memory that it does not, and a place in memory that begins in the middle of a block. */
    private static ByteBuffer memory(Disk disk, Random random, byte[] content) {
        return switch (random.nextInt(4)) {
            case 0 -> ByteBuffer.wrap(content);
            case 1 ->
                disk.allocate(content.length + 8)
                        .position(8)
                        .slice()
                        .put(content)
                        .flip();
            default -> disk.allocate(content.length).put(content).flip();
        };
    }

    private static byte[] read(Disk disk, Random random, DiskFile file) throws IOException {
        ByteBuffer target = memory(disk, random, new byte[FILE_BYTES]).clear();
        assertThat(file.read(target, 0)).isEqualTo(FILE_BYTES);
        byte[] content = new byte[FILE_BYTES];
        target.get(0, content);
        return content;
    }

    /** The memory of the operating system has read ahead what is then written past it. */
    @Test
    void readersOfOtherHandlesNeverFindLessThanWhatHasBeenWritten() throws Exception {
        RealDisk disk = RealDisk.open(folder);
        Files.write(folder.resolve("file"), new byte[FILE_BYTES]);
        AtomicLong written = new AtomicLong();
        AtomicLong looks = new AtomicLong();
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!ended.get()) {
                assertThat(leastIn(disk, written)).isNotNegative();
                looks.incrementAndGet();
            }
        });
        try (DiskFile file = disk.openForBlocks("file")) {
            ByteBuffer block = disk.allocate(Disk.BLOCK_BYTES);
            for (long turn = 1; turn <= 4_000 && !reader.isDone(); turn++) {
                for (int at = 0; at < block.capacity(); at += Long.BYTES) {
                    block.putLong(at, turn);
                }
                file.write(block.clear(), turn * Disk.BLOCK_BYTES % FILE_BYTES);
                written.set(turn);
                if (turn % 16 == 0) {
                    file.force(false);
                }
            }
        } finally {
            ended.set(true);
        }
        reader.get(10, TimeUnit.SECONDS);
        assertThat(looks.get()).isPositive();
    }

    /** How much further than the last write that was over before the look the block is of which it was, at its oldest place. */
    private static long leastIn(Disk disk, AtomicLong written) {
        try (DiskFile file = disk.open("file")) {
            long turn = written.get();
            ByteBuffer block = ByteBuffer.allocate(Disk.BLOCK_BYTES);
            file.read(block, turn * Disk.BLOCK_BYTES % FILE_BYTES);
            long least = Long.MAX_VALUE;
            for (int at = 0; at < block.capacity(); at += Long.BYTES) {
                least = Math.min(least, block.getLong(at));
            }
            return least - turn;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aReadBehindTheLastWholeBlockEndsWithTheFile() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        byte[] content = new byte[2 * Disk.BLOCK_BYTES + 100];
        new Random(20).nextBytes(content);
        Files.write(folder.resolve("file"), content);
        try (DiskFile file = disk.openForBlocks("file")) {
            ByteBuffer target = disk.allocate(4 * Disk.BLOCK_BYTES);
            assertThat(file.read(target, 0)).isEqualTo(content.length);
            byte[] found = new byte[content.length];
            target.flip().get(found);
            assertThat(found).isEqualTo(content);
        }
    }

    @Test
    void memoryOfTheDiskBeginsWhereABlockDoes() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        for (int bytes : new int[] {Disk.BLOCK_BYTES, Disk.BLOCK_BYTES + 1, 1 << 20}) {
            ByteBuffer memory = disk.allocate(bytes);
            assertThat(memory.capacity()).isEqualTo(bytes);
            assertThat(memory.alignmentOffset(0, Disk.BLOCK_BYTES)).isZero();
        }
    }

    @Test
    void aClosedFileIsClosedForBlocksToo() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        Files.write(folder.resolve("file"), new byte[FILE_BYTES]);
        DiskFile file = disk.openForBlocks("file");
        file.close();
        assertThatThrownBy(() -> file.write(disk.allocate(Disk.BLOCK_BYTES), 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("file");
        assertThatThrownBy(() -> file.write(disk.allocate(10), 0)).isInstanceOf(IOException.class);
    }

    @Test
    void aFileSystemThatKnowsNoSuchChannelIsNoObstacle() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        URI archive = URI.create("jar:" + folder.resolve("archive.zip").toUri());
        try (FileSystem other = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path file = Files.write(other.getPath("file"), new byte[FILE_BYTES]);
            assertThat(BlockChannel.open(file, disk)).isNull();
        }
    }

    @Test
    void anEmptyFileIsTriedOutAndStaysEmpty() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        disk.create("file").close();
        try (DiskFile file = disk.openForBlocks("file")) {
            assertThat(file.size()).isZero();
            assertThat(file.read(disk.allocate(Disk.BLOCK_BYTES), 0)).isZero();
        }
    }

    @Test
    void aFileThatCannotBeReadIsNotWrittenPastTheMemory() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        assertThat(BlockChannel.open(folder.resolve("missing"), disk)).isNull();
        assertThatThrownBy(() -> disk.openForBlocks("missing"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void withoutSuchAChannelEverythingGoesThroughTheMemory() throws IOException {
        RealDisk disk = RealDisk.open(folder);
        Path path = Files.write(folder.resolve("file"), new byte[FILE_BYTES]);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        byte[] content = new byte[FILE_BYTES];
        new Random(21).nextBytes(content);
        try (RealFile file = new RealFile(path, channel, null)) {
            file.write(disk.allocate(FILE_BYTES).put(content).flip(), 0);
            file.force(true);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(content);
    }
}
