package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.EntryCodec;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.StorageRefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server has saved is what a restart after a power failure finds: no more, no less, and nobody changes it from outside. */
class PersisterTest {
    private final Persister persister = new Persister(2);

    private static List<Entry> commands(long from, long to) {
        List<Entry> entries = new ArrayList<>();
        for (long index = from; index <= to; index++) {
            entries.add(Entry.command(index, 1, new byte[100]));
        }
        return entries;
    }

    private static WriteBatch batch(long sequence, long from, long to) {
        return new WriteBatch(sequence, new HardState(1, NodeId.of(3)), WriteBatch.KEEP_ALL, commands(from, to));
    }

    private static StateSnapshot state(ServiceSnapshot content) {
        return new StateSnapshot() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                content.writeTo(out);
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void aServerThatHasNeverRunHasSavedNothing() {
        ByteBuffer state = ByteBuffer.wrap(persister.readRaftState());
        assertThat(state.remaining()).isEqualTo(persister.raftStateSize()).isEqualTo(32);
        for (int field = 0; field < 4; field++) {
            assertThat(state.getLong()).isZero();
        }
        assertThat(persister.readSnapshot()).isEmpty();
        assertThat(persister.snapshotIndex()).isZero();
        assertThat(persister.snapshotSize()).isZero();
    }

    @Test
    void termVoteAndEntriesAreTheRaftState() throws IOException {
        try (SegmentedLog log = persister.openLog()) {
            log.write(batch(1, 1, 3));
            log.sync();
            ByteBuffer state = ByteBuffer.wrap(persister.readRaftState());
            assertThat(state.getLong()).isEqualTo(1);
            assertThat(state.getLong()).isEqualTo(3);
            assertThat(state.remaining()).isGreaterThan(300).isLessThan(500);
        }
    }

    @Test
    void whatIsNotSynchronisedIsNotSaved() throws IOException {
        try (SegmentedLog log = persister.openLog()) {
            log.write(batch(1, 1, 3));
            log.sync();
            int saved = persister.raftStateSize();
            log.write(batch(2, 4, 9));
            assertThat(persister.raftStateSize()).isEqualTo(saved);
            log.sync();
            assertThat(persister.raftStateSize()).isEqualTo(3 * saved - 2 * 32);
        }
    }

    /** The bytes that were read are the caller's. */
    @Test
    void bytesAreCopied() throws IOException {
        try (SegmentedLog log = persister.openLog()) {
            log.write(batch(1, 1, 1));
            log.sync();
        }
        byte[] before = persister.readRaftState();
        persister.readRaftState()[0] = 77;
        assertThat(persister.readRaftState()).isEqualTo(before);
    }

    @Test
    void aCopyIsNotChangedByWhoStillRunsOnTheOriginal() throws IOException {
        try (SegmentedLog log = persister.openLog()) {
            log.write(batch(1, 1, 3));
            log.sync();
            log.write(batch(2, 4, 5));
            Persister copy = persister.copy();
            byte[] saved = copy.readRaftState();
            log.sync();
            log.write(batch(3, 6, 7));
            log.sync();
            assertThat(copy.readRaftState()).isEqualTo(saved);
            assertThat(persister.raftStateSize()).isGreaterThan(saved.length);
            // Somebody runs on the original still, and yet the copy can be used.
            try (SegmentedLog next = copy.openLog()) {
                assertThat(next.recovered().lastIndex()).isEqualTo(3);
                next.write(batch(1, 4, 4));
                next.sync();
            }
            assertThat(copy.raftStateSize()).isGreaterThan(saved.length);
        }
    }

    @Test
    void onlyOneCanRunOnAPersister() throws IOException {
        try (SegmentedLog log = persister.openLog()) {
            assertThat(log.recovered().lastIndex()).isZero();
            assertThatThrownBy(persister::openLog)
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining("held by another opener");
        }
        try (SegmentedLog again = persister.openLog()) {
            assertThat(again.recovered().lastIndex()).isZero();
        }
    }

    @Test
    void theNewestSnapshotIsTheServicesOwnAndItsEntriesLeaveTheRaftState() throws IOException {
        try (SegmentedLog log = persister.openLog();
                SnapshotFiles files = Persister.openSnapshots(log)) {
            log.write(batch(1, 1, 40));
            log.sync();
            int before = persister.raftStateSize();
            for (long index : new long[] {10, 30}) {
                Entry uncovered = new Entry(index - 1, 1, EntryType.COMMAND, new byte[50]);
                ServiceSnapshot content =
                        new ServiceSnapshot(index - 2, 1, new byte[] {(byte) index}, List.of(uncovered));
                MembershipAt membership = new MembershipAt(0, Membership.ofVoters(persister.node()));
                assertThat(files.take(index, 1, membership, state(content)).index())
                        .isEqualTo(index);
                assertThat(persister.readSnapshot()).containsExactly((int) index);
                assertThat(persister.snapshotIndex()).isEqualTo(index - 2);
                assertThat(persister.snapshotSize()).isEqualTo(1);
            }
            assertThat(persister.raftStateSize()).isEqualTo(before);
            log.write(new WriteBatch(2, null, new LogBase(30, 1, false), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
            // The command that the service had not covered yet is saved with the snapshot only, and still Raft's.
            int tail = EntryCodec.HEADER_BYTES + 50;
            assertThat(persister.raftStateSize()).isEqualTo(32 + (before - 32) / 4 + tail);
            Persister copy = persister.copy();
            assertThat(copy.readSnapshot()).containsExactly(30);
            assertThat(copy.raftStateSize()).isEqualTo(persister.raftStateSize());
        }
    }
}
