package io.jangada.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.kv.KeyValueStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a backup, what is noticed of their damage, and files that are whole or not there. */
class BackupFileTest {
    private final Path folder;
    private final Path file;

    BackupFileTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("backup");
    }

    /** The bytes that docs/log-format.md describes; a backup made by this release must be readable for ever. */
    @Test
    void theFormatIsPinned() throws IOException {
        byte[] backup = SampleBackup.ofKeys(1);
        assertThat(HexFormat.of().formatHex(backup, 0, 72 + 12))
                .isEqualTo("4a414e4741424b50" + "00000001" + "00000048" // magic, version, length
                        + "000000000000cafe" + "0000000000000011" // cluster, member
                        + "000000000000000a" + "0000000000000007" // index, term
                        + "0000000000000002" + "0000000000001234" // revision, number
                        + "00010000" + "98013df6" // chunk size, checksum
                        + "00000078" + "8a1a93d7" + "4a4b5653"); // a chunk: length, checksum, content
        assertThat(backup.length % 512).isEqualTo(32);
        assertThat(HexFormat.of().formatHex(digest(Arrays.copyOf(backup, backup.length - 32))))
                .isEqualTo(HexFormat.of().formatHex(backup, backup.length - 32, backup.length));
    }

    /** A file that was written when version 1 was new. It must be readable for ever; later versions get files of their own beside it. */
    @Test
    void aBackupOfVersionOneIsReadForEver() throws IOException {
        try (InputStream fixture = BackupFileTest.class.getResourceAsStream("/backups/version-1.backup")) {
            assertThat(fixture).isNotNull();
            BackupInfo info = BackupInfo.read(fixture, "version-1.backup");
            assertThat(info.header().revision()).isEqualTo(4);
            assertThat(info.header().index()).isEqualTo(30);
            assertThat(info.header().term()).isEqualTo(7);
            assertThat(info.state().keys()).isEqualTo(3);
            assertThat(info.fingerprint()).isEqualTo(0x6d02_d902_e28f_58fdL);
        }
    }

    private static byte[] digest(byte[] bytes) {
        MessageDigest digest = BackupEnd.digest();
        digest.update(bytes);
        return digest.digest();
    }

    @Test
    void whatIsSavedIsDescribedAndComesBack() throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory();
                KeyValueStore other = KeyValueStore.inMemory()) {
            for (int key = 1; key <= 5_000; key++) {
                SampleBackup.put(store, key, "key-" + key % 700, "value-" + key);
            }
            byte[] backup = SampleBackup.of(store);
            BackupInfo saved = new BackupFile(file).save(() -> new ByteArrayInputStream(backup), false);
            assertThat(saved).isEqualTo(new BackupFile(file).verify());
            assertThat(saved.state().keys()).isEqualTo(700);
            assertThat(saved.state().revision()).isEqualTo(5_001);
            assertThat(saved.header().index()).isEqualTo(5_000);
            assertThat(saved.fileBytes()).isEqualTo(backup.length).isGreaterThan(3 * BackupHeader.CHUNK_BYTES);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            new BackupFile(file).restore((header, state) -> state.writeTo(content));
            other.restore(5_000, 7, new ByteArrayInputStream(content.toByteArray()));
            assertThat(other.stateHash()).isEqualTo(store.stateHash());
        }
    }

    @Test
    void anEmptyStoreCanBeSaved() throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            byte[] backup = SampleBackup.of(store);
            BackupInfo info = BackupInfo.read(new ByteArrayInputStream(backup), "empty");
            assertThat(info.header().revision()).isEqualTo(1);
            assertThat(info.state().keys()).isZero();
        }
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] backup = SampleBackup.ofKeys(3);
        for (int length = 0; length < backup.length; length++) {
            byte[] cut = Arrays.copyOf(backup, length);
            assertThatThrownBy(() -> BackupInfo.read(new ByteArrayInputStream(cut), "this"))
                    .isInstanceOf(BackupFormatException.class)
                    .hasMessage("the backup this is damaged at offset " + length
                            + ": it ends here, before its end. Use another copy of it");
        }
        byte[] longer = Arrays.copyOf(backup, backup.length + 1);
        assertThatThrownBy(() -> BackupInfo.read(new ByteArrayInputStream(longer), "this"))
                .hasMessageContaining("damaged at offset " + backup.length + ": something follows its end");
    }

    @Test
    void everyChangedBitIsNoticedAtAnOffsetNotBehindIt() throws IOException {
        byte[] backup = SampleBackup.ofKeys(3);
        for (int bit = 0; bit < 8 * backup.length; bit++) {
            int at = bit / 8;
            byte[] changed = backup.clone();
            changed[at] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> BackupInfo.read(new ByteArrayInputStream(changed), "this"))
                    .as("bit %d", bit)
                    .isInstanceOf(BackupFormatException.class)
                    .satisfies(e -> assertThat(offsetIn(String.valueOf(e.getMessage())))
                            .isLessThanOrEqualTo(Math.max(at, backup.length)));
        }
    }

    private static long offsetIn(String message) {
        return Long.parseLong(message.replaceAll("(?s).*offset (\\d+).*", "$1"));
    }

    @Test
    void damageInAChunkIsNamedByTheOffsetOfTheChunk() throws IOException {
        byte[] backup = SampleBackup.ofKeys(10_000);
        int second = BackupHeader.BYTES + 8 + BackupHeader.CHUNK_BYTES;
        backup[second + 100] ^= 1;
        Files.write(file, backup);
        assertThatThrownBy(() -> new BackupFile(file).verify())
                .hasMessage("the backup " + file + " is damaged at offset " + second
                        + ": the checksum of the chunk is wrong. Use another copy of it");
    }

    @Test
    void aNewerVersionAndAnotherKindOfFileAreRefusedByName() throws IOException {
        byte[] newer = Arrays.copyOf(SampleBackup.ofKeys(1), 80);
        ByteBuffer header = ByteBuffer.wrap(newer);
        header.putInt(8, 2).putInt(12, 80);
        CRC32C crc = new CRC32C();
        crc.update(newer, 0, 76);
        header.putInt(76, (int) crc.getValue());
        Files.write(file, newer);
        assertThatThrownBy(() -> new BackupFile(file).verify())
                .hasMessage("the backup " + file + " has format version 2 (offset 8), and this release reads up to"
                        + " version 1: use the newer release that saved it");
        Files.write(file, new byte[4096]);
        assertThatThrownBy(() -> new BackupFile(file).verify())
                .hasMessageContaining(file + " is no backup that 'jangada snapshot save' made");
    }

    @Test
    void aSaveThatFailsLeavesNothing() throws IOException {
        byte[] backup = SampleBackup.ofKeys(10_000);
        InputStream broken = new FilterInputStream(new ByteArrayInputStream(backup)) {
            private int left = 100_000;

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                if (left < length) {
                    throw new IOException("the line is cut");
                }
                left -= length;
                return super.read(target, from, length);
            }
        };
        assertThatThrownBy(() -> new BackupFile(file).save(() -> broken, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the line is cut");
        backup[backup.length / 2] ^= 1;
        assertThatThrownBy(() -> new BackupFile(file).save(() -> new ByteArrayInputStream(backup), false))
                .isInstanceOf(BackupFormatException.class);
        assertThat(names()).isEmpty();
    }

    @Test
    void aFileIsReplacedOnlyWhenToldAndOnlyByAWholeOne() throws IOException {
        byte[] backup = SampleBackup.ofKeys(3);
        byte[] cut = Arrays.copyOf(backup, 200);
        Files.writeString(file, "dear");
        assertThatThrownBy(() -> new BackupFile(file).save(() -> new ByteArrayInputStream(backup), false))
                .hasMessageContaining("exists already; name another file, or say --overwrite");
        assertThatThrownBy(() -> new BackupFile(file).save(() -> new ByteArrayInputStream(cut), true))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("dear");
        new BackupFile(file).save(() -> new ByteArrayInputStream(backup), true);
        assertThat(file).hasBinaryContent(backup);
        assertThat(names()).containsExactly("backup");
    }

    @Test
    void whatAKilledSaveLeftIsReplacedAndOneThatRunsIsNot() throws IOException {
        byte[] backup = SampleBackup.ofKeys(3);
        Path part = folder.resolve("backup.part");
        Files.write(part, new byte[100_000]);
        try (FileChannel running = FileChannel.open(part, StandardOpenOption.WRITE)) {
            assertThat(running.tryLock()).isNotNull();
            assertThatThrownBy(() -> new BackupFile(file).save(() -> new ByteArrayInputStream(backup), false))
                    .hasMessageContaining("is being written by another");
            assertThat(part).exists();
        }
        new BackupFile(file).save(() -> new ByteArrayInputStream(backup), false);
        assertThat(file).hasBinaryContent(backup);
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).toList().stream();
        }
    }
}
