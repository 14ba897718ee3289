package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
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
            LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0x77);

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

    private static final String IDENTITY_2 =
            "4a414e4741444130" + "00000002" + "0102030405060708" + "000000000000001a" + "0000000000000077" + "554eac77";
    private static final String SEGMENT_2 = "4a414e47414c4f47"
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

    private static final String FIRST = "0000000000000001.log";
    private static final String IDENTITY =
            "4a414e4741444130" + "00000003" + "0102030405060708" + "000000000000001a" + "0000000000000077" + "7b7a67ea";
    private static final String SEGMENT = "4a414e47414c4f47"
            + "00000003"
            + "00000100"
            + "0102030405060708"
            + "000000000000001a"
            + "0000000000000001"
            + "2c366caac191845f"
            + "0000000000004000"
            + "0000000000000001"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "00000000"
            + "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "5e7548fa";
    private static final String RECORDS = "4a524543"
            + "47a0f78d"
            + "00000025"
            + "3539ab45"
            + "0000000000000001"
            + "0000000000002000"
            + "0000000000000001"
            + "0000000000000003"
            + "00000001"
            + "00000001"
            + "0000000000000001"
            + "0000000000000003"
            + "0000000000000001"
            + "ec4c5bee627011b3"
            + "0000000000000003"
            + "000000000000001a"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000003000000000000001a"
            + "000000000000000000000000030000000000000001"
            + "000000"
            + "4a524543"
            + "6aa1c238"
            + "0000004a"
            + "ebc346f0"
            + "0000000000000002"
            + "00000000000020b8"
            + "0000000000000002"
            + "0000000000000003"
            + "00000002"
            + "00000402"
            + "0000000000000003"
            + "0000000000000003"
            + "0000000000000001"
            + "ec4c5bee627011b3"
            + "0000000000000003"
            + "000000000000001a"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000002"
            + "0000000000000001"
            + "0000000000000000"
            + "0000000000000001"
            + "000000050100000000000000030000000000000002"
            + "68656c6c6f"
            + "000000130200000000000000030000000000000003"
            + "010001000000000000001a0000000000000000"
            + "000000000000"
            + "4a524543"
            + "6451e2fa"
            + "00000010"
            + "bcb1b37f"
            + "0000000000000003"
            + "0000000000002198"
            + "0000000000000000"
            + "0000000000000000"
            + "00000000"
            + "00000008"
            + "0000000000000003"
            + "0000000000000003"
            + "0000000000000003"
            + "bca402f674ddd08d"
            + "0000000000000003"
            + "000000000000001a"
            + "0000000000000002"
            + "0000000000000003"
            + "0000000000000002"
            + "0000000000000001"
            + "0000000000000000"
            + "00000000000000020000000000000003"
            + "4a524543"
            + "46f9f84a"
            + "00000049"
            + "d4503d38"
            + "0000000000000004"
            + "0000000000002238"
            + "000000000000000a"
            + "0000000000000004"
            + "00000001"
            + "00000558"
            + "000000000000000a"
            + "0000000000000004"
            + "000000000000000a"
            + "7894da776213c208"
            + "0000000000000003"
            + "000000000000001a"
            + "0000000000000009"
            + "0000000000000004"
            + "0000000000000004"
            + "0000000000000009"
            + "0000000000000002"
            + "00000000000000090000000000000004"
            + "0000000000000014000000000000000400000000000000150000000000000004"
            + "00000004010000000000000004000000000000000a"
            + "72616674"
            + "00000000000000";
    private static final String MARK = "4a524543"
            + "40ad9ece"
            + "00000020"
            + "38c95bda"
            + "0000000000000004"
            + "0000000000002238"
            + "0000000000002318"
            + "0000000000000000"
            + "00000000"
            + "00000460"
            + "000000000000000a"
            + "0000000000000004"
            + "000000000000000a"
            + "7894da776213c208"
            + "0000000000000003"
            + "000000000000001a"
            + "0000000000000009"
            + "0000000000000004"
            + "0000000000000004"
            + "0000000000000009"
            + "0000000000000002"
            + "0000000000000014000000000000000400000000000000150000000000000004";

    private static final Membership MEMBERSHIP = Membership.ofVoters(NodeId.of(0x1a));
    private static final Entry HELLO = command(2, 3, "hello");

    private final Path folder;

    LogFormatTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void writesTheBytesOfVersion3() throws IOException {
        writeLog();
        byte[] segment = Files.readAllBytes(folder.resolve(FIRST));
        assertThat(segment).hasSize(16 << 10);
        assertThat(hex(Files.readAllBytes(folder.resolve("IDENTITY"))))
                .isEqualTo(IDENTITY + "00".repeat(4056) + IDENTITY);
        assertThat(at(segment, 0, 256)).isEqualTo(SEGMENT);
        assertThat(at(segment, 4096, 256)).isEqualTo(SEGMENT);
        assertThat(at(segment, 8192, RECORDS.length() / 2)).isEqualTo(RECORDS);
        assertThat(at(segment, 12288, MARK.length() / 2)).isEqualTo(MARK);
        Arrays.fill(segment, 0, 256, (byte) 0);
        Arrays.fill(segment, 4096, 4096 + 256, (byte) 0);
        Arrays.fill(segment, 8192, 8192 + RECORDS.length() / 2, (byte) 0);
        Arrays.fill(segment, 12288, 12288 + MARK.length() / 2, (byte) 0);
        assertThat(segment).containsOnly(0);
    }

    private void writeLog() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(
                    1, new HardState(3, NodeId.of(0x1a)), WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 3))));
            log.sync();
            log.write(new WriteBatch(2, null, 1, List.of(HELLO, Entry.membership(3, 3, MEMBERSHIP))));
            log.sync();
            log.write(new WriteBatch(3, null, new LogBase(2, 3, false), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
            Promised promised = new Promised(new LogPosition(20, 4), new LogPosition(21, 4));
            log.write(new WriteBatch(
                    4,
                    null,
                    new LogBase(9, 4, true),
                    WriteBatch.KEEP_ALL,
                    List.of(command(10, 4, "raft")),
                    promised,
                    WriteBatch.SalvageFate.DROP));
            log.sync();
        }
    }

    @Test
    void readsTheBytesOfVersion3() throws IOException {
        byte[] segment = new byte[16 << 10];
        put(segment, 0, SEGMENT);
        put(segment, 4096, SEGMENT);
        put(segment, 8192, RECORDS);
        put(segment, 12288, MARK);
        Files.write(folder.resolve("IDENTITY"), HexFormat.of().parseHex(IDENTITY + "00".repeat(4056) + IDENTITY));
        Files.write(folder.resolve(FIRST), segment);
        try (SegmentedLog log = open()) {
            requireEnd(log, new Promised(new LogPosition(20, 4), new LogPosition(21, 4)));
        }
        assertThat(Files.readAllBytes(folder.resolve(FIRST)))
                .as("nothing to repair")
                .isEqualTo(segment);
    }

    @Test
    void readsTheBytesOfVersion2AndGoesOnInItsOwn() throws IOException {
        writeFixture(IDENTITY_2, SEGMENT_2);
        for (int round = 0; round < 2; round++) {
            try (SegmentedLog log = open()) {
                requireEnd(log, Promised.NOTHING);
            }
        }
        assertThat(at(Files.readAllBytes(folder.resolve("IDENTITY")), 0, 40))
                .as("older releases must not touch what this one writes from now on")
                .isEqualTo(IDENTITY);
        assertThat(at(Files.readAllBytes(folder.resolve("0000000000000002.log")), 8, 4))
                .isEqualTo("00000003");
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(command(11, 4, "on"))));
            log.sync();
            assertThat(log.read(10, 11, 1_000)).containsExactly(command(10, 4, "raft"), command(11, 4, "on"));
        }
        try (SegmentedLog log = open()) {
            assertThat(log.read(10, 11, 1_000)).containsExactly(command(10, 4, "raft"), command(11, 4, "on"));
        }
    }

    private static void requireEnd(SegmentedLog log, Promised promised) throws IOException {
        assertThat(log.recovered())
                .isEqualTo(new LogState(
                        new HardState(3, NodeId.of(0x1a)),
                        10,
                        10,
                        4,
                        List.of(new TermStart(10, 4)),
                        List.of(),
                        promised,
                        List.of()));
        assertThat(log.read(10, 10, 1_000)).containsExactly(command(10, 4, "raft"));
        assertThat(log.read(2, 10, 1_000)).isEmpty();
        assertThat(log.incarnation()).isEqualTo(0x77);
    }

    /** The same without the last record: compacted, not reset. */
    @Test
    void readsTheBytesOfABaseOfVersion2() throws IOException {
        writeFixture(IDENTITY_2, SEGMENT_2.substring(0, SEGMENT_2.length() - 2 * 104));
        try (SegmentedLog log = open()) {
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
        try (SegmentedLog log = open()) {
            assertThat(log.incarnation()).isEqualTo(0x77);
            assertThat(log.recovered())
                    .isEqualTo(new LogState(new HardState(3, NodeId.of(0x1a)), 1, 3, List.of(new TermStart(1, 3))));
            assertThat(log.read(1, 3, 1_000)).containsExactly(Entry.noOp(1, 3), HELLO, command(3, 3, "raft"));
        }
    }

    /** In the old format nothing names what a damaged place held, so the log is refused as it always was. */
    @Test
    void damageToVersion2IsRefused() throws IOException {
        writeFixture(IDENTITY_2, SEGMENT_2);
        Path file = folder.resolve(FIRST);
        byte[] bytes = Files.readAllBytes(file);
        bytes[128 + 56 + 30] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(this::open)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("at offset 128")
                .hasMessageContaining("checksum of a record body");
    }

    /** A whole header with a length that no segment has, its checksum right: nothing of that size is allocated (trap 43). */
    @Test
    void refusesALengthThatDoesNotFit() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 3))));
            log.sync();
        }
        Path file = folder.resolve(FIRST);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        long id = new FolderIdentity(OWNER, 0x77).segmentId(1);
        LogSummary after = new LogSummary(2, 3, 1, LogSummary.mix(1, 3), HardState.INITIAL, 0, 0, Cut.NONE);
        new RecordHeader(Integer.MAX_VALUE - 64, 0, 2, 8360, 2, 3, 1, 0, after).encode(bytes, 8360, id + 8360);
        Files.write(file, bytes.array());
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().lastIndex()).isEqualTo(1);
            assertThat(log.recovered().promised().isNothing()).isTrue();
        }
    }

    @Test
    void aNewerVersionIsRefusedByName() throws IOException {
        open().close();
        Path file = folder.resolve("IDENTITY");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        bytes.putInt(8, 4);
        bytes.putInt(36, Checksum.of(bytes, 0, 36));
        Files.write(file, bytes.array());
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("version 4")
                .hasMessageContaining("newer release");
    }

    @Test
    void aRecordOfAnotherSegmentOrOffsetIsNone() {
        ByteBuffer bytes = ByteBuffer.allocate(152);
        RecordHeader header = new RecordHeader(0, 0, 1, 8192, 0, 0, 0, 0, LogSummary.EMPTY);
        header.encode(bytes, 0, 1_000 + 8192);
        RecordFormat format = RecordFormat.CURRENT;
        assertThat(RecordHeader.decode(bytes, 0, 1_000 + 8192, format)).isEqualTo(header);
        assertThat(RecordHeader.decode(bytes, 0, 1_001 + 8192, format)).isNull();
        assertThat(RecordHeader.decode(bytes, 0, 1_000 + 8200, format)).isNull();
        assertThat(RecordHeader.decode(bytes, 0, 1_000 + 8192, format))
                .as("decoding leaves the bytes")
                .isEqualTo(header);
    }

    private SegmentedLog open() throws IOException {
        return SegmentedLog.open(folder, OWNER, OPTIONS);
    }

    private static void put(byte[] target, int at, String bytes) {
        System.arraycopy(HexFormat.of().parseHex(bytes), 0, target, at, bytes.length() / 2);
    }

    private static String at(byte[] bytes, int from, int length) {
        return hex(Arrays.copyOfRange(bytes, from, from + length));
    }

    private static Entry command(long index, long term, String payload) {
        return Entry.command(index, term, payload.getBytes(StandardCharsets.US_ASCII));
    }

    private void writeFixture(String identity, String segment) throws IOException {
        Files.write(folder.resolve("IDENTITY"), HexFormat.of().parseHex(identity));
        Files.write(folder.resolve(FIRST), Arrays.copyOf(HexFormat.of().parseHex(segment), 4096));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
