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
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at a stopped node's folder, and a membership forced upon it. */
class ForcedMembershipTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(1));
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0xf01d);
    private static final Membership THREE = Membership.ofVoters(NodeId.of(1), NodeId.of(2), NodeId.of(3));
    private static final Membership ALONE = Membership.ofVoters(NodeId.of(1));

    private final Path folder;

    ForcedMembershipTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aLookSaysWhatIsThereAndChangesNothing() throws Exception {
        writeLog();
        SnapshotMeta taken;
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT)) {
            taken = snapshots.take(40, 2, new MembershipAt(1, THREE), new TextState("forty"));
            log.write(new WriteBatch(9, null, new LogBase(30, 2, false), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
        }
        // What a crash may leave, and the next start would repair or remove.
        Files.writeString(folder.resolve("snapshot.tmp"), "half");
        Files.writeString(folder.resolve("incoming.tmp"), "half");
        Files.writeString(folder.resolve("next.tmp"), "half");
        tearTheEnd();
        Map<Path, Object> before = picture();

        ForcedMembership.Survivor found = ForcedMembership.describe(folder);

        assertThat(picture()).isEqualTo(before);
        assertThat(found.owner()).isEqualTo(OWNER);
        assertThat(found.incarnation()).isEqualTo(0xf01d);
        assertThat(found.hardState()).isEqualTo(new HardState(5, NodeId.of(3)));
        assertThat(found.firstIndex()).isEqualTo(31);
        assertThat(found.lastIndex()).isEqualTo(60);
        assertThat(found.lastTerm()).isEqualTo(2);
        assertThat(found.nextTerm()).isEqualTo(6);
        assertThat(found.entriesAfterSnapshot()).isEqualTo(20);
        assertThat(found.membership()).isEqualTo(new MembershipAt(1, THREE));
        assertThat(found.snapshot()).isEqualTo(taken);
    }

    @Test
    void aMembershipIsForcedInANewTermWithoutAVote() throws IOException {
        writeLog();
        ForcedMembership.Survivor before = ForcedMembership.describe(folder);
        assertThat(before.membership()).isEqualTo(new MembershipAt(1, THREE));
        assertThat(before.entriesAfterSnapshot()).isEqualTo(60);
        ForcedMembership.Survivor after = ForcedMembership.append(folder, ALONE, 8);
        assertThat(after).isEqualTo(ForcedMembership.describe(folder));
        try (SegmentedLog log = open()) {
            LogState state = log.recovered();
            assertThat(state.hardState()).isEqualTo(new HardState(8, NodeId.NONE));
            assertThat(state.memberships()).containsExactly(new MembershipAt(1, THREE), new MembershipAt(61, ALONE));
            assertThat(log.read(61, 61, 1_000)).containsExactly(Entry.membership(61, 8, ALONE));
        }
    }

    /** A crash between the installation of a snapshot and the reset of the log: the snapshot was committed, the log is what it replaces. */
    @Test
    void aSnapshotBeyondTheLogWins() throws IOException {
        writeLog();
        try (SegmentedLog log = open();
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT)) {
            snapshots.take(500, 4, new MembershipAt(300, THREE), new TextState("five hundred"));
        }
        ForcedMembership.Survivor before = ForcedMembership.describe(folder);
        assertThat(before.lastIndex()).isEqualTo(500);
        assertThat(before.lastTerm()).isEqualTo(4);
        assertThat(before.entriesAfterSnapshot()).isZero();
        assertThat(before.membership()).isEqualTo(new MembershipAt(300, THREE));
        ForcedMembership.Survivor after = ForcedMembership.append(folder, ALONE, before.nextTerm());
        assertThat(after).isEqualTo(ForcedMembership.describe(folder));
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().firstIndex()).isEqualTo(501);
            assertThat(log.recovered().prevTerm()).isEqualTo(4);
            assertThat(log.recovered().memberships()).containsExactly(new MembershipAt(501, ALONE));
        }
    }

    @Test
    void whatCannotBeForcedIsRefusedAndChangesNothing() throws Exception {
        writeLog();
        Map<Path, Object> before = picture();
        assertThatThrownBy(() -> ForcedMembership.append(folder, Membership.ofVoters(NodeId.of(2)), 9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has this node, 1, as a voter");
        assertThat(picture()).isEqualTo(before);
        assertThatThrownBy(() -> ForcedMembership.append(folder, ALONE, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("take 6 or a higher one");
        assertThat(ForcedMembership.describe(folder).lastIndex()).isEqualTo(60);
        assertThatThrownBy(() -> ForcedMembership.describe(folder.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the folder of a node");
        assertThatThrownBy(() -> ForcedMembership.describe(Files.createDirectory(folder.resolve("empty"))))
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("no file IDENTITY");
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().lastIndex()).isEqualTo(60);
            assertThatThrownBy(() -> ForcedMembership.describe(folder))
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining("a live user");
            assertThatThrownBy(() -> ForcedMembership.append(folder, ALONE, 9))
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining("a live user");
        }
    }

    private SegmentedLog open() throws IOException {
        return SegmentedLog.open(folder, OWNER, OPTIONS);
    }

    private void writeLog() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(
                    1, new HardState(1, NodeId.of(1)), WriteBatch.KEEP_ALL, List.of(Entry.membership(1, 1, THREE))));
            for (long index = 2; index <= 60; index++) {
                log.write(new WriteBatch(
                        index,
                        null,
                        WriteBatch.KEEP_ALL,
                        List.of(Entry.command(index, index < 20 ? 1 : 2, new byte[300]))));
                log.sync();
            }
            log.write(new WriteBatch(99, new HardState(5, NodeId.of(3)), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
        }
    }

    /** Bytes behind the last record that no record has. */
    private void tearTheEnd() throws IOException {
        Path last;
        try (var files = Files.list(folder)) {
            last = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .reduce((a, b) -> b)
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(last);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        bytes[end + 100] = 1;
        Files.write(last, bytes);
    }

    /** Every file with its content and its time. */
    private Map<Path, Object> picture() throws IOException {
        Map<Path, Object> picture = new HashMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                picture.put(file, List.of(time, Arrays.hashCode(Files.readAllBytes(file))));
            }
        }
        return picture;
    }
}
