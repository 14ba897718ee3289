package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of docs/log-format.md, spelled out: a log that this release has written must be readable for ever. */
class LogFormatTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0x0102030405060708L), NodeId.of(0x1a));
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(4096).deterministic(0x77);

    private static final String IDENTITY_1 =
            "4a414e4741444130" + "00000001" + "0102030405060708" + "000000000000001a" + "0000000000000077" + "2713f0d0";
    private static final String SEGMENT_1 = "4a414e47414c4f47"
            + "00000001"
            + "00000080"
            + "0102030405060708"
            + "000000000000001a"
            + "0000000000000001"
            + "2c366caac191845f"
            + "0000000000001000"
            + "0000000000000001"
            + "0000000000000001"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "00000000000000000000000000000000000000000000000000000000"
            + "cd2d6882"
            + "4a524543"
            + "90a93f27"
            + "00000025"
            + "3539ab45"
            + "0000000000000001"
            + "0000000000000080"
            + "0000000000000001"
            + "0000000000000003"
            + "00000001"
            + "00000001"
            + "0000000000000003000000000000001a"
            + "000000000000000000000000030000000000000001"
            + "000000"
            + "4a524543"
            + "6e8919ed"
            + "0000003b"
            + "5d45cf10"
            + "0000000000000002"
            + "00000000000000e0"
            + "0000000000000002"
            + "0000000000000003"
            + "00000002"
            + "00000002"
            + "0000000000000001"
            + "000000050100000000000000030000000000000002"
            + "68656c6c6f"
            + "000000040100000000000000030000000000000003"
            + "72616674"
            + "0000000000";

    private static final String IDENTITY =
            "4a414e4741444130" + "00000002" + "0102030405060708" + "000000000000001a" + "0000000000000077" + "554eac77";
    private static final String SEGMENT = "4a414e47414c4f47"
            + "00000002"
            + "00000080"
            + "0102030405060708"
            + "000000000000001a"
            + "0000000000000001"
            + "2c366caac191845f"
            + "0000000000001000"
            + "0000000000000001"
            + "0000000000000001"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "000000000000000000000000"
            + "9c77d975"
            + "4a524543"
            + "90a93f27"
            + "00000025"
            + "3539ab45"
            + "0000000000000001"
            + "0000000000000080"
            + "0000000000000001"
            + "0000000000000003"
            + "00000001"
            + "00000001"
            + "0000000000000003000000000000001a"
            + "000000000000000000000000030000000000000001"
            + "000000"
            + "4a524543"
            + "35071f23"
            + "0000004a"
            + "ebc346f0"
            + "0000000000000002"
            + "00000000000000e0"
            + "0000000000000002"
            + "0000000000000003"
            + "00000002"
            + "00000002"
            + "0000000000000001"
            + "000000050100000000000000030000000000000002"
            + "68656c6c6f"
            + "000000130200000000000000030000000000000003"
            + "010001000000000000001a0000000000000000"
            + "000000000000"
            + "4a524543"
            + "adac99dc"
            + "00000010"
            + "bcb1b37f"
            + "0000000000000003"
            + "0000000000000168"
            + "0000000000000000"
            + "0000000000000000"
            + "00000000"
            + "00000008"
            + "00000000000000020000000000000003"
            + "4a524543"
            + "48051071"
            + "00000029"
            + "f70cfc3c"
            + "0000000000000004"
            + "00000000000001b0"
            + "000000000000000a"
            + "0000000000000004"
            + "00000001"
            + "00000018"
            + "00000000000000090000000000000004"
            + "00000004010000000000000004000000000000000a"
            + "72616674"
            + "00000000000000";

    private static final Membership MEMBERSHIP = Membership.ofVoters(NodeId.of(0x1a));
    private static final Entry HELLO = command(2, 3, "hello");

    private final Path folder;

    LogFormatTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void writesTheBytesOfVersion2() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
            log.write(new WriteBatch(
                    1, new HardState(3, NodeId.of(0x1a)), WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 3))));
            log.sync();
            log.write(new WriteBatch(2, null, 1, List.of(HELLO, Entry.membership(3, 3, MEMBERSHIP))));
            log.sync();
            log.write(new WriteBatch(3, null, new LogBase(2, 3, false), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
            log.write(new WriteBatch(
                    4, null, new LogBase(9, 4, true), WriteBatch.KEEP_ALL, List.of(command(10, 4, "raft"))));
            log.sync();
        }
        byte[] segment = Files.readAllBytes(folder.resolve("0000000000000001.log"));
        assertThat(segment).hasSize(4096);
        int used = SEGMENT.length() / 2;
        assertThat(hex(Files.readAllBytes(folder.resolve("IDENTITY")))).isEqualTo(IDENTITY);
        assertThat(hex(Arrays.copyOf(segment, used))).isEqualTo(SEGMENT);
        assertThat(Arrays.copyOfRange(segment, used, 4096)).containsOnly(0);
    }

    @Test
    void readsTheBytesOfVersion2() throws IOException {
        writeFixture(IDENTITY, SEGMENT);
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
            assertThat(log.recovered())
                    .isEqualTo(new LogState(
                            new HardState(3, NodeId.of(0x1a)), 10, 10, 4, List.of(new TermStart(10, 4)), List.of()));
            assertThat(log.read(10, 10, 1_000)).containsExactly(command(10, 4, "raft"));
            assertThat(log.read(2, 10, 1_000)).isEmpty();
            assertThat(log.incarnation()).isEqualTo(0x77);
        }
    }

    /** The same without the last record: compacted, not reset. */
    @Test
    void readsTheBytesOfABase() throws IOException {
        writeFixture(IDENTITY, SEGMENT.substring(0, SEGMENT.length() - 2 * 104));
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
            assertThat(log.recovered())
                    .isEqualTo(new LogState(
                            new HardState(3, NodeId.of(0x1a)),
                            3,
                            3,
                            3,
                            List.of(new TermStart(3, 3)),
                            List.of(new MembershipAt(3, MEMBERSHIP))));
        }
    }

    @Test
    void readsTheBytesOfVersion1() throws IOException {
        writeFixture(IDENTITY_1, SEGMENT_1);
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
            assertThat(log.incarnation()).isEqualTo(0x77);
            assertThat(log.recovered())
                    .isEqualTo(new LogState(new HardState(3, NodeId.of(0x1a)), 1, 3, List.of(new TermStart(1, 3))));
            assertThat(log.read(1, 3, 1_000)).containsExactly(Entry.noOp(1, 3), HELLO, command(3, 3, "raft"));
        }
        assertThat(hex(Files.readAllBytes(folder.resolve("IDENTITY"))))
                .as("older releases must not touch what this one writes from now on")
                .isEqualTo(IDENTITY);
    }

    /** A whole header with a length that no segment has, its checksum right: nothing of that size is allocated (trap 43). */
    @Test
    void refusesALengthThatDoesNotFit() throws IOException {
        writeFixture(IDENTITY, SEGMENT_1);
        Path file = folder.resolve("0000000000000001.log");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        long id = new FolderIdentity(OWNER, 0x77).segmentId(1);
        new RecordHeader(Integer.MAX_VALUE - 64, 0, 2, 224, 2, 3, 1, 0).encode(bytes, 224, id + 224);
        Files.write(file, bytes.array());
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(1); // it may be the torn last write, and is cut
        }
        assertThat(Files.readAllBytes(file)).endsWith(new byte[4096 - 224]);
    }

    @Test
    void aNewerVersionIsRefusedByName() throws IOException {
        writeFixture(IDENTITY, SEGMENT);
        Path file = folder.resolve("IDENTITY");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        bytes.putInt(8, 3);
        bytes.putInt(36, Checksum.of(bytes, 0, 36));
        Files.write(file, bytes.array());
        assertThatThrownBy(() -> SegmentedLog.open(folder, OWNER, OPTIONS))
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("version 3")
                .hasMessageContaining("newer release");
    }

    @Test
    void aRecordOfAnotherSegmentOrOffsetIsNone() {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        RecordHeader header = new RecordHeader(0, 0, 1, 128, 0, 0, 0, 0);
        header.encode(bytes, 0, 1_000 + 128);
        assertThat(RecordHeader.decode(bytes, 0, 1_000 + 128)).isEqualTo(header);
        assertThat(RecordHeader.decode(bytes, 0, 1_001 + 128)).isNull();
        assertThat(RecordHeader.decode(bytes, 0, 1_000 + 136)).isNull();
        assertThat(RecordHeader.decode(bytes, 0, 1_000 + 128))
                .as("decoding leaves the bytes")
                .isEqualTo(header);
    }

    private static Entry command(long index, long term, String payload) {
        return Entry.command(index, term, payload.getBytes(StandardCharsets.US_ASCII));
    }

    private void writeFixture(String identity, String segment) throws IOException {
        Files.write(folder.resolve("IDENTITY"), HexFormat.of().parseHex(identity));
        Files.write(
                folder.resolve("0000000000000001.log"),
                Arrays.copyOf(HexFormat.of().parseHex(segment), 4096));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
