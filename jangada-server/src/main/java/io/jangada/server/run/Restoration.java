package io.jangada.server.run;

import io.jangada.api.StateSnapshot;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.server.backup.BackupFile;
import io.jangada.server.backup.BackupHeader;
import io.jangada.server.backup.BackupInfo;
import io.jangada.server.backup.BackupWriter;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.member.Identity;
import io.jangada.server.member.IdentityFile;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The making of a data folder out of a backup: that of a member of a new cluster which begins with the state that was saved. Each of its members is restored from the
 * same backup.
 *
 * <p>The log is made in a folder of its own inside, which no start looks at, and gets its place when it is whole; the identity comes last. Whatever fails leaves the folder as
 * it was.
 */
public final class Restoration {
    private static final String LOCK = "LOCK";
    private static final String STAGING = "restoring.tmp";
    /** What may be in an empty folder: an ended server's lock, what a restoration was killed in, and what a fresh file system has. */
    private static final Set<String> OF_NO_ACCOUNT = Set.of(LOCK, STAGING, "lost+found");

    private final BackupFile backup;
    private final ServerConfig config;

    private Restoration(BackupFile backup, ServerConfig config) {
        this.backup = backup;
        this.config = config;
    }

    /** Who the member is, and what its state is. */
    public record Restored(Identity identity, BackupInfo info) {}

    /** Makes the data folder that the configuration names. Throws {@link StartException}, with everything as it was, if that cannot be done. */
    public static Restored run(BackupFile backup, ServerConfig config) {
        if (config.joins()) {
            throw new StartException("a backup is restored into a new cluster, not into one that runs (--join, "
                    + "--initial-cluster-state existing): members of that get its state by themselves");
        }
        Restoration restoration = new Restoration(backup, config);
        Path path = config.dataDir();
        boolean made = !Files.exists(path);
        boolean locked = Files.exists(path.resolve(LOCK));
        try {
            if (Files.isDirectory(path)) {
                restoration.requireEmpty(path);
            }
            try (DataFolder folder = DataFolder.open(path)) {
                restoration.requireEmpty(path);
                remove(path.resolve(STAGING));
                return restoration.intoLocked(folder, made, locked);
            }
        } catch (IOException e) {
            throw new StartException("nothing has been restored into " + path + ": " + e.getMessage(), e);
        }
    }

    private Restored intoLocked(DataFolder folder, boolean made, boolean locked) throws IOException {
        try {
            return into(folder);
        } catch (IOException | RuntimeException | Error e) {
            try {
                undo(folder, made, locked);
            } catch (IOException undoing) {
                e.addSuppressed(undoing);
            }
            throw e;
        }
    }

    private void requireEmpty(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            List<String> names = found.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !OF_NO_ACCOUNT.contains(name))
                    .sorted()
                    .toList();
            if (!names.isEmpty()) {
                throw new StartException("the data folder " + folder + " (--data-dir) is not empty: it has "
                        + String.join(", ", names.subList(0, Math.min(names.size(), 5)))
                        + (names.size() > 5 ? ", …" : "")
                        + ". A backup is restored into a new, empty folder; move that one away or name another");
            }
        }
    }

    private Restored into(DataFolder folder) throws IOException {
        Path staging = folder.path().resolve(STAGING);
        Files.createDirectory(staging);
        Path log = staging.resolve("raft");
        Identity[] identity = new Identity[1];
        BackupInfo info = backup.restore((header, content) -> {
            Identity self = identity(header);
            identity[0] = self;
            write(log, self, header, content);
        });
        force(staging);
        Files.move(log, folder.log(), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(staging);
        Identity self = identity[0];
        new IdentityFile(folder.path()).write(self);
        Path parent = folder.path().toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
        return new Restored(self, info);
    }

    /** Same on all members, and that of no cluster which was started anew or restored from another backup, for the backup is a part of it. */
    private Identity identity(BackupHeader header) {
        return Identity.ofFounder(
                config,
                "restored from " + header.cluster() + " " + header.member() + " " + header.index() + " "
                        + Long.toHexString(header.number()));
    }

    /** A log that begins behind a snapshot of the state. No term before the snapshot's can be voted in any more. */
    private static void write(Path path, Identity self, BackupHeader header, BackupWriter.Content content)
            throws IOException {
        long index = Math.max(1, header.index());
        long term = Math.max(1, header.term());
        LogIdentity owner = new LogIdentity(self.cluster(), self.self());
        try (SegmentedLog log = SegmentedLog.open(path, owner, LogOptions.DEFAULT)) {
            try (SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT)) {
                snapshots.take(index, term, new MembershipAt(0, self.initial()), new Content(content));
            }
            log.write(new WriteBatch(
                    1,
                    new HardState(term, NodeId.NONE),
                    new LogBase(index, term, true),
                    WriteBatch.KEEP_ALL,
                    List.of()));
            log.sync();
        }
    }

    private record Content(BackupWriter.Content content) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            content.writeTo(out);
        }

        @Override
        public void close() {
            // The file is closed by who opened it.
        }
    }

    private static void undo(DataFolder folder, boolean made, boolean locked) throws IOException {
        remove(folder.path().resolve("MEMBER"));
        remove(folder.path().resolve("MEMBER.tmp"));
        remove(folder.log());
        remove(folder.path().resolve(STAGING));
        if (!locked) {
            remove(folder.path().resolve(LOCK));
        }
        if (made) {
            remove(folder.path());
        }
    }

    private static void remove(Path tree) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(tree)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
