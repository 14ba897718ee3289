package io.jangada.core.scenario;

import io.jangada.core.Raft;
import io.jangada.core.RaftStatus;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One core with a disk that forgets what was not synchronised, snapshots, and a state machine; carries out effects as a real node does. */
final class ScenarioNode {
    private final RaftConfig config;
    private final Surroundings world;
    private final Shelf shelf = new Shelf();
    private final Deque<WriteBatch> unsynced = new ArrayDeque<>();
    private final List<Effects.Promise> parked = new ArrayList<>();
    private final Deque<Effects.Load> loads = new ArrayDeque<>();
    private final Deque<Effects.ReadChunk> chunkReads = new ArrayDeque<>();
    private final Deque<SnapshotRequest> stages = new ArrayDeque<>();
    private final Deque<Effects.RepairRead> repairReads = new ArrayDeque<>();
    private LogOnDisk disk;
    private LogOnDisk log;
    private AppliedState applied;
    private Raft raft;
    private long persisted;
    private @Nullable String stopped;
    boolean diskHeld;

    ScenarioNode(RaftConfig config, LogOnDisk disk, Surroundings world) {
        this.config = config;
        this.world = world;
        this.disk = disk;
        this.log = disk.copy();
        this.applied = new AppliedState(new MembershipAt(0, config.membership()));
        this.raft = boot();
    }

    private Raft boot() {
        Shelf.Snapshot snapshot = shelf.newest();
        SnapshotMeta meta = snapshot == null ? null : snapshot.meta();
        Recovered recovered = new Recovered(disk.state(), meta, meta == null ? 0 : meta.index());
        return Raft.start(config, recovered, id().value(), world.now());
    }

    NodeId id() {
        return config.self();
    }

    RaftConfig config() {
        return config;
    }

    Raft raft() {
        return raft;
    }

    /** The log as written, durable or not. */
    LogOnDisk log() {
        return log;
    }

    /** What a crash leaves. */
    LogOnDisk disk() {
        return disk;
    }

    long applied() {
        return applied.index();
    }

    List<String> state() {
        return applied.commands();
    }

    boolean down() {
        return stopped != null;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    int parked() {
        return parked.size();
    }

    void step(Event event) {
        Effects effects = new Effects();
        RaftStatus before = raft.status();
        raft.step(event, world.now(), effects);
        carryOut(before, effects);
    }

    void receive(Message message) {
        Effects effects = new Effects();
        RaftStatus before = raft.status();
        raft.receive(message, world.now(), effects);
        carryOut(before, effects);
    }

    private void carryOut(RaftStatus before, Effects effects) {
        WriteBatch write = effects.write();
        if (write != null) {
            unsynced.add(write);
            log.apply(write);
        }
        RaftStatus after = raft.status();
        tellRole(before, after);
        effects.messages().forEach(world::send);
        parked.addAll(effects.promises());
        release();
        loads.addAll(effects.loads());
        repairReads.addAll(effects.repairReads());
        chunkReads.addAll(effects.readChunks());
        stages.addAll(effects.stageChunks());
        install(effects.install());
        apply(effects.applyTo());
        tellProgress(before, after, effects.applyTo());
        tellClients(effects);
        MembershipAt membership = effects.membership();
        if (membership != null) {
            say("now in force: " + Text.membership(membership));
        }
        String stop = effects.stop();
        if (stop != null) {
            say("stops: " + stop);
            crash(0);
        }
    }

    private void say(String what) {
        world.transcript().change("  " + id() + " " + what);
    }

    private void tellRole(RaftStatus before, RaftStatus after) {
        if (!Text.role(before).equals(Text.role(after))) {
            say("is " + Text.role(after));
        }
    }

    private void tellProgress(RaftStatus before, RaftStatus after, long applyTo) {
        boolean commits = after.commitIndex() > before.commitIndex();
        if (commits && after.commitIndex() == applyTo) {
            say("commits and applies " + applyTo);
        } else {
            if (commits) {
                say("commits " + after.commitIndex());
            }
            if (applyTo > 0) {
                say("applies " + applyTo);
            }
        }
    }

    private void install(@Nullable SnapshotMeta wanted) {
        if (wanted == null) {
            return;
        }
        Shelf.Snapshot snapshot = shelf.newest();
        if (snapshot == null || !snapshot.meta().equals(wanted)) {
            throw new AssertionError("node " + id() + " is to install a snapshot that is not here: " + wanted);
        }
        applied.restore(snapshot);
        say("takes the state of snapshot " + wanted.index() + "@" + wanted.term());
    }

    private void apply(long to) {
        if (to == 0) {
            return;
        }
        if (to > disk.lastIndex() || to <= applied.index()) {
            throw new AssertionError("node " + id() + " is to apply " + to + " after " + applied.index()
                    + ", durable is " + disk.lastIndex());
        }
        while (applied.index() < to) {
            applied.apply(log.at(applied.index() + 1));
        }
    }

    private void tellClients(Effects effects) {
        effects.appended().forEach(a -> say("#" + a.requestId() + " has place " + a.index() + "@" + a.term()));
        effects.readReady()
                .forEach(r -> say("#" + r.requestId() + " may be read at " + r.index()
                        + (r.validUntilNanos() == Effects.ReadReady.FOR_EVER
                                ? ""
                                : ", for " + (r.validUntilNanos() - world.now()) / 1_000_000 + " ms")));
        effects.refused()
                .forEach(r -> say("#" + r.requestId() + " refused: " + r.reason()
                        + (r.leader().isNone() ? "" : ", leader " + r.leader())));
        effects.changesRefused().forEach(r -> say("#" + r.requestId() + " refused: " + r.reason()));
        effects.transfersEnded().forEach(r -> say("#" + r.requestId() + " transfer: " + r.outcome()));
    }

    private void release() {
        for (Effects.Promise promise : List.copyOf(parked)) {
            if (promise.afterSequence() <= persisted) {
                parked.remove(promise);
                world.send(promise.message());
            }
        }
    }

    /** Whether its disk or its readers have something to do. */
    boolean busy() {
        return !down()
                && (!loads.isEmpty()
                        || !repairReads.isEmpty()
                        || !chunkReads.isEmpty()
                        || (!diskHeld && (!unsynced.isEmpty() || !stages.isEmpty())));
    }

    /** Lets disk and readers do all that they have to do now. */
    void work() {
        if (!diskHeld) {
            sync(Integer.MAX_VALUE);
            for (SnapshotRequest piece = stages.poll(); piece != null; piece = stages.poll()) {
                step(shelf.stage(piece));
            }
        }
        for (Effects.Load load = loads.poll(); load != null; load = loads.poll()) {
            load(load);
        }
        for (Effects.RepairRead read = repairReads.poll(); read != null; read = repairReads.poll()) {
            step(new Event.ReadForRepair(read, readForRepair(read)));
        }
        for (Effects.ReadChunk read = chunkReads.poll(); read != null; read = chunkReads.poll()) {
            step(new Event.ChunkRead(read, shelf.read(read.snapshot(), read.offset(), read.maxBytes())));
        }
    }

    /** Makes the oldest batches durable, together. */
    void sync(int batches) {
        int done = 0;
        while (done < batches && !unsynced.isEmpty()) {
            makeDurable(unsynced.remove());
            done++;
        }
        if (done > 0) {
            step(new Event.Persisted(persisted));
        }
    }

    private void makeDurable(WriteBatch write) {
        disk.apply(write);
        persisted = write.sequence();
        List<String> parts = new ArrayList<>();
        if (write.hardState() != null) {
            parts.add("term " + write.hardState().term() + " vote "
                    + write.hardState().votedFor());
        }
        if (write.base() != null) {
            parts.add("log begins behind " + write.base().index() + "@"
                    + write.base().term()
                    + (write.base().reset() ? ", the rest is dropped" : ""));
        }
        if (write.truncates()) {
            parts.add("cut after " + write.truncateAfter());
        }
        if (!write.entries().isEmpty()) {
            parts.add(Text.entries(write.entries()));
        }
        if (write.promised() != null) {
            parts.add(Text.promise(write.promised()));
        }
        switch (write.salvage()) {
            case KEEP -> {}
            case ADOPT -> parts.add("goes on with what is behind the gap, to " + disk.lastIndex());
            case DROP -> parts.add("drops what is behind the gap");
        }
        world.transcript().traffic("  " + id() + " disk: " + String.join("; ", parts));
    }

    private void load(Effects.Load load) {
        List<Entry> entries = new ArrayList<>();
        long weight = 0;
        for (long index = load.fromIndex(); index <= load.toIndex() && log.has(index); index++) {
            Entry entry = log.at(index);
            weight += entry.weight();
            if (weight > load.maxBytes() && !entries.isEmpty()) {
                break;
            }
            entries.add(entry);
        }
        world.transcript().traffic("  " + id() + " reads for " + load.peer() + ": " + Text.entries(entries));
        step(new Event.Loaded(load, entries));
    }

    private List<Entry> readForRepair(Effects.RepairRead read) {
        List<Entry> entries = new ArrayList<>();
        long index = read.request().fromIndex();
        for (Entry entry = log.find(index); entry != null && index <= read.toIndex(); entry = log.find(++index)) {
            entries.add(entry);
        }
        return entries;
    }

    /** Entries of a node that is down are damaged on its disk; {@code doubtful}: nobody can tell whether they were ever complete. */
    void damage(List<Long> indexes, boolean doubtful) {
        if (!down()) {
            throw new IllegalArgumentException("node " + id() + " must be down for its disk to be damaged");
        }
        disk.lose(new TreeSet<>(indexes), doubtful);
        say("disk: holds " + Text.entries(disk.entries()) + Text.losses(disk));
    }

    void takeSnapshot() {
        SnapshotMeta meta = shelf.take(applied);
        say("has snapshot " + meta.index() + "@" + meta.term() + ", " + meta.sizeBytes() + " bytes, "
                + Text.membership(meta.membership()));
        step(new Event.SnapshotTaken(meta));
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
        repairReads.clear();
        stages.clear();
        stopped = "down";
    }

    /** Loses power in the middle of a write: it leaves nothing but the mark that it was there. */
    void crashInWrite() {
        WriteBatch torn = unsynced.peek();
        if (torn == null || torn.entries().isEmpty()) {
            throw new IllegalArgumentException("node " + id() + " is not writing any entries");
        }
        disk.tear(torn.entries().get(torn.entries().size() - 1));
        crash(0);
        say("disk: holds " + Text.entries(disk.entries()) + Text.losses(disk));
    }

    void forgetOlderSnapshots() {
        shelf.forgetOlder();
    }

    /** The offline tool after the loss of a majority: appends a membership that nobody has agreed to, in a new term. */
    void forceMembership(Membership membership) {
        if (!down()) {
            throw new IllegalArgumentException("node " + id() + " must be down to be edited");
        }
        LogState state = disk.state();
        long lastTerm = state.terms().isEmpty()
                ? state.prevTerm()
                : state.terms().get(state.terms().size() - 1).term();
        long term = Math.max(state.hardState().term(), lastTerm) + 1;
        Entry entry = Entry.membership(state.lastIndex() + 1, term, membership);
        disk.apply(new WriteBatch(1, new HardState(term, NodeId.NONE), WriteBatch.KEEP_ALL, List.of(entry)));
        say("disk: term " + term + " vote none; " + Text.entry(entry));
    }

    void restart() {
        log = disk.copy();
        persisted = 0;
        stopped = null;
        applied = new AppliedState(new MembershipAt(0, config.membership()));
        Shelf.Snapshot snapshot = shelf.newest();
        if (snapshot != null) {
            applied.restore(snapshot);
        }
        raft = boot();
    }
}
