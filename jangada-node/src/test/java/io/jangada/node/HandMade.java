package io.jangada.node;

import io.jangada.api.GroupId;
import io.jangada.api.ReadLevel;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.Raft;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The workers of a node that carry out effects that a test has made by hand; nothing happens at the core. */
final class HandMade {
    static final NodeId SELF = NodeId.of(1);
    static final Membership MEMBERSHIP = Membership.ofVoters(SELF, NodeId.of(2), NodeId.of(3));

    final MemoryStorage storage = new MemoryStorage();
    final MemorySnapshots snapshots = new MemorySnapshots();
    final Group.Journaling machine = new Group.Journaling();
    final Inbox<String> inbox = new Inbox<>(64);
    final List<Message> sent = new ArrayList<>();
    final List<Membership> told = new ArrayList<>();
    final Requests<String> requests;
    final Workers<String> workers;
    long nowNanos = 1_000_000;

    private final EffectExecutor<String> executor;
    private long nextSequence = 1;

    HandMade() {
        NodeConfig config = NodeConfig.of(RaftConfig.of(SELF, MEMBERSHIP));
        LocalNode.Ports ports = new LocalNode.Ports(storage, snapshots, transport(), () -> nowNanos);
        Recovery recovery = Recovery.of(storage.recovered(), snapshots.newest(), 0);
        Raft raft = Raft.start(config.raft(), recovery.recovered(), 1, nowNanos);
        SnapshotWriter writer = new SnapshotWriter(snapshots, inbox);
        SnapshotTrigger trigger = new SnapshotTrigger(
                machine, snapshots, SnapshotPolicy.ON_REQUEST, writer, raft.membershipAt(0), recovery);
        workers = new Workers<>(
                new Journal(storage, inbox),
                new Applier<>(machine, ports, inbox, trigger, recovery),
                new Background(storage, snapshots, inbox),
                writer);
        requests = new Requests<>(config, 1);
        executor = new EffectExecutor<>(config, raft, ports.transport(), workers, requests, 0);
    }

    private Transport transport() {
        return new Transport() {
            @Override
            public void register(GroupId group, MessageReceiver receiver) {}

            @Override
            public void send(GroupId group, Message message) {
                sent.add(message);
            }

            @Override
            public void members(GroupId group, Membership membership) {
                told.add(membership);
            }

            @Override
            public void close() {}
        };
    }

    /** Writes commands {@code from..to} of term 1 into the log, named by their index. */
    void write(long from, long to) {
        List<Entry> entries = new ArrayList<>();
        for (long index = from; index <= to; index++) {
            entries.add(Entry.command(index, 1, Group.bytes("c" + index)));
        }
        storage.write(new WriteBatch(nextSequence++, null, WriteBatch.KEEP_ALL, entries));
    }

    void carryOut(Effects effects) {
        executor.execute(effects, nowNanos);
    }

    void runAll() {
        workers.all().forEach(worker -> worker.runOnce(nowNanos));
    }

    /** A proposal that a leader has put at this place. */
    Request.Propose<String> proposalAt(long index) {
        Request.Propose<String> proposal =
                new Request.Propose<>(Group.bytes("c" + index), position -> {}, Long.MAX_VALUE);
        requests.arrived(proposal);
        proposal.submitted(1, nowNanos);
        Effects effects = new Effects();
        effects.appended(proposal.id, index, 1);
        carryOut(effects);
        return proposal;
    }

    <Q> Request.Read<Q> read(ReadLevel level, Supplier<Q> query) {
        Request.Read<Q> read = new Request.Read<>(level, query, nowNanos + 1_000_000_000L);
        requests.arrived(read, nowNanos);
        read.submitted(1, nowNanos);
        return read;
    }

    /** What the core would be told next. */
    List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (Inbox.Report report = inbox.pollReport(); report != null; report = inbox.pollReport()) {
            if (report instanceof Inbox.Happened happened) {
                events.add(happened.event());
            } else {
                throw new AssertionError("an unexpected report: " + report);
            }
        }
        return events;
    }
}
