package io.jangada.core.step;

import io.jangada.core.message.Message;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything one step wants done, in the order in which it must be done.
 *
 * <ol>
 *   <li>{@link #write()}: hand to the disk, in order of sequence; report {@link Event.Persisted} when it is durable.
 *   <li>{@link #messages()}: send now; they may overtake the write (a leader's own disk runs in parallel).
 *   <li>{@link #promises()}: send each one only when the write it names is durable. Never before.
 *   <li>{@link #applyTo()}: apply every entry up to here, in order. All of them are committed, and durable on this node.
 *   <li>{@link #loads()}: read entries from the log, report {@link Event.Loaded}.
 *   <li>{@link #repairReads()}: read entries for a node with a damaged disk, report {@link Event.ReadForRepair}.
 *   <li>{@link #readChunks()}, {@link #stageChunks()}: read and store pieces of snapshots, report {@link Event.ChunkRead} and {@link Event.ChunkStaged}.
 *   <li>{@link #install()}: before anything is applied after it, the state machine takes this snapshot in place of its state.
 *   <li>{@link #appended()}, {@link #readReady()}, {@link #refused()}, {@link #changesRefused()}, {@link #transfersEnded()}: tell clients.
 *   <li>{@link #membership()}: the membership in force is another one now; tell the transport.
 *   <li>{@link #stop()}: this node must promise nothing any more.
 * </ol>
 *
 * Collected by one thread, emptied with {@link #clear()} and used again.
 */
public final class Effects {

    /** A message that promises something, and the write that must be durable before it may leave. */
    public record Promise(Message message, long afterSequence) {}

    /** Entries that are wanted from the disk. */
    sealed interface Reading permits Load, RepairRead {}

    /** Entries wanted from the disk for a follower: from {@code fromIndex} to {@code toIndex}, both inclusive, as many as fit into {@code maxBytes}, at least one. */
    public record Load(NodeId peer, long term, long fromIndex, long toIndex, int maxBytes) implements Reading {}

    /** Entries wanted from the disk, also from behind a gap, for a node that asked for them: to {@code toIndex}, as many as fit into {@code maxBytes}, at least one. */
    public record RepairRead(RepairRequest request, long toIndex, int maxBytes) implements Reading {}

    /** A proposal has a position; it is not committed yet. It succeeds iff the entry applied at this index has this term. */
    public record Appended(long requestId, long index, long term) {}

    /**
     * A read may be answered by any state machine that has applied up to this index.
     *
     * @param validUntilNanos the answer must have been computed before this time of the clock, or be thrown away and asked for anew; {@link #FOR_EVER} for
     *     one that a majority has confirmed
     */
    public record ReadReady(long requestId, long index, long validUntilNanos) {
        /** The value of {@code validUntilNanos} that never passes. */
        public static final long FOR_EVER = Long.MAX_VALUE;

        public ReadReady(long requestId, long index) {
            this(requestId, index, FOR_EVER);
        }
    }

    /** A piece of a snapshot wanted for a follower: from {@code offset}, at most {@code maxBytes}. */
    public record ReadChunk(NodeId peer, long term, SnapshotMeta snapshot, long offset, int maxBytes) {}

    /** A membership change was not taken; nothing has happened. */
    public record ChangeRefused(long requestId, ChangeRefusal reason) {}

    /** A transfer of leadership, or a step-down, has ended like this. */
    public record TransferEnded(long requestId, TransferOutcome outcome) {}

    /** A request was not taken; nothing has happened. {@code leader} is a hint, maybe {@link NodeId#NONE}. */
    public record Refused(long requestId, Refusal reason, NodeId leader) {}

    private final List<Message> messages = new ArrayList<>();
    private final List<Promise> promises = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();
    private final List<Appended> appended = new ArrayList<>();
    private final List<ReadReady> readReady = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final List<ReadChunk> readChunks = new ArrayList<>();
    private final List<SnapshotRequest> stageChunks = new ArrayList<>();
    private final List<ChangeRefused> changesRefused = new ArrayList<>();
    private final List<TransferEnded> transfersEnded = new ArrayList<>();
    private @Nullable SnapshotMeta install;
    private @Nullable MembershipAt membership;
    private @Nullable String stop;
    private @Nullable WriteBatch write;
    private long applyTo;

    public void write(WriteBatch batch) {
        if (write != null) {
            throw new IllegalStateException("two writes in one step: " + write + " and " + batch);
        }
        write = batch;
    }

    public void send(Message message) {
        messages.add(message);
    }

    public void promise(Message message, long afterSequence) {
        promises.add(new Promise(message, afterSequence));
    }

    public void applyTo(long index) {
        applyTo = Math.max(applyTo, index);
    }

    public void load(Load load) {
        readings.add(load);
    }

    public void readForRepair(RepairRead read) {
        readings.add(read);
    }

    public void appended(long requestId, long index, long term) {
        appended.add(new Appended(requestId, index, term));
    }

    public void readReady(long requestId, long index) {
        readReady.add(new ReadReady(requestId, index));
    }

    public void refuse(long requestId, Refusal reason, NodeId leader) {
        refused.add(new Refused(requestId, reason, leader));
    }

    public void readReady(long requestId, long index, long validUntilNanos) {
        readReady.add(new ReadReady(requestId, index, validUntilNanos));
    }

    public void readChunk(ReadChunk request) {
        readChunks.add(request);
    }

    public void stageChunk(SnapshotRequest request) {
        stageChunks.add(request);
    }

    public void install(SnapshotMeta snapshot) {
        install = snapshot;
    }

    public void membership(MembershipAt present) {
        membership = present;
    }

    public void changeRefused(long requestId, ChangeRefusal reason) {
        changesRefused.add(new ChangeRefused(requestId, reason));
    }

    public void transferEnded(long requestId, TransferOutcome outcome) {
        transfersEnded.add(new TransferEnded(requestId, outcome));
    }

    /** The node must not go on; the reason is for people and says what to do. */
    public void stop(String reason) {
        stop = reason;
    }

    public @Nullable WriteBatch write() {
        return write;
    }

    public List<Message> messages() {
        return messages;
    }

    public List<Promise> promises() {
        return promises;
    }

    /** The highest index to apply, 0 if this step commits nothing. */
    public long applyTo() {
        return applyTo;
    }

    public List<Load> loads() {
        return readings(Load.class);
    }

    public List<RepairRead> repairReads() {
        return readings(RepairRead.class);
    }

    private <T extends Reading> List<T> readings(Class<T> kind) {
        if (readings.isEmpty()) {
            return List.of();
        }
        List<T> found = new ArrayList<>();
        for (Reading reading : readings) {
            if (kind.isInstance(reading)) {
                found.add(kind.cast(reading));
            }
        }
        return found;
    }

    public List<Appended> appended() {
        return appended;
    }

    public List<ReadReady> readReady() {
        return readReady;
    }

    public List<Refused> refused() {
        return refused;
    }

    public List<ReadChunk> readChunks() {
        return readChunks;
    }

    /** Pieces of a snapshot to store, in this order. */
    public List<SnapshotRequest> stageChunks() {
        return stageChunks;
    }

    /** The snapshot that replaces the state, or null. */
    public @Nullable SnapshotMeta install() {
        return install;
    }

    /** The membership that is in force now, or null if it has not changed. */
    public @Nullable MembershipAt membership() {
        return membership;
    }

    public List<ChangeRefused> changesRefused() {
        return changesRefused;
    }

    public List<TransferEnded> transfersEnded() {
        return transfersEnded;
    }

    /** Why this node must stop, or null. */
    public @Nullable String stop() {
        return stop;
    }

    public void clear() {
        readChunks.clear();
        stageChunks.clear();
        changesRefused.clear();
        transfersEnded.clear();
        install = null;
        membership = null;
        stop = null;
        messages.clear();
        promises.clear();
        readings.clear();
        appended.clear();
        readReady.clear();
        refused.clear();
        write = null;
        applyTo = 0;
    }
}
