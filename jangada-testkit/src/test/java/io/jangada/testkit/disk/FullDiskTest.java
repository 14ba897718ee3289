package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.StateSnapshot;
import io.jangada.api.StorageSpace;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.SpaceLevel;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trap 46: a disk that fills up is noticed before a write fails, snapshots give way to the log, and room is used again when there is some. */
class FullDiskTest {
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final long RESERVE = 40_000;
    private static final LogOptions OPTIONS = ScriptRun.OPTIONS.withReserveBytes(RESERVE);
    private static final MembershipAt MEMBERS = new MembershipAt(1, Membership.ofVoters(NodeId.of(0xa)));

    private final SimDisk disk = new SimDisk("sim");
    private long last;
    private long sequence;

    private SegmentedLog open() throws IOException {
        return SegmentedLog.open(disk, ScriptRun.OWNER, OPTIONS);
    }

    private void append(SegmentedLog log, int bytes) throws IOException {
        log.write(new WriteBatch(
                ++sequence, null, WriteBatch.KEEP_ALL, List.of(Entry.command(++last, 1, new byte[bytes]))));
        log.sync();
    }

    private void leave(long bytes) throws IOException {
        long used = 0;
        for (String name : disk.list()) {
            used += disk.contents(name).length;
        }
        disk.setCapacity(used + bytes);
    }

    private static StateSnapshot state(int bytes) {
        return new StateSnapshot() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(new byte[bytes]);
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    @Test
    void theLevelsFollowTheRoomWithADistanceBetweenInAndOut() throws IOException {
        try (SegmentedLog log = open()) {
            assertThat(log.space()).isEqualTo(StorageSpace.UNLIMITED);
            long[] room = {50_000, 39_999, 45_000, 50_000, 19_999, 25_000, 30_000, 49_999, 50_000};
            SpaceLevel[] levels = {
                SpaceLevel.AMPLE,
                SpaceLevel.SCARCE,
                SpaceLevel.SCARCE,
                SpaceLevel.AMPLE,
                SpaceLevel.EXHAUSTED,
                SpaceLevel.EXHAUSTED,
                SpaceLevel.SCARCE,
                SpaceLevel.SCARCE,
                SpaceLevel.AMPLE
            };
            for (int i = 0; i < room.length; i++) {
                leave(room[i]);
                assertThat(log.space()).as("step " + i).isEqualTo(new StorageSpace("sim", room[i], RESERVE, levels[i]));
            }
        }
    }

    @Test
    void theReserveGrowsWithTheSnapshot() throws IOException {
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            append(log, 10);
            snapshots.take(1, 1, MEMBERS, state(80_000));
            leave(1 << 20);
            assertThat(log.space().reserveBytes()).isEqualTo(2 * SEGMENT_BYTES + 90_000);
        }
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            assertThat(snapshots.newest()).isPresent();
            assertThat(log.space().reserveBytes()).isEqualTo(2 * SEGMENT_BYTES + 90_000);
        }
    }

    @Test
    void theNextSegmentIsNotPreparedWithoutRoomAndThereIsOneAsSoonAsThereIsRoom() throws IOException {
        try (SegmentedLog log = open()) {
            leave(SEGMENT_BYTES);
            while (last < 3) {
                append(log, 500);
            }
            assertThat(disk.list()).doesNotContain("next.tmp");
            leave(SEGMENT_BYTES + 1);
            append(log, 10);
            assertThat(disk.list()).contains("next.tmp");
            leave(0);
            while (last < 10) {
                append(log, 500);
            }
        }
        assertThat(disk.list()).filteredOn(name -> name.endsWith(".log")).hasSize(2);
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().lastIndex()).isEqualTo(10);
        }
    }

    @Test
    void aSnapshotWithoutRoomGivesWayToTheLogAndIsTakenWhenThereIsRoom() throws IOException {
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            append(log, 10);
            leave(SEGMENT_BYTES + 10_000);
            assertThatThrownBy(() -> snapshots.take(1, 1, MEMBERS, state(20_000)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("snapshot.tmp", "kept for the log", "free space");
            assertThat(disk.list()).doesNotContain("snapshot.tmp");
            append(log, 3_000);
            append(log, 3_000);
            leave(SEGMENT_BYTES + 30_000);
            assertThat(snapshots.take(3, 1, MEMBERS, state(20_000)).index()).isEqualTo(3);
        }
    }

    @Test
    void aSnapshotThatArrivesWithoutRoomIsGivenUpAndTheLogGoesOn() throws IOException {
        SnapshotMeta meta = new SnapshotMeta(100, 1, MEMBERS, 20_000, 7);
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            leave(SEGMENT_BYTES + 10_000);
            SnapshotRequest piece = new SnapshotRequest(NodeId.of(0xb), NodeId.of(0xa), 1, meta, 0, new byte[15_000]);
            assertThatThrownBy(() -> snapshots.stage(piece))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("incoming.tmp");
            assertThat(disk.list()).doesNotContain("incoming.tmp");
            append(log, 3_000);
            assertThat(snapshots.newest()).isEmpty();
        }
    }

    @Test
    void aNodeStartsOnAFullDisk() throws IOException {
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            append(log, 500);
            snapshots.take(1, 1, MEMBERS, state(5_000));
            SnapshotMeta arriving = new SnapshotMeta(100, 1, MEMBERS, 20_000, 7);
            snapshots.stage(new SnapshotRequest(NodeId.of(0xb), NodeId.of(0xa), 1, arriving, 0, new byte[9_000]));
        }
        leave(0);
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(1);
            assertThat(snapshots.newest()).isPresent();
            assertThat(log.space().level()).isEqualTo(SpaceLevel.EXHAUSTED);
            append(log, 100);
        }
    }

    /** The folder is common to both: the log's own synchronisation of it may succeed afterwards without what was lost (trap 40). */
    @Test
    void aFolderThatCannotBeSynchronisedForASnapshotEndsTheLogToo() throws IOException {
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotRun.OPTIONS)) {
            append(log, 10);
            disk.setFaults((operation, number, file) -> {
                if (operation == DiskOperation.SYNC_DIRECTORY) {
                    throw new IOException("the folder is gone");
                }
            });
            assertThatThrownBy(() -> snapshots.take(1, 1, MEMBERS, state(500))).hasMessage("the folder is gone");
            disk.setFaults(Faults.NONE);
            assertThatThrownBy(() -> append(log, 10)).hasMessageContaining("the folder is gone");
        }
    }

    @Test
    void theDiskIsFullAtEveryPointOfALifeWithSnapshots() throws IOException {
        int full = 0;
        for (long capacity = 16_500; capacity < 80_000; capacity += 257) {
            for (long seed = 1; seed <= 3; seed++) {
                SnapshotRun run = new SnapshotRun(new SimDisk("sim"), seed);
                run.disk.setCapacity(capacity);
                try {
                    run.play(40);
                } catch (IOException e) {
                    full++;
                }
                run.disk.setCapacity(Long.MAX_VALUE);
                run.disk.crash(Survival.NOTHING);
                run.requireKept(run.disk, "seed " + seed + ", full at " + capacity);
            }
        }
        System.out.println("FullDiskTest: " + full + " lives ended on a full disk; nothing promised was lost");
        assertThat(full).isGreaterThan(250);
    }
}
