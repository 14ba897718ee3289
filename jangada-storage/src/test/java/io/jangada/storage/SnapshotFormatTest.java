package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a snapshot file in docs/log-format.md, spelled out: one that this release has written must be readable for ever. */
class SnapshotFormatTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0x0102030405060708L), NodeId.of(0x1a));
    private static final String NAME = "000000000000000a-0000000000000003-4e2710bdc9c5105d.snapshot";
    private static final SnapshotMeta META =
            new SnapshotMeta(10, 3, new MembershipAt(2, Membership.ofVoters(NodeId.of(0x1a))), 70, 0x4e2710bdc9c5105dL);

    private static final String SNAPSHOT = "4a414e4741534e50"
            + "00000001"
            + "0000006f"
            + "0102030405060708"
            + "000000000000001a"
            + "0000000000000077"
            + "000000000000000a"
            + "0000000000000003"
            + "0000000000000002"
            + "0000000000000000"
            + "0000000000000000"
            + "00000040"
            + "00000013"
            + "010001000000000000001a0000000000000000"
            + "8e281a08"
            + "39f3ce32"
            + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
            + "de37ff19"
            + "404142434445"
            + "4a414e4741534e45"
            + "0000000000000046"
            + "4e2710bdc9c5105d"
            + "8e281a08"
            + "c7b74305";

    private static final String FILES_DIGEST = "5767d69a906d4860db9079eb7e90ab4a543e5cb032fce846554aef6ceb600e1d";
    private static final String FILES_FINGERPRINT = "08d4694d5f4b5514";
    private static final String FILES = "4a414e4741534e50"
            + "00000002"
            + "00000073"
            + "0102030405060708"
            + "000000000000001a"
            + "0000000000000077"
            + "000000000000000a"
            + "0000000000000003"
            + "0000000000000002"
            + "0000000000000091"
            + "08d4694d5f4b5514"
            + "00000040"
            + "00000013"
            + "0000004b"
            + "010001000000000000001a0000000000000000"
            + "bb17f3a1"
            + "6b7499f7"
            + "4a4d414e0000000100000040000000010a73746174652d3078373700000000000000465767d69a906d4860db9079eb7e90ab4a543e5cb032fce846554aef6ceb"
            + "900db0f0"
            + "600e1dfb6d36ebaaf3b0d7"
            + "4a414e4741534e45"
            + "000000000000004b"
            + "08d4694d5f4b5514"
            + "bb17f3a1"
            + "4fc8b34a";

    private final Path folder;
    private final SegmentedLog log;

    SnapshotFormatTest(@TempDir Path temporary) throws IOException {
        // What stands beside it is removed with it.
        this.folder = Files.createDirectory(temporary.resolve("log"));
        this.log = SegmentedLog.open(
                folder, OWNER, LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0x77));
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @Test
    void writesTheBytesOfVersion1() throws IOException {
        try (SnapshotFiles snapshots = open()) {
            assertThat(snapshots.take(10, 3, META.membership(), new Content())).isEqualTo(META);
        }
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(folder.resolve(NAME))))
                .isEqualTo(SNAPSHOT);
    }

    @Test
    void readsTheBytesOfVersion1() throws IOException {
        Files.write(folder.resolve(NAME), HexFormat.of().parseHex(SNAPSHOT));
        try (SnapshotFiles snapshots = open()) {
            assertThat(snapshots.newest()).contains(META);
            try (InputStream content = snapshots.open(META)) {
                assertThat(content.readAllBytes()).isEqualTo(bytes());
            }
            assertThat(snapshots.read(META, 60, 1_000)).containsExactly(60, 61, 62, 63, 64, 65, 66, 67, 68, 69);
        }
    }

    /** A file of 70 bytes: the manifest, in a snapshot file of version 2, and beside it the file itself under the name of its digest. */
    @Test
    void writesAndReadsTheBytesOfVersion2() throws IOException {
        Path state = Files.write(folder.resolveSibling("state-0x77"), bytes());
        SnapshotMeta meta;
        try (SnapshotFiles snapshots = open()) {
            meta = snapshots.take(10, 3, META.membership(), new FilesState(List.of(StateFile.at(state))));
        }
        String name = "000000000000000a-0000000000000003-" + FILES_FINGERPRINT + ".snapshot";
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(folder.resolve(name))))
                .isEqualTo(FILES);
        assertThat(Files.readAllBytes(folder.resolve(FILES_DIGEST + ".part"))).isEqualTo(bytes());
        try (SnapshotFiles snapshots = open()) {
            assertThat(snapshots.newest()).contains(meta);
            try (SnapshotStore.HeldFiles held = snapshots.openFiles(meta)) {
                StateFile file = held.files().get(0);
                assertThat(file.name()).isEqualTo("state-0x77");
                try (InputStream in = file.open()) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes());
                }
            }
        }
        Files.delete(state);
    }

    private record FilesState(List<StateFile> files) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) {
            throw new AssertionError("a state of files is not written as a stream");
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private SnapshotFiles open() throws IOException {
        return SnapshotFiles.open(log, SnapshotOptions.DEFAULT.withChunkBytes(64));
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[70];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private record Content() implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes());
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
