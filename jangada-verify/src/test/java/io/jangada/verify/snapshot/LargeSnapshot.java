package io.jangada.verify.snapshot;

import io.jangada.api.ClusterId;
import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.kv.BackupState;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.KvCommands;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.server.backup.BackupFile;
import io.jangada.server.backup.BackupHeader;
import io.jangada.server.backup.BackupInfo;
import io.jangada.server.backup.BackupWriter;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import io.jangada.verify.process.TreeRemoval;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with little memory in which a large state goes all the ways that there are: into a snapshot, to another node in pieces, into its store, as the store's files to another one, once more as what has changed of them, into a backup, and out of it again. Arguments: the
 * folder to work in and how many MiB. Its last line begins with {@code DONE}; everything else is a failure.
 */
final class LargeSnapshot {
    private static final ClusterId CLUSTER = new ClusterId(7);
    private static final NodeId FIRST = NodeId.of(1);
    private static final NodeId SECOND = NodeId.of(2);
    private static final MembershipAt MEMBERS = new MembershipAt(0, Membership.ofVoters(FIRST, SECOND));
    private static final int PIECE_BYTES = 1 << 20;

    private final Path folder;
    private final GeneratedState state;
    private long lastNanos = System.nanoTime();

    private LargeSnapshot(Path folder, GeneratedState state) {
        this.folder = folder;
        this.state = state;
    }

    public static void main(String[] args) throws IOException {
        LargeSnapshot run = new LargeSnapshot(Path.of(args[0]), new GeneratedState(Integer.parseInt(args[1])));
        SnapshotMeta meta = run.takeAndTransfer();
        run.restoreIntoStore(meta);
        run.handOverFiles();
        BackupInfo saved = run.save();
        TreeRemoval.remove(run.folder.resolve("kv"));
        run.restoreFromBackup(saved);
        System.out.printf(
                "DONE: %d bytes in a heap of %d MiB%n",
                meta.sizeBytes(), Runtime.getRuntime().maxMemory() >> 20);
    }

    private SnapshotMeta takeAndTransfer() throws IOException {
        SnapshotMeta meta;
        Path first = folder.resolve("first");
        try (SegmentedLog log = log(first, FIRST);
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT)) {
            meta = snapshots.take(GeneratedState.INDEX, GeneratedState.TERM, MEMBERS, state);
            tell("taken");
            try (SegmentedLog other = log(folder.resolve("second"), SECOND);
                    SnapshotFiles to = SnapshotFiles.open(other, SnapshotOptions.DEFAULT)) {
                transfer(meta, snapshots, to);
            }
            tell("transferred");
        }
        TreeRemoval.remove(first);
        return meta;
    }

    /** Says how many bytes it took. */
    private static long transfer(SnapshotMeta meta, SnapshotFiles from, SnapshotFiles to) throws IOException {
        SnapshotOutcome outcome = SnapshotOutcome.WANTS_MORE;
        long offset = 0;
        long sent = 0;
        while (outcome == SnapshotOutcome.WANTS_MORE) {
            byte[] piece = from.read(meta, offset, PIECE_BYTES);
            sent += piece.length;
            var staged = to.stage(new SnapshotRequest(FIRST, SECOND, GeneratedState.TERM, meta, offset, piece));
            outcome = staged.outcome();
            offset = staged.nextOffset();
        }
        require(outcome == SnapshotOutcome.INSTALLED, "transferred: " + outcome);
        return sent;
    }

    /** The store's own files become a snapshot, all of them go to another node, and after a little has changed, a little. */
    private void handOverFiles() throws IOException {
        try (SegmentedLog log = log(folder.resolve("first"), FIRST);
                SnapshotFiles from = SnapshotFiles.open(log, SnapshotOptions.DEFAULT);
                KeyValueStore store = KeyValueStore.onDisk(folder.resolve("kv"));
                SegmentedLog otherLog = log(folder.resolve("third"), SECOND);
                SnapshotFiles to = SnapshotFiles.open(otherLog, SnapshotOptions.DEFAULT);
                KeyValueStore other = KeyValueStore.onDisk(folder.resolve("other-kv"))) {
            awaitRest(store);
            tell("at rest");
            SnapshotMeta whole = takeFiles(store, from);
            tell("its files taken");
            long first = transfer(whole, from, to);
            require(first == whole.sizeBytes(), "all of them are sent to who has none: " + first + " of " + whole);
            tell("all of them transferred");
            takeOver(other, to, whole);
            requireValues(other);
            tell("taken over by another store");
            Bytes key = Bytes.wrap(GeneratedState.key(state.keys() / 2));
            store.apply(
                    GeneratedState.INDEX + 1,
                    GeneratedState.TERM,
                    KvCommands.encode(new PutRequest(key, Bytes.of("changed"), 0, false, false, false)));
            store.batchApplied(GeneratedState.INDEX + 1);
            SnapshotMeta changed = takeFiles(store, from);
            tell("taken again");
            long second = transfer(changed, from, to);
            require(second < changed.sizeBytes() / 3, "little is sent again: " + second + " bytes of " + changed);
            tell("what has changed, " + second + " of " + changed.sizeBytes() + " bytes, transferred");
            takeOver(other, to, changed);
            byte[] value = other.range(RangeRequest.of(key, Bytes.EMPTY))
                    .kvs()
                    .get(0)
                    .value()
                    .array();
            require(Arrays.equals(value, Bytes.of("changed").array()), "the new value is there");
            require(other.revision() == state.revision() + 1, "the new revision is there");
            tell("taken over again");
        }
        for (String used : new String[] {"first", "third", "other-kv"}) {
            TreeRemoval.remove(folder.resolve(used));
        }
    }

    /** Waits until the store has tidied up after it was filled: as long as it rewrites its files there are new ones in each snapshot. */
    private static void awaitRest(KeyValueStore store) throws IOException {
        List<String> before = List.of();
        List<String> now = tables(store);
        for (int looks = 0; !now.equals(before); looks++) {
            require(looks < 60, "the store comes to rest within a minute");
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            before = now;
            now = tables(store);
        }
    }

    private static List<String> tables(KeyValueStore store) throws IOException {
        try (StateSnapshot held = store.snapshot().orElseThrow()) {
            return held.files().stream()
                    .map(StateFile::name)
                    .filter(name -> name.endsWith(".sst"))
                    .sorted()
                    .toList();
        }
    }

    private static SnapshotMeta takeFiles(KeyValueStore store, SnapshotFiles into) throws IOException {
        try (StateSnapshot held = store.snapshot().orElseThrow()) {
            SnapshotMeta meta = into.take(store.lastApplied(), GeneratedState.TERM, MEMBERS, held);
            require(meta.inFiles(), "the store hands over files");
            return meta;
        }
    }

    private static void takeOver(KeyValueStore store, SnapshotFiles from, SnapshotMeta meta) throws IOException {
        try (SnapshotStore.HeldFiles held = from.openFiles(meta)) {
            store.restoreFiles(meta.index(), meta.term(), held.files());
        }
    }

    private void restoreIntoStore(SnapshotMeta meta) throws IOException {
        Path second = folder.resolve("second");
        try (SegmentedLog log = log(second, SECOND);
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT);
                KeyValueStore store = KeyValueStore.onDisk(folder.resolve("kv"))) {
            tell("verified at the start");
            require(snapshots.newest().filter(meta::equals).isPresent(), "the snapshot is there after a restart");
            try (InputStream in = snapshots.open(meta)) {
                store.restore(meta.index(), meta.term(), in);
            }
            tell("restored into the store");
            requireValues(store);
        }
        TreeRemoval.remove(second);
    }

    private BackupInfo save() throws IOException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("kv"))) {
            BackupInfo saved = new BackupFile(folder.resolve("backup")).save(() -> stream(store), false);
            tell("saved");
            require(saved.state().keys() == state.keys(), "all keys are in the backup: " + saved);
            require(saved.header().revision() == state.revision() + 1, "the revision is in the backup: " + saved);
            return saved;
        }
    }

    /** As the bytes go from a server to its client. */
    private static InputStream stream(KeyValueStore store) throws IOException {
        PipedInputStream in = new PipedInputStream(PIECE_BYTES);
        PipedOutputStream out = new PipedOutputStream(in);
        Thread writer = new Thread(
                () -> {
                    try (out;
                            BackupState held = store.backup()) {
                        BackupHeader header = new BackupHeader(
                                CLUSTER, SECOND, held.appliedIndex(), held.appliedTerm(), held.revision(), 1);
                        BackupWriter.write(header, held::writeTo, out);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "backup");
        writer.start();
        return in;
    }

    private void restoreFromBackup(BackupInfo saved) throws IOException {
        Path fresh = folder.resolve("fresh");
        try (SegmentedLog log = log(fresh, FIRST);
                SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT)) {
            new BackupFile(folder.resolve("backup"))
                    .restore((header, content) ->
                            snapshots.take(header.index(), header.term(), MEMBERS, new Written(content)));
            tell("restored from the backup");
            SnapshotMeta meta = snapshots.newest().orElseThrow();
            require(meta.fingerprint() == saved.fingerprint(), "the fingerprint is the same: " + meta);
        }
    }

    private record Written(BackupWriter.Content content) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            content.writeTo(out);
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private void requireValues(KeyValueStore store) {
        for (int key : new int[] {0, state.keys() / 2, state.keys() - 1}) {
            RangeRequest read = RangeRequest.of(Bytes.wrap(GeneratedState.key(key)), Bytes.EMPTY);
            byte[] value = store.range(read).kvs().get(0).value().array();
            require(Arrays.equals(value, GeneratedState.value(key)), "key " + key + " has its value");
        }
    }

    private static SegmentedLog log(Path path, NodeId node) throws IOException {
        return SegmentedLog.open(path, new LogIdentity(CLUSTER, node), LogOptions.DEFAULT.withSegmentBytes(1 << 20));
    }

    private void tell(String what) {
        long now = System.nanoTime();
        System.out.printf("%s in %d ms%n", what, (now - lastNanos) / 1_000_000);
        lastNanos = now;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not so: " + what);
        }
    }
}
