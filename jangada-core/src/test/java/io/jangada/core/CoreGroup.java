package io.jangada.core;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Several cores in virtual time, over a network that a test controls; checks Figure 3's properties after everything that happens. */
final class CoreGroup {
    static final long MILLISECOND = 1_000_000;
    static final Timing TIMING = Timing.ofMillis(50, 500, 1_000);

    final Map<Long, CoreNode> nodes = new TreeMap<>();
    final List<Message> network = new ArrayList<>();
    final List<Message> delivered = new ArrayList<>();
    /** What was ever committed anywhere; may only grow. */
    final List<Entry> committed = new ArrayList<>();

    private final Map<Long, NodeId> leaderOfTerm = new HashMap<>();
    Predicate<Message> lost = message -> false;
    /** What becomes of a message on the way. */
    UnaryOperator<Message> delivering = message -> message;

    long nowNanos = 1_000 * MILLISECOND;
    private long nextRequest;

    CoreGroup(int size, Limits limits) {
        this(size, limits, Map.of(), 0);
    }

    CoreGroup(int size, Limits limits, SnapshotLimits snapshots) {
        this(size, limits, snapshots, Map.of(), 0);
    }

    /** With given logs, as the terms of their entries; all nodes start in {@code term}. */
    CoreGroup(int size, Limits limits, Map<Long, List<Long>> logs, long term) {
        this(size, limits, SnapshotLimits.DEFAULT, logs, term);
    }

    CoreGroup(int size, Limits limits, SnapshotLimits snapshots, Map<Long, List<Long>> logs, long term) {
        List<NodeId> ids = new ArrayList<>();
        for (long i = 1; i <= size; i++) {
            ids.add(NodeId.of(i));
        }
        Membership membership = Membership.ofVoters(ids);
        for (NodeId id : ids) {
            RaftConfig config = new RaftConfig(id, membership, TIMING, limits, snapshots, Options.DEFAULT);
            List<Entry> entries = entriesOf(logs.getOrDefault(id.value(), List.of()));
            HardState state = new HardState(term, NodeId.NONE);
            nodes.put(id.value(), new CoreNode(config, entries, state, nowNanos, network::add));
        }
    }

    static List<Entry> entriesOf(List<Long> terms) {
        List<Entry> entries = new ArrayList<>();
        for (long term : terms) {
            entries.add(Entry.command(entries.size() + 1, term, new byte[] {(byte) term}));
        }
        return entries;
    }

    /** Starts a node that knows nothing and waits to be added. */
    CoreNode join(long id) {
        RaftConfig config = new RaftConfig(NodeId.of(id), Membership.NONE, TIMING, Limits.DEFAULT, Options.DEFAULT);
        CoreNode node = new CoreNode(config, List.of(), HardState.INITIAL, nowNanos, network::add);
        nodes.put(id, node);
        return node;
    }

    /** Asks this node for a change; returns the number of the request. */
    long change(CoreNode node, MembershipStep... steps) {
        long request = ++nextRequest;
        node.step(new Event.ChangeMembership(request, MembershipChange.of(steps)), nowNanos);
        check(node);
        return request;
    }

    CoreNode node(long id) {
        CoreNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    Collection<CoreNode> all() {
        return nodes.values();
    }

    /** Delivers the message at this place of the network. */
    void deliver(int place) {
        Message message = network.remove(place);
        CoreNode node = nodes.get(message.to().value());
        if (node == null || lost.test(message) || node.down) {
            return;
        }
        delivered.add(message);
        node.receive(delivering.apply(message), nowNanos);
        check(node);
    }

    void sync(CoreNode node, int batches) {
        node.sync(batches, nowNanos);
        check(node);
    }

    void load(CoreNode node) {
        node.load(nowNanos);
        check(node);
    }

    void piece(CoreNode node) {
        node.piece(nowNanos);
        check(node);
    }

    void takeSnapshot(CoreNode node) {
        node.takeSnapshot(nowNanos);
        check(node);
    }

    /** Lets everything that can happen now happen; messages in the order in which they were sent. */
    void settle() {
        boolean busy = true;
        while (busy) {
            busy = !network.isEmpty();
            while (!network.isEmpty()) {
                deliver(0);
            }
            for (CoreNode node : all()) {
                if (node.hasUnsynced()) {
                    sync(node, Integer.MAX_VALUE);
                    busy = true;
                } else if (!node.loads.isEmpty()) {
                    load(node);
                    busy = true;
                } else if (node.hasPieces()) {
                    piece(node);
                    busy = true;
                }
            }
        }
    }

    void tick(CoreNode node) {
        node.step(new Event.Tick(), nowNanos);
        check(node);
    }

    /** Lets time pass, ten milliseconds at a time, settled in between. */
    void pass(long milliseconds) {
        for (long passed = 0; passed < milliseconds; passed += 10) {
            nowNanos += 10 * MILLISECOND;
            for (CoreNode node : all()) {
                if (!node.down && node.raft().nextDeadline() - nowNanos <= 0) {
                    tick(node);
                }
            }
            settle();
        }
    }

    /** Has this node, and no other, stand for election now. */
    CoreNode elect(long id) {
        CoreNode node = node(id);
        nowNanos = Math.max(nowNanos, node.raft().nextDeadline());
        tick(node);
        settle();
        if (!node.status().leads()) {
            throw new AssertionError("node " + id + " was not elected: " + node.status());
        }
        return node;
    }

    long propose(CoreNode node) {
        long request = ++nextRequest;
        node.step(new Event.Propose(List.of(new Proposal(request, new byte[] {(byte) request}))), nowNanos);
        check(node);
        return request;
    }

    long read(CoreNode node) {
        long request = ++nextRequest;
        node.step(new Event.Read(List.of(request)), nowNanos);
        check(node);
        return request;
    }

    void crash(CoreNode node, int survive) {
        node.crash(survive);
    }

    void restart(CoreNode node, long seed) {
        node.restart(seed, nowNanos);
    }

    long delivered(Class<? extends Message> type) {
        return delivered.stream().filter(type::isInstance).count();
    }

    private void check(CoreNode node) {
        RaftStatus status = node.status();
        if (status.leads()) {
            electionSafety(status);
            leaderCompleteness(node);
        }
        committedNeverChanges(node, status.commitIndex());
    }

    private void electionSafety(RaftStatus status) {
        NodeId before = leaderOfTerm.putIfAbsent(status.term(), status.self());
        if (before != null && !before.equals(status.self())) {
            throw new AssertionError("two leaders in term " + status.term() + ": " + before + " and " + status.self());
        }
    }

    /** Only of the newest leader is it said; an older one that does not know it yet commits nothing. */
    private void leaderCompleteness(CoreNode leader) {
        long newest =
                leaderOfTerm.keySet().stream().mapToLong(term -> term).max().orElse(0);
        if (leader.status().term() != newest || committed.isEmpty()) {
            return;
        }
        Entry last = committed.get(committed.size() - 1);
        boolean there = leader.written.lastIndex() >= committed.size() && agrees(leader, committed.size(), last);
        if (!there) {
            throw new AssertionError("leader " + leader.id + " lacks committed entries: " + leader.log);
        }
    }

    private void committedNeverChanges(CoreNode node, long commitIndex) {
        for (int i = committed.size(); i < commitIndex; i++) {
            committed.add(node.written.at(i + 1));
        }
        if (commitIndex > 0 && !agrees(node, commitIndex, committed.get((int) commitIndex - 1))) {
            throw new AssertionError("node " + node.id + " has committed another entry at " + commitIndex);
        }
    }

    /** Whether a node has this entry at this index, or has forgotten what it had there. */
    private static boolean agrees(CoreNode node, long index, Entry entry) {
        LogImage log = node.written;
        return log.has(index)
                ? log.at(index).equals(entry)
                : index < log.baseIndex() || (index == log.baseIndex() && log.termAt(index) == entry.term());
    }

    /** Log Matching (Figure 3), and that all of a node's committed prefix is the group's. */
    void checkLogs() {
        for (CoreNode a : all()) {
            long commit = a.status().commitIndex();
            for (long index = 1; index <= commit; index++) {
                if (!agrees(a, index, committed.get((int) index - 1))) {
                    throw new AssertionError("the committed prefix of node " + a.id + " has changed at " + index);
                }
            }
            if (!Arrays.equals(a.state(), CoreNode.describe(committed.subList(0, (int) a.appliedTo)))) {
                throw new AssertionError(
                        "the state of node " + a.id + " at " + a.appliedTo + " is not what was committed");
            }
            for (CoreNode b : all()) {
                checkLogMatching(a, b);
            }
        }
    }

    private static void checkLogMatching(CoreNode a, CoreNode b) {
        long from = Math.max(a.written.baseIndex(), b.written.baseIndex());
        long agree = Math.min(a.written.lastIndex(), b.written.lastIndex());
        while (agree > from && a.written.termAt(agree) != b.written.termAt(agree)) {
            agree--;
        }
        for (long index = from + 1; index <= agree; index++) {
            if (!a.written.at(index).equals(b.written.at(index))) {
                throw new AssertionError("logs of " + a.id + " and " + b.id + " agree at " + agree + ", not before");
            }
        }
    }
}
