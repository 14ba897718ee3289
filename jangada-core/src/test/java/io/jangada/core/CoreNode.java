package io.jangada.core;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** One core with a disk that forgets what was not synchronised, stepped by hand. */
final class CoreNode {
    final NodeId id;
    /** The log as written, durable or not. */
    final LogImage written = new LogImage();

    final List<Entry> log = written.entries;
    /** What a crash leaves. */
    final LogImage durable = new LogImage();

    final List<Entry> disk = durable.entries;
    final FakeSnapshots snapshots = new FakeSnapshots();
    /** What the state machine has made of the entries up to {@link #appliedTo}: see {@link #describe}. */
    private final ByteArrayOutputStream state = new ByteArrayOutputStream();

    final List<Effects.ReadReady> readReady = new ArrayList<>();
    final List<Effects.Refused> refused = new ArrayList<>();
    final List<Effects.Appended> appended = new ArrayList<>();
    final List<Effects.ChangeRefused> changesRefused = new ArrayList<>();
    final List<Effects.TransferEnded> transfersEnded = new ArrayList<>();
    final List<Effects.Load> loads = new ArrayList<>();
    final List<Effects.ReadChunk> chunkReads = new ArrayList<>();
    final List<SnapshotRequest> stagings = new ArrayList<>();
    final List<Effects.RepairRead> repairReads = new ArrayList<>();
    /** Whether the state machine keeps its state on a disk of its own. */
    boolean keepsState;

    long installs;
    private final RaftConfig config;
    private final Consumer<Message> network;
    private final Deque<WriteBatch> unsynced = new ArrayDeque<>();
    private final List<Effects.Promise> parked = new ArrayList<>();
    private HardState diskState = HardState.INITIAL;
    private long persisted;
    long appliedTo;
    private MembershipAt appliedMembership;
    boolean down;
    private Raft raft;

    CoreNode(RaftConfig config, List<Entry> entries, HardState state, long nowNanos, Consumer<Message> network) {
        this.config = config;
        this.id = config.self();
        this.network = network;
        this.diskState = state;
        this.appliedMembership = new MembershipAt(0, config.membership());
        disk.addAll(entries);
        log.addAll(entries);
        this.raft = Raft.start(config, new Recovered(logState(), 0), id.value(), nowNanos);
    }

    Raft raft() {
        return raft;
    }

    RaftStatus status() {
        return raft.status();
    }

    private LogState logState() {
        return durable.state(diskState);
    }

    /** The state after these entries: sixteen bytes for each. */
    static byte[] describe(List<Entry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            byte[] line = new byte[16];
            line[0] = (byte) entry.index();
            line[1] = (byte) entry.term();
            line[2] = (byte) Arrays.hashCode(entry.payload());
            bytes.writeBytes(line);
        }
        return bytes.toByteArray();
    }

    byte[] state() {
        return state.toByteArray();
    }

    static List<MembershipAt> membershipsOf(List<Entry> entries) {
        List<MembershipAt> memberships = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.type() == EntryType.MEMBERSHIP) {
                memberships.add(new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload())));
            }
        }
        return memberships;
    }

    static List<TermStart> termsOf(List<Entry> entries) {
        List<TermStart> terms = new ArrayList<>();
        for (Entry entry : entries) {
            if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
                terms.add(new TermStart(entry.index(), entry.term()));
            }
        }
        return terms;
    }

    void step(Event event, long nowNanos) {
        Effects effects = new Effects();
        raft.step(event, nowNanos, effects);
        carryOut(effects);
    }

    void receive(Message message, long nowNanos) {
        Effects effects = new Effects();
        raft.receive(message, nowNanos, effects);
        carryOut(effects);
    }

    private void carryOut(Effects effects) {
        WriteBatch write = effects.write();
        if (write != null) {
            unsynced.add(write);
            written.apply(write);
        }
        effects.messages().forEach(network);
        parked.addAll(effects.promises());
        release();
        if (effects.applyTo() > 0) {
            // What a state machine with a disk of its own has already is told again after the log was damaged.
            boolean known = keepsState && effects.applyTo() <= appliedTo;
            if (effects.applyTo() > durableIndex() || (effects.applyTo() <= appliedTo && !known)) {
                throw new AssertionError("node " + id + " is to apply " + effects.applyTo() + " after " + appliedTo
                        + ", durable is " + durableIndex());
            }
            applyTo(Math.max(appliedTo, effects.applyTo()));
        }
        chunkReads.addAll(effects.readChunks());
        stagings.addAll(effects.stageChunks());
        SnapshotMeta install = effects.install();
        if (install != null && !(keepsState && install.index() <= appliedTo)) {
            restore(install);
            installs++;
        }
        loads.addAll(effects.loads());
        repairReads.addAll(effects.repairReads());
        readReady.addAll(effects.readReady());
        refused.addAll(effects.refused());
        appended.addAll(effects.appended());
        changesRefused.addAll(effects.changesRefused());
        transfersEnded.addAll(effects.transfersEnded());
    }

    private long durableIndex() {
        return durable.lastIndex();
    }

    private void applyTo(long index) {
        if (index > appliedTo && written.baseIndex() > appliedTo) {
            throw new AssertionError("node " + id + " has forgotten entries that it has not applied: it has applied "
                    + appliedTo + ", its log begins behind " + written.baseIndex());
        }
        for (long next = appliedTo + 1; next <= index; next++) {
            List<Entry> entry = List.of(written.at(next));
            state.writeBytes(describe(entry));
            membershipsOf(entry).forEach(at -> appliedMembership = at);
        }
        appliedTo = index;
    }

    private void restore(SnapshotMeta snapshot) {
        if (snapshot.index() <= appliedTo) {
            throw new AssertionError("node " + id + " goes back from " + appliedTo + " to " + snapshot);
        }
        state.reset();
        state.writeBytes(snapshots.open(snapshot));
        appliedTo = snapshot.index();
        appliedMembership = snapshot.membership();
    }

    /** Makes a snapshot of the state machine as it is now. */
    void takeSnapshot(long nowNanos) {
        SnapshotMeta newest = snapshots.newest();
        // A state machine that is ahead of a damaged log does not know what goes with its state.
        boolean known = appliedTo <= Math.min(status().commitIndex(), status().persistedIndex());
        if (known && appliedTo > (newest == null ? 0 : newest.index())) {
            long term = written.termAt(appliedTo);
            step(new Event.SnapshotTaken(snapshots.take(appliedTo, term, appliedMembership, state())), nowNanos);
        }
    }

    boolean hasPieces() {
        return !chunkReads.isEmpty() || !stagings.isEmpty() || !repairReads.isEmpty();
    }

    /** Reads or stores the oldest piece of a snapshot that is waiting for it, or reads what somebody's log lacks. */
    void piece(long nowNanos) {
        if (!repairReads.isEmpty()) {
            Effects.RepairRead read = repairReads.remove(0);
            step(new Event.ReadForRepair(read, readForRepair(read)), nowNanos);
        } else if (!chunkReads.isEmpty()) {
            Effects.ReadChunk request = chunkReads.remove(0);
            step(new Event.ChunkRead(request, snapshots.read(request)), nowNanos);
        } else {
            step(snapshots.stage(stagings.remove(0)), nowNanos);
        }
    }

    private void release() {
        for (Effects.Promise promise : List.copyOf(parked)) {
            if (promise.afterSequence() <= persisted) {
                parked.remove(promise);
                network.accept(promise.message());
            }
        }
    }

    boolean hasUnsynced() {
        return !unsynced.isEmpty();
    }

    /** Makes the oldest batches durable. */
    void sync(int batches, long nowNanos) {
        for (int i = 0; i < batches && !unsynced.isEmpty(); i++) {
            makeDurable(unsynced.remove());
        }
        step(new Event.Persisted(persisted), nowNanos);
        release();
    }

    private void makeDurable(WriteBatch write) {
        durable.apply(write);
        HardState state = write.hardState();
        if (state != null) {
            diskState = state;
        }
        persisted = write.sequence();
    }

    /** Answers the oldest load from the log as written. */
    void load(long nowNanos) {
        Effects.Load load = loads.remove(0);
        List<Entry> entries = new ArrayList<>();
        long weight = 0;
        for (long at = load.fromIndex(); at <= load.toIndex() && written.has(at); at++) {
            weight += written.at(at).weight();
            if (weight > load.maxBytes() && !entries.isEmpty()) {
                break;
            }
            entries.add(written.at(at));
        }
        step(new Event.Loaded(load, entries), nowNanos);
    }

    private List<Entry> readForRepair(Effects.RepairRead read) {
        List<Entry> entries = new ArrayList<>();
        long weight = 0;
        for (long at = read.request().fromIndex(); at <= read.toIndex(); at++) {
            if (!written.has(at) && !written.losses.has(at)) {
                break;
            }
            Entry entry = written.has(at) ? written.at(at) : written.losses.at(at);
            weight += entry.weight();
            if (weight > read.maxBytes() && !entries.isEmpty()) {
                break;
            }
            entries.add(entry);
        }
        return entries;
    }

    /** Loses power in the middle of a write, if one is under way: it leaves nothing but the mark that it was there. */
    void crashInWrite() {
        WriteBatch torn = unsynced.peek();
        if (torn != null && !torn.entries().isEmpty()) {
            Entry last = torn.entries().get(torn.entries().size() - 1);
            durable.losses.tear(new LogPosition(last.index(), last.term()));
        }
        crash(0);
    }

    /** Loses power; so many of the batches that were on their way still reached the disk. */
    void crash(int survive) {
        for (int i = 0; i < survive && !unsynced.isEmpty(); i++) {
            makeDurable(unsynced.remove());
        }
        unsynced.clear();
        parked.clear();
        loads.clear();
        chunkReads.clear();
        stagings.clear();
        repairReads.clear();
        down = true;
    }

    void restart(long seed, long nowNanos) {
        written.copyFrom(durable);
        persisted = 0;
        down = false;
        if (!keepsState) {
            appliedTo = 0;
            appliedMembership = new MembershipAt(0, config.membership());
            state.reset();
        }
        SnapshotMeta newest = snapshots.newest();
        if (newest != null && newest.index() > appliedTo) {
            restore(newest);
        }
        raft = Raft.start(config, new Recovered(logState(), newest, appliedTo), seed, nowNanos);
        if (newest != null || !durable.losses.isNothing()) {
            // The first step tells the disk if the log begins anew.
            step(new Event.Tick(), nowNanos);
        }
    }
}
