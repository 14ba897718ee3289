package io.jangada.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.HardState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.kv.KeyValueStore;
import io.jangada.server.backup.BackupFile;
import io.jangada.server.backup.SampleBackup;
import io.jangada.server.config.ConfigReader;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.Setting;
import io.jangada.server.config.Settings;
import io.jangada.server.member.Identity;
import io.jangada.server.member.IdentityFile;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data folders made of a backup: what is in them, who they belong to, and that there is none after a failure. */
class RestorationTest {
    private static final String MEMBERS = "n1=http://a:1,n2=http://a:2,n3=http://a:3";

    private final Path folder;
    private final Path file;

    RestorationTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file = folder.resolve("backup");
        Files.write(file, SampleBackup.ofKeys(100));
    }

    @Test
    void aRestoredFolderBeginsBehindASnapshotOfTheState() throws IOException {
        Restoration.Restored restored = restore("n1", "t");
        Path data = folder.resolve("n1");
        assertThat(names(data)).containsExactly("LOCK", "MEMBER", "raft");
        Identity self = new IdentityFile(data).read().orElseThrow();
        assertThat(self).isEqualTo(restored.identity());
        LogIdentity owner = new LogIdentity(self.cluster(), self.self());
        try (SegmentedLog log = SegmentedLog.open(data.resolve("raft"), owner, LogOptions.DEFAULT);
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT);
                KeyValueStore store = KeyValueStore.inMemory()) {
            assertThat(log.recovered().firstIndex()).isEqualTo(1_001);
            assertThat(log.recovered().lastIndex()).isEqualTo(1_000);
            assertThat(log.recovered().prevTerm()).isEqualTo(7);
            assertThat(log.recovered().hardState()).isEqualTo(new HardState(7, NodeId.NONE));
            SnapshotMeta snapshot = snapshots.newest().orElseThrow();
            assertThat(snapshot.index()).isEqualTo(1_000);
            assertThat(snapshot.term()).isEqualTo(7);
            assertThat(snapshot.membership()).isEqualTo(new MembershipAt(0, self.initial()));
            assertThat(snapshot.fingerprint()).isEqualTo(restored.info().fingerprint());
            try (InputStream state = snapshots.open(snapshot)) {
                store.restore(snapshot.index(), snapshot.term(), state);
            }
            assertThat(store.revision()).isEqualTo(101);
        }
    }

    @Test
    void theMembersAreOneClusterAndNoneThatWasThereBefore() throws IOException {
        Identity first = restore("n1", "t").identity();
        Identity second = restore("n2", "t").identity();
        assertThat(second.cluster()).isEqualTo(first.cluster());
        assertThat(second.initial()).isEqualTo(first.initial());
        assertThat(first.initial().voters()).hasSize(3).contains(first.self(), second.self());
        Identity anew = Identity.ofFounder(config("n1", "t", folder.resolve("n1"), MEMBERS));
        assertThat(first.cluster()).isNotEqualTo(anew.cluster());
        assertThat(first.initial().voters())
                .doesNotContainAnyElementsOf(anew.initial().voters());
        assertThat(first.token()).isEqualTo("t");
        Identity other = Restoration.run(
                        new BackupFile(file), config("n1", "another", folder.resolve("other"), MEMBERS))
                .identity();
        assertThat(other.cluster()).isNotEqualTo(first.cluster());
    }

    @Test
    void anEmptyStoreCanBeRestored() throws IOException {
        Files.write(file, SampleBackup.ofKeys(0));
        Restoration.Restored restored = restore("n1", "t");
        assertThat(restored.info().header().revision()).isEqualTo(1);
        assertThat(folder.resolve("n1/raft")).isDirectory();
    }

    @Test
    void aFolderWithAnythingInItIsRefusedAndStaysAsItIs() throws IOException {
        Path data = Files.createDirectory(folder.resolve("n1"));
        Files.writeString(data.resolve("letter"), "dear");
        assertThatThrownBy(() -> restore("n1", "t"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the data folder " + data + " (--data-dir) is not empty: it has letter");
        assertThat(names(data)).containsExactly("letter");
    }

    @Test
    void nothingRemainsOfARestorationThatFails() throws IOException {
        byte[] backup = SampleBackup.ofKeys(20_000);
        backup[backup.length - 1_000] ^= 1;
        Files.write(file, backup);
        assertThatThrownBy(() -> restore("n1", "t"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("nothing has been restored into")
                .hasMessageContaining("the backup " + file + " is damaged at offset");
        assertThat(folder.resolve("n1")).doesNotExist();

        Path empty = Files.createDirectory(folder.resolve("n2"));
        assertThatThrownBy(() -> restore("n2", "t")).isInstanceOf(StartException.class);
        assertThat(names(empty)).isEmpty();

        Files.write(file, Arrays.copyOf(backup, 10));
        assertThatThrownBy(() -> restore("n2", "t")).hasMessageContaining("damaged at offset 10");
        assertThat(names(empty)).isEmpty();

        Files.delete(file);
        assertThatThrownBy(() -> restore("n2", "t")).hasMessageContaining("there is no file " + file);
        assertThat(names(empty)).isEmpty();
    }

    @Test
    void whatAKilledRestorationLeftIsReplaced() throws IOException {
        Path left = Files.createDirectories(folder.resolve("n1/restoring.tmp/raft"));
        Files.write(left.resolve("0000000000000001.log"), new byte[100]);
        restore("n1", "t");
        assertThat(names(folder.resolve("n1"))).containsExactly("LOCK", "MEMBER", "raft");
    }

    @Test
    void aFolderInUseIsRefused() throws IOException {
        Path data = folder.resolve("n1");
        try (DataFolder used = DataFolder.open(data)) {
            assertThatThrownBy(() -> restore("n1", "t"))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use by another server");
            assertThat(used.path()).isEqualTo(data);
        }
        assertThat(names(data)).containsExactly("LOCK");
    }

    private Restoration.Restored restore(String name, String token) {
        return Restoration.run(new BackupFile(file), config(name, token, folder.resolve(name), MEMBERS));
    }

    private static ServerConfig config(String name, String token, Path data, String members) {
        Settings flags = new Settings();
        flags.put(Setting.NAME, name, "test");
        flags.put(Setting.DATA_DIR, data.toString(), "test");
        flags.put(Setting.INITIAL_CLUSTER, members, "test");
        flags.put(Setting.INITIAL_CLUSTER_TOKEN, token, "test");
        return ConfigReader.read(null, flags, Map.of());
    }

    private static List<String> names(Path in) throws IOException {
        try (Stream<Path> found = Files.list(in)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
