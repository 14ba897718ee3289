package io.jangada.core.scenario;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.message.Message;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Nodes that come and go, their network and their time; checks Figure 3's properties after everything that happens. */
final class ScenarioWorld implements Surroundings {
    private static final long STEP_NANOS = 10_000_000;
    private static final int MOST_TURNS = 100_000;

    private final Map<Long, ScenarioNode> nodes = new TreeMap<>();
    private final Map<Long, Integer> wiped = new HashMap<>();
    private final List<Message> network = new ArrayList<>();
    private final List<Message> delayed = new ArrayList<>();
    private final Map<String, Predicate<Message>> cuts = new TreeMap<>();
    private final Transcript transcript = new Transcript();
    private final SafetyProperties safety = new SafetyProperties();
    private GroupOptions options = new GroupOptions(new Words("1"));
    private long nowNanos = 1_000_000_000;
    private long nextRequest;

    @Override
    public long now() {
        return nowNanos;
    }

    @Override
    public void send(Message message) {
        network.add(message);
    }

    @Override
    public Transcript transcript() {
        return transcript;
    }

    void group(GroupOptions wanted) {
        options = wanted;
        for (NodeId id : wanted.nodes()) {
            start(id, false);
        }
    }

    /** Starts a node that knows no group yet, or again one that was here. */
    void start(NodeId id, boolean joins) {
        RaftConfig config = options.config(id, joins, wiped.getOrDefault(id.value(), 0));
        nodes.put(id.value(), new ScenarioNode(config, options.disk(id), this));
    }

    /** A node comes back with an empty folder. */
    void wipe(NodeId id, boolean joins) {
        wiped.merge(id.value(), 1, Integer::sum);
        RaftConfig config = options.config(id, joins, wiped.getOrDefault(id.value(), 0));
        nodes.put(id.value(), new ScenarioNode(config, new LogOnDisk(HardState.INITIAL, List.of()), this));
    }

    ScenarioNode node(NodeId id) {
        ScenarioNode node = nodes.get(id.value());
        if (node == null) {
            throw new IllegalArgumentException("there is no node " + id);
        }
        return node;
    }

    Collection<ScenarioNode> all() {
        return nodes.values();
    }

    List<Message> network() {
        return network;
    }

    List<Message> delayed() {
        return delayed;
    }

    Map<String, Predicate<Message>> cuts() {
        return cuts;
    }

    long request() {
        return ++nextRequest;
    }

    void step(ScenarioNode node, Event event) {
        if (node.down()) {
            throw new IllegalArgumentException("node " + node.id() + " is down");
        }
        node.step(event);
        safety.check(node);
    }

    /** Delivers the messages in flight that match, in the order in which they were sent; what they cause to be sent waits. */
    void deliver(Predicate<Message> which) {
        List<Message> now = network.stream().filter(which).toList();
        network.removeIf(which);
        now.forEach(this::deliver);
    }

    private void deliver(Message message) {
        ScenarioNode node = nodes.get(message.to().value());
        boolean lost = node == null || node.down() || cuts.values().stream().anyMatch(cut -> cut.test(message));
        transcript.traffic(MessageText.of(message) + (lost ? "  (lost)" : ""));
        if (!lost && node != null) {
            node.receive(message);
            safety.check(node);
        }
    }

    /** Lets everything that can happen now happen. */
    void settle() {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            deliver(message -> true);
            boolean busy = false;
            for (ScenarioNode node : nodes.values()) {
                if (node.busy()) {
                    work(node);
                    busy = true;
                }
            }
            if (!busy && network.isEmpty()) {
                SafetyProperties.logMatching(nodes.values());
                return;
            }
        }
        throw new AssertionError("the group does not come to rest");
    }

    /** Lets the disk and the readers of this node do what they have to do now. */
    void work(ScenarioNode node) {
        node.work();
        safety.check(node);
    }

    void moveClock(long nanos) {
        nowNanos += nanos;
    }

    void tick(ScenarioNode node) {
        step(node, new Event.Tick());
    }

    /** Moves the clock to this node's deadline and lets only this node see it. */
    void timeOut(ScenarioNode node) {
        nowNanos = Math.max(nowNanos, node.raft().nextDeadline());
        tick(node);
    }

    /** Lets time pass, ten milliseconds at a time, everything settled in between. */
    void pass(long nanos) {
        for (long passed = STEP_NANOS; passed <= nanos; passed += STEP_NANOS) {
            nowNanos += STEP_NANOS;
            int before = transcript.size();
            for (ScenarioNode node : nodes.values()) {
                if (!node.down() && node.raft().nextDeadline() - nowNanos <= 0) {
                    tick(node);
                }
            }
            settle();
            transcript.headline(before, "after " + passed / 1_000_000 + " ms");
        }
    }
}
