package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore.Staged;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots in a folder of the file system. */
class SnapshotFilesTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(1));
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0xf01d);
    private static final SnapshotOptions SMALL = SnapshotOptions.DEFAULT.withChunkBytes(1_000);
    private static final MembershipAt MEMBERS =
            new MembershipAt(2, Membership.ofVoters(NodeId.of(1), NodeId.of(2), NodeId.of(3)));

    private final Path folder;
    private SegmentedLog log;
    private SnapshotFiles snapshots;

    SnapshotFilesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.log = SegmentedLog.open(folder, OWNER, OPTIONS);
        this.snapshots = SnapshotFiles.open(log, SMALL);
    }

    @AfterEach
    void close() throws IOException {
        snapshots.close();
        log.close();
    }

    private void reopen() throws IOException {
        close();
        log = SegmentedLog.open(folder, OWNER, OPTIONS);
        snapshots = SnapshotFiles.open(log, SMALL);
    }

    @Test
    void aSnapshotComesBackAsItWasWrittenWhateverItsSize() throws IOException {
        assertThat(snapshots.newest()).isEmpty();
        int index = 1;
        for (int size : List.of(0, 1, 999, 1_000, 1_001, 2_000, 12_345)) {
            byte[] content = bytes(size);
            SnapshotMeta meta = snapshots.take(++index, 3, MEMBERS, state(content));
            assertThat(meta.sizeBytes()).isEqualTo(size);
            assertThat(meta.index()).isEqualTo(index);
            assertThat(meta.membership()).isEqualTo(MEMBERS);
            for (int round = 0; round < 2; round++) {
                assertThat(snapshots.newest()).contains(meta);
                try (InputStream in = snapshots.open(meta)) {
                    assertThat(in.readAllBytes()).isEqualTo(content);
                    assertThat(in.read()).isEqualTo(-1);
                }
                for (int piece : List.of(1_000_000, 700, 3_333)) {
                    assertThat(readInPieces(meta, piece)).isEqualTo(content);
                }
                reopen();
            }
        }
    }

    @Test
    void theSameContentHasTheSameFingerprintAndAnotherAnother() throws IOException {
        long first = snapshots.take(5, 3, MEMBERS, state(bytes(5_000))).fingerprint();
        assertThat(snapshots.take(6, 4, MEMBERS, state(bytes(5_000))).fingerprint())
                .isEqualTo(first);
        byte[] other = bytes(5_000);
        other[4_999] ^= 1;
        assertThat(snapshots.take(7, 4, MEMBERS, state(other)).fingerprint()).isNotEqualTo(first);
    }

    @Test
    void aSnapshotOfAnIndexThatIsThereIsNotTakenAgain() throws IOException {
        SnapshotMeta meta = snapshots.take(5, 3, MEMBERS, state(bytes(100)));
        assertThat(snapshots.take(5, 3, MEMBERS, new Failing())).isEqualTo(meta);
    }

    @Test
    void theNewestAreKeptAndWhatIsBeingRead() throws IOException {
        SnapshotMeta first = snapshots.take(10, 1, MEMBERS, state(bytes(5_000)));
        InputStream restoring = snapshots.open(first);
        SnapshotMeta sent = snapshots.take(20, 1, MEMBERS, state(bytes(6_000)));
        byte[] head = snapshots.read(sent, 0, 2_500);
        for (long index = 30; index <= 60; index += 10) {
            snapshots.take(index, 1, MEMBERS, state(bytes(100)));
        }
        assertThat(snapshotIndexes()).containsExactly(10L, 20L, 50L, 60L);
        assertThat(restoring.readAllBytes()).isEqualTo(bytes(5_000));
        restoring.close();
        restoring.close();
        assertThat(head).isEqualTo(Arrays.copyOf(bytes(6_000), 2_500));
        assertThat(snapshots.read(sent, 2_500, 10_000)).isEqualTo(Arrays.copyOfRange(bytes(6_000), 2_500, 6_000));
        snapshots.take(70, 1, MEMBERS, state(bytes(100)));
        assertThat(snapshotIndexes()).containsExactly(60L, 70L);
        assertThat(snapshots.read(sent, 0, 100)).as("not here any more").isEmpty();
        assertThatThrownBy(() -> snapshots.open(sent))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("snapshot of index 20 is not in");
    }

    @Test
    void aStateThatFailsLeavesTheOlderSnapshots() throws IOException {
        SnapshotMeta meta = snapshots.take(5, 3, MEMBERS, state(bytes(100)));
        assertThatThrownBy(() -> snapshots.take(6, 3, MEMBERS, new Failing())).hasMessage("no state today");
        assertThat(snapshots.newest()).contains(meta);
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith("snapshot.tmp"));
        assertThat(snapshots.take(6, 3, MEMBERS, state(bytes(7))).index()).isEqualTo(6);
    }

    @Test
    void piecesAreStagedInOrderAndRepetitionsDoNoHarm() throws IOException {
        byte[] content = bytes(10_500);
        SnapshotMeta meta = foreign(90, content);
        assertThat(stage(meta, content, 0, 0)).isEqualTo(more(0));
        assertThat(stage(meta, content, 0, 700)).isEqualTo(more(700));
        assertThat(stage(meta, content, 0, 700)).as("again").isEqualTo(more(700));
        assertThat(stage(meta, content, 5_000, 700)).as("too early").isEqualTo(more(700));
        assertThat(stage(meta, content, 700, 9_000)).isEqualTo(more(9_700));
        assertThat(stage(meta, content, 0, 0)).as("asked").isEqualTo(more(9_700));
        assertThat(snapshots.newest()).isEmpty();
        assertThat(stage(meta, content, 9_700, 800)).isEqualTo(new Staged(SnapshotOutcome.INSTALLED, 10_500));
        assertThat(stage(meta, content, 9_700, 800)).isEqualTo(new Staged(SnapshotOutcome.INSTALLED, 10_500));
        assertThat(snapshots.newest()).contains(meta);
        reopen();
        assertThat(snapshots.newest()).contains(meta);
        assertThat(readInPieces(meta, 999)).isEqualTo(content);
    }

    @Test
    void anEmptySnapshotArrivesAtOnce() throws IOException {
        SnapshotMeta meta = foreign(90, new byte[0]);
        assertThat(stage(meta, new byte[0], 0, 0)).isEqualTo(new Staged(SnapshotOutcome.INSTALLED, 0));
        assertThat(snapshots.newest()).contains(meta);
    }

    @Test
    void whatIsNotWhatWasAnnouncedIsThrownAway() throws IOException {
        byte[] content = bytes(3_000);
        SnapshotMeta meta = foreign(90, content);
        byte[] other = content.clone();
        other[1_234] ^= 8;
        assertThat(stage(meta, other, 0, 2_000)).isEqualTo(more(2_000));
        assertThat(stage(meta, other, 2_000, 1_000).outcome()).isEqualTo(SnapshotOutcome.REJECTED);
        assertThat(stage(meta, content, 0, 0)).as("begins again").isEqualTo(more(0));
        assertThat(snapshots.stage(request(meta, 0, new byte[3_001])).outcome()).isEqualTo(SnapshotOutcome.REJECTED);
        assertThat(snapshots.newest()).isEmpty();
        assertThat(stage(meta, content, 0, 3_000).outcome()).isEqualTo(SnapshotOutcome.INSTALLED);
    }

    @Test
    void aPieceOfAnotherSnapshotBeginsAnew() throws IOException {
        byte[] content = bytes(3_000);
        SnapshotMeta first = foreign(90, content);
        SnapshotMeta second = foreign(95, content);
        stage(first, content, 0, 2_500);
        assertThat(stage(second, content, 2_500, 500)).isEqualTo(more(0));
        assertThat(stage(second, content, 0, 3_000).outcome()).isEqualTo(SnapshotOutcome.INSTALLED);
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith("incoming.tmp"));
    }

    @Test
    void whatHasArrivedIsGoneOnWithAfterARestart() throws IOException {
        byte[] content = bytes(9_000);
        SnapshotMeta meta = foreign(90, content);
        stage(meta, content, 0, 5_700);
        reopen();
        assertThat(stage(meta, content, 0, 0)).as("in full chunks").isEqualTo(more(5_000));
        Path file = folder.resolve("incoming.tmp");
        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length - 1_700] ^= 1;
        snapshots.close();
        Files.write(file, damaged);
        reopen();
        assertThat(stage(meta, content, 0, 0)).as("up to the damage").isEqualTo(more(3_000));
        assertThat(stage(meta, content, 3_000, 6_000).outcome()).isEqualTo(SnapshotOutcome.INSTALLED);
        assertThat(readInPieces(meta, 4_000)).isEqualTo(content);
    }

    @Test
    void allThatIsMissingMayBeTheEnd() throws IOException {
        byte[] content = bytes(4_000);
        SnapshotMeta meta = foreign(90, content);
        stage(meta, content, 0, 3_999);
        snapshots.close();
        Path file = folder.resolve("incoming.tmp");
        byte[] head = Files.readAllBytes(file);
        reopen();
        stage(meta, content, 3_000, 1_000);
        reopen();
        assertThat(snapshots.newest()).contains(meta);
        assertThat(head.length).isLessThan(4_000);
    }

    @Test
    void leftoversThatAreOfNoUseAreRemoved() throws IOException {
        SnapshotMeta meta = snapshots.take(50, 1, MEMBERS, state(bytes(10)));
        byte[] content = bytes(3_000);
        stage(foreign(40, content), content, 0, 2_000);
        snapshots.close();
        Files.writeString(folder.resolve("snapshot.tmp"), "half a snapshot");
        reopen();
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
        snapshots.close();
        Files.writeString(folder.resolve("incoming.tmp"), "not even half a snapshot");
        reopen();
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
        assertThat(snapshots.newest()).contains(meta);
    }

    @Test
    void aDamagedNewestGivesWayToAnOlderOneIfTheLogReachesBack() throws IOException {
        fillLog(100);
        SnapshotMeta older = snapshots.take(40, 1, MEMBERS, state(bytes(5_000)));
        SnapshotMeta newest = snapshots.take(80, 1, MEMBERS, state(bytes(5_000)));
        compactLog(40);
        String file = damage(newest);
        reopen();
        assertThat(snapshots.newest()).contains(older);
        compactLog(41);
        snapshots.close();
        log.close();
        log = SegmentedLog.open(folder, OWNER, OPTIONS);
        snapshots = SnapshotFiles.open(log, SMALL);
        assertThat(snapshots.newest()).contains(older);
        assertThatThrownBy(snapshots::requireReach)
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("begins behind entry 41")
                .hasMessageContaining("ends at entry 40");
        assertThatThrownBy(() -> {
                    close();
                    ForcedMembership.describe(folder);
                })
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining("begins behind entry 41");
    }

    /** A node can go on without a snapshot if it knows what the damaged one stood for; a header says that only if it is intact. */
    @Test
    void aDamagedSnapshotThatTheLogNeedsIsStillNamedByItsHeader() throws IOException {
        fillLog(100);
        SnapshotMeta only = snapshots.take(80, 1, MEMBERS, state(bytes(5_000)));
        compactLog(80);
        assertThat(snapshots.damaged()).isEmpty();
        Path file = folder.resolve(damage(only));
        reopen();
        assertThat(snapshots.newest()).isEmpty();
        assertThat(snapshots.damaged()).hasValueSatisfying(left -> {
            assertThat(left.index()).isEqualTo(80);
            assertThat(left.term()).isEqualTo(1);
            assertThat(left.membership()).isEqualTo(MEMBERS);
        });
        snapshots.close();
        byte[] bytes = Files.readAllBytes(file);
        bytes[50] ^= 1;
        Files.write(file, bytes);
        reopen();
        assertThat(snapshots.damaged()).isEmpty();
        assertThatThrownBy(snapshots::requireReach).isInstanceOf(CorruptSnapshotException.class);
        SnapshotMeta again = snapshots.take(90, 1, MEMBERS, state(bytes(10)));
        assertThat(file).doesNotExist();
        reopen();
        assertThat(snapshots.newest()).contains(again);
        snapshots.requireReach();
    }

    /** What cannot be read for others is as good as gone, so that a new one can be made, even of the same entry. */
    @Test
    void aSnapshotThatCannotBeReadMakesWayForANewOne() throws IOException {
        SnapshotMeta meta = snapshots.take(80, 1, MEMBERS, state(bytes(5_000)));
        damage(meta);
        assertThatThrownBy(() -> readInPieces(meta, 10_000)).isInstanceOf(CorruptSnapshotException.class);
        assertThat(snapshots.newest()).isEmpty();
        assertThat(snapshots.read(meta, 0, 10)).isEmpty();
        assertThat(snapshots.take(80, 1, MEMBERS, state(bytes(5_000)))).isEqualTo(meta);
        assertThat(readInPieces(meta, 4_000)).isEqualTo(bytes(5_000));
        damage(meta);
        assertThatThrownBy(() -> readInPieces(meta, 10_000)).isInstanceOf(CorruptSnapshotException.class);
        SnapshotMeta other = snapshots.take(80, 1, MEMBERS, state(bytes(4_000)));
        assertThat(snapshots.newest()).contains(other);
        assertThat(folder.resolve(FileNames.snapshot(meta))).doesNotExist();
    }

    @Test
    void withoutAnySnapshotTheWholeLogWillDo() throws IOException {
        fillLog(100);
        SnapshotMeta only = snapshots.take(80, 1, MEMBERS, state(bytes(5_000)));
        String file = damage(only);
        reopen();
        assertThat(snapshots.newest()).isEmpty();
        assertThat(folder.resolve(file)).exists();
        snapshots.take(90, 1, MEMBERS, state(bytes(10)));
        assertThat(folder.resolve(file)).as("replaced by a newer one").doesNotExist();
        compactLog(90);
        Files.delete(folder.resolve(FileNames.snapshot(snapshots.newest().orElseThrow())));
        reopen();
        assertThat(snapshots.newest()).isEmpty();
        assertThat(snapshots.damaged()).isEmpty();
        assertThatThrownBy(snapshots::requireReach)
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("no snapshot")
                .hasMessageContaining("has been lost");
    }

    @Test
    void damageIsSeenWhileReading() throws IOException {
        SnapshotMeta meta = snapshots.take(80, 1, MEMBERS, state(bytes(5_000)));
        String file = damage(meta);
        try (InputStream in = snapshots.open(meta)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(CorruptSnapshotException.class);
        }
        assertThatThrownBy(() -> readInPieces(meta, 10_000))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("checksum of the content");
    }

    @Test
    void aFolderWithSnapshotsAndWithoutIdentityIsRefused() throws IOException {
        snapshots.take(80, 1, MEMBERS, state(bytes(50)));
        close();
        Files.delete(folder.resolve("IDENTITY"));
        Files.delete(folder.resolve("0000000000000001.log"));
        assertThatThrownBy(() -> SegmentedLog.open(folder, OWNER, OPTIONS))
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("identity file has been lost");
    }

    /** Every single byte matters: one that is changed is seen, when the store is opened or when the snapshot is read. */
    @Test
    void everyByteOfAFileIsChecked() throws IOException {
        SnapshotMeta meta = snapshots.take(80, 1, MEMBERS, state(bytes(2_100)));
        Path file = folder.resolve(FileNames.snapshot(meta));
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << (at % 8));
            snapshots.close();
            Files.write(file, bad);
            snapshots = SnapshotFiles.open(log, SMALL);
            assertThat(snapshots.newest()).as("byte " + at).isEmpty();
        }
    }

    private void fillLog(int entries) throws IOException {
        log.write(new WriteBatch(
                1,
                null,
                WriteBatch.KEEP_ALL,
                LongStream.rangeClosed(1, entries)
                        .mapToObj(index -> Entry.noOp(index, 1))
                        .toList()));
        log.sync();
    }

    private void compactLog(long index) throws IOException {
        log.write(new WriteBatch(2, null, new LogBase(index, 1, false), WriteBatch.KEEP_ALL, List.of()));
        log.sync();
    }

    private String damage(SnapshotMeta meta) throws IOException {
        String name = FileNames.snapshot(meta);
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve(name), bytes);
        return name;
    }

    private byte[] readInPieces(SnapshotMeta meta, int maxBytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = snapshots.read(meta, 0, maxBytes);
        while (piece.length > 0) {
            assertThat(piece.length).isLessThanOrEqualTo(maxBytes);
            all.write(piece);
            piece = snapshots.read(meta, all.size(), maxBytes);
        }
        return all.toByteArray();
    }

    private List<Long> snapshotIndexes() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snapshot"))
                    .sorted()
                    .map(name -> Long.parseLong(name.substring(0, 16), 16))
                    .toList();
        }
    }

    private Staged stage(SnapshotMeta meta, byte[] content, int offset, int length) throws IOException {
        return snapshots.stage(request(meta, offset, Arrays.copyOfRange(content, offset, offset + length)));
    }

    private static SnapshotRequest request(SnapshotMeta meta, long offset, byte[] chunk) {
        return new SnapshotRequest(NodeId.of(2), NodeId.of(1), 9, meta, offset, chunk);
    }

    private static Staged more(long nextOffset) {
        return new Staged(SnapshotOutcome.WANTS_MORE, nextOffset);
    }

    /** What another node would announce. */
    private static SnapshotMeta foreign(long index, byte[] content) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.update(ByteBuffer.wrap(content));
        return new SnapshotMeta(index, 7, MEMBERS, content.length, fingerprint.value());
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Written in pieces of changing size, single bytes among them. */
    private static StateSnapshot state(byte[] content) {
        return new StateSnapshot() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                int at = 0;
                for (int piece = 0; at < content.length; piece = (piece * 3 + 1) % 1_500) {
                    int count = Math.min(Math.max(1, piece), content.length - at);
                    if (count == 1) {
                        out.write(content[at]);
                    } else {
                        out.write(content, at, count);
                    }
                    at += count;
                }
                out.close();
            }

            @Override
            public void close() {
                throw new AssertionError("closing it is the caller's");
            }
        };
    }

    private static final class Failing implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[5_000]);
            throw new IOException("no state today");
        }

        @Override
        public void close() {
            throw new AssertionError("closing it is the caller's");
        }
    }
}
