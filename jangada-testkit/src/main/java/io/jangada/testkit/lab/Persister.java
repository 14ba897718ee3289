package io.jangada.testkit.lab;

import io.jangada.api.ClusterId;
import io.jangada.api.spi.EntryCodec;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import io.jangada.testkit.disk.SimDisk;
import io.jangada.testkit.disk.Survival;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a crash of one server: a disk in memory, on which the production log and the production snapshots write.
 *
 * <p>The course's Raft saves its whole state with one call; ours writes its log by itself and synchronises it. So there is nothing to save here, and everything to read: all
 * that is told is what a restart after a power failure would find, never what was only written and not synchronised. Any thread.
 */
public final class Persister {
    private static final ClusterId CLUSTER = new ClusterId(0x1ab);
    private static final int SEGMENT_BYTES = 64 << 10;
    /** Who only reads, now and then for each of many servers, needs no large buffer, and snapshots are small. */
    private static final int SMALL_BUFFER_BYTES = 4 << 10;

    private static final SnapshotOptions SNAPSHOTS =
            SnapshotOptions.DEFAULT.withRetained(1).withChunkBytes(SMALL_BUFFER_BYTES);
    private static final int HARD_STATE_BYTES = 32;
    private static final int READ_BYTES = 1 << 30;

    private final int server;
    private final SimDisk disk;
    private volatile @Nullable Saved saved;

    /** What has been read, and how often the disk had been changed before: as long as nobody changes it, a restart finds the same. */
    private static final class Saved {
        private final long operations;
        private final byte[] raftState;
        private final ServiceSnapshot snapshot;

        Saved(long operations, byte[] raftState, ServiceSnapshot snapshot) {
            this.operations = operations;
            this.raftState = raftState;
            this.snapshot = snapshot;
        }
    }

    /** The persister of a server that has never run; servers are numbered from 0. */
    public Persister(int server) {
        this(server, new SimDisk("disk of server " + server));
    }

    private Persister(int server, SimDisk disk) {
        this.server = server;
        this.disk = disk;
    }

    /** What a restart after a power failure now would find; whatever still runs on this persister cannot change it any more. */
    public Persister copy() {
        SimDisk survivor = disk.copy();
        survivor.crash(Survival.NOTHING);
        return new Persister(server, survivor);
    }

    /** The node that this server is. */
    NodeId node() {
        return nodeOf(server);
    }

    static NodeId nodeOf(int server) {
        return NodeId.of(server + 1L);
    }

    SegmentedLog openLog() throws IOException {
        return openLog(SEGMENT_BYTES);
    }

    private SegmentedLog openLog(int bufferBytes) throws IOException {
        LogOptions options = LogOptions.DEFAULT.withSegmentBytes(SEGMENT_BYTES).withWriteBufferBytes(bufferBytes);
        return SegmentedLog.open(disk, new LogIdentity(CLUSTER, node()), options.deterministic(server + 1L));
    }

    static SnapshotFiles openSnapshots(SegmentedLog log) throws IOException {
        return SnapshotFiles.open(log, SNAPSHOTS);
    }

    /**
     * Term, vote, beginning of the log and all its entries, as they would be read after a restart: what the course calls the Raft state.
     *
     * <p>The node's snapshot goes a little further than the service's, and holds the commands in between. The course's Raft would have them in its log still, so they count here.
     */
    public byte[] readRaftState() {
        return saved().raftState.clone();
    }

    private Saved saved() {
        long operations = disk.operations();
        Saved last = saved;
        if (last == null || last.operations != operations) {
            // What happens meanwhile may be in it or not. It is counted, so the next one who asks does not get this.
            last = onCopy(log -> read(log, operations));
            saved = last;
        }
        return last;
    }

    private static Saved read(SegmentedLog log, long operations) throws IOException {
        LogState state = log.recovered();
        ServiceSnapshot snapshot = ServiceSnapshot.NONE;
        List<Entry> entries = new ArrayList<>();
        try (SnapshotFiles files = openSnapshots(log)) {
            Optional<SnapshotMeta> newest = files.newest();
            if (newest.isPresent()) {
                snapshot = read(files, newest.get());
                if (newest.get().index() < state.firstIndex()) {
                    entries.addAll(snapshot.tail());
                }
            }
        }
        if (state.lastIndex() >= state.firstIndex()) {
            entries.addAll(log.read(state.firstIndex(), state.lastIndex(), READ_BYTES));
        }
        return new Saved(operations, encoded(state, entries), snapshot);
    }

    private static byte[] encoded(LogState state, List<Entry> entries) {
        int bytes = HARD_STATE_BYTES;
        for (Entry entry : entries) {
            bytes += EntryCodec.encodedSize(entry);
        }
        ByteBuffer encoded = ByteBuffer.allocate(bytes);
        encoded.putLong(state.hardState().term());
        encoded.putLong(state.hardState().votedFor().value());
        encoded.putLong(state.firstIndex() - 1);
        encoded.putLong(state.prevTerm());
        entries.forEach(entry -> EntryCodec.encode(entry, encoded));
        return encoded.array();
    }

    /** The length of {@link #readRaftState}. */
    public int raftStateSize() {
        return saved().raftState.length;
    }

    /** The service's newest snapshot; empty if there is none. */
    public byte[] readSnapshot() {
        return saved().snapshot.bytes().clone();
    }

    /** The number of the last command in {@link #readSnapshot}, 0 if there is none. */
    public long snapshotIndex() {
        return saved().snapshot.index();
    }

    /** The length of {@link #readSnapshot}. */
    public int snapshotSize() {
        return saved().snapshot.bytes().length;
    }

    private static ServiceSnapshot read(SnapshotFiles files, SnapshotMeta snapshot) throws IOException {
        try (InputStream content = files.open(snapshot)) {
            return ServiceSnapshot.readFrom(content);
        }
    }

    /** Something read from a log. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(SegmentedLog log) throws IOException;
    }

    private <T> T onCopy(Reading<T> reading) {
        try (SegmentedLog log = copy().openLog(SMALL_BUFFER_BYTES)) {
            return reading.from(log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what server " + server + " has saved", e);
        }
    }
}
