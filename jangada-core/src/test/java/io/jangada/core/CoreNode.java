package io.jangada.core;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** One core with a disk that forgets what was not synchronised, stepped by hand. */
final class CoreNode {
    final NodeId id;
    /** The log as written, durable or not. */
    final List<Entry> log = new ArrayList<>();
    /** What a crash leaves. */
    final List<Entry> disk = new ArrayList<>();

    final List<Effects.ReadReady> readReady = new ArrayList<>();
    final List<Effects.Refused> refused = new ArrayList<>();
    final List<Effects.Appended> appended = new ArrayList<>();
    final List<Effects.ChangeRefused> changesRefused = new ArrayList<>();
    final List<Effects.TransferEnded> transfersEnded = new ArrayList<>();
    final List<Effects.Load> loads = new ArrayList<>();
    private final RaftConfig config;
    private final Consumer<Message> network;
    private final Deque<WriteBatch> unsynced = new ArrayDeque<>();
    private final List<Effects.Promise> parked = new ArrayList<>();
    private HardState diskState = HardState.INITIAL;
    private long persisted;
    long appliedTo;
    boolean down;
    private Raft raft;

    CoreNode(RaftConfig config, List<Entry> entries, HardState state, long nowNanos, Consumer<Message> network) {
        this.config = config;
        this.id = config.self();
        this.network = network;
        this.diskState = state;
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
        return new LogState(diskState, 1, disk.size(), 0, termsOf(disk), membershipsOf(disk));
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
            apply(write, log);
        }
        effects.messages().forEach(network);
        parked.addAll(effects.promises());
        release();
        if (effects.applyTo() > 0) {
            if (effects.applyTo() > durableIndex() || effects.applyTo() <= appliedTo) {
                throw new AssertionError("node " + id + " is to apply " + effects.applyTo() + " after " + appliedTo
                        + ", durable is " + durableIndex());
            }
            appliedTo = effects.applyTo();
        }
        loads.addAll(effects.loads());
        readReady.addAll(effects.readReady());
        refused.addAll(effects.refused());
        appended.addAll(effects.appended());
        changesRefused.addAll(effects.changesRefused());
        transfersEnded.addAll(effects.transfersEnded());
    }

    private long durableIndex() {
        return disk.size();
    }

    private static void apply(WriteBatch write, List<Entry> entries) {
        if (write.truncates()) {
            entries.subList((int) write.truncateAfter(), entries.size()).clear();
        }
        entries.addAll(write.entries());
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
        apply(write, disk);
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
        for (int at = (int) load.fromIndex() - 1; at < Math.min(load.toIndex(), log.size()); at++) {
            weight += log.get(at).weight();
            if (weight > load.maxBytes() && !entries.isEmpty()) {
                break;
            }
            entries.add(log.get(at));
        }
        step(new Event.Loaded(load, entries), nowNanos);
    }

    /** Loses power; so many of the batches that were on their way still reached the disk. */
    void crash(int survive) {
        for (int i = 0; i < survive && !unsynced.isEmpty(); i++) {
            makeDurable(unsynced.remove());
        }
        unsynced.clear();
        parked.clear();
        loads.clear();
        down = true;
    }

    void restart(long seed, long nowNanos) {
        log.clear();
        log.addAll(disk);
        persisted = 0;
        appliedTo = 0;
        down = false;
        raft = Raft.start(config, new Recovered(logState(), 0), seed, nowNanos);
    }
}
