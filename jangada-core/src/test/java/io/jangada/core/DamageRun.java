package io.jangada.core;

import io.jangada.core.config.Limits;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A group whose disks are damaged while nodes are down: entries in the middle, the end, writes that power failures tear, snapshots; always with a good copy of every durable entry elsewhere. Safety is
 * looked at after everything that happens, and when the storm is over the group serves.
 *
 * <p>A reckless one damages whatever it wants, all copies of an entry too, while members come and go: then nobody can demand that the group goes on, but what it does is safe.
 */
final class DamageRun {
    /** A rule that is taken away, to see that it is missed. */
    enum Planted {
        NOTHING,
        /** The disk does not tell what was promised. */
        FORGETS_PROMISES,
        /** A promise is only ever taken for possible. */
        CERTAIN_IS_DOUBTFUL,
        /** Doubtful votes count like plain ones. */
        DOUBTS_ARE_PLAIN,
        /** A node that lacks what it certainly promised counts its own vote. */
        OWN_VOTE_COUNTS,
        /** Promises are not stored again when the marks of damage are overwritten. */
        STORES_NO_PROMISE
    }

    private static final Limits TIGHT = new Limits(64, 100, 3, 200, 400, 150, 20);

    final SplittableRandom random;
    final CoreGroup group;
    private final Planted planted;
    private final boolean reckless;
    private final boolean snapshots;
    /** What each node has lost, and not regained as far as is known. */
    private final Map<NodeId, Map<Long, Entry>> lost = new HashMap<>();

    long damaged;
    long torn;
    long snapshotsLost;
    long doubts;
    long lostAnswers;
    long repaired;

    DamageRun(long seed, Planted planted, boolean reckless) {
        this.random = new SplittableRandom(seed);
        this.planted = planted;
        this.reckless = reckless;
        this.snapshots = random.nextInt(3) == 0;
        this.group = new CoreGroup(
                random.nextInt(6) == 0 ? random.nextInt(1, 6) : 3,
                TIGHT,
                new SnapshotLimits(random.nextInt(4), 64, random.nextInt(2_000, 200_000)));
        for (CoreNode node : group.all()) {
            // A state that is ahead of a log that knows of no damage would be refused at the start, before harm is
            // done.
            node.keepsState = random.nextInt(3) == 0 && planted == Planted.NOTHING;
            node.durable.losses.planted = planted;
            node.written.losses.planted = planted;
        }
        group.delivering = this::deliver;
        if (reckless) {
            group.join(group.nodes.size() + 1);
            group.join(group.nodes.size() + 1);
        }
    }

    private CoreNode anyNode() {
        return group.node(random.nextInt(1, group.nodes.size() + 1));
    }

    void somethingHappens() {
        int what = random.nextInt(100);
        if (what < 55 && !group.network.isEmpty()) {
            network();
        } else if (what < 72) {
            disk(anyNode());
        } else if (what < 88) {
            time();
        } else if (what < 94) {
            CoreNode node = anyNode();
            if (!node.down) {
                group.propose(node);
            }
        } else if (what < 96 && reckless) {
            operator(anyNode());
        } else {
            power(anyNode());
        }
    }

    private void operator(CoreNode node) {
        if (node.down) {
            return;
        }
        NodeId other = anyNode().id;
        switch (random.nextInt(6)) {
            case 0 -> node.step(new Event.Transfer(1, other, 500 * CoreGroup.MILLISECOND), group.nowNanos);
            case 1 -> group.change(node, new MembershipStep.AddLearner(other, MemberInfo.UNKNOWN));
            case 2, 3 -> group.change(node, new MembershipStep.AddVoter(other, MemberInfo.UNKNOWN));
            case 4 -> group.change(node, new MembershipStep.Promote(other));
            default -> group.change(node, new MembershipStep.Remove(other));
        }
    }

    private void network() {
        int place = Math.min(group.network.size() - 1, random.nextInt(4) == 0 ? random.nextInt(30) : 0);
        int fate = random.nextInt(20);
        if (fate == 0) {
            group.network.remove(place);
        } else {
            if (fate == 1) {
                group.network.add(group.network.get(place));
            }
            group.deliver(place);
        }
    }

    private Message deliver(Message message) {
        if (message instanceof AppendResponse response && response.lost()) {
            lostAnswers++;
        } else if (message instanceof RepairResponse response
                && !response.entries().isEmpty()) {
            repaired++;
        } else if (message instanceof PreVoteResponse m && m.granted()) {
            countDoubt(m.doubtful());
            ownVote(m.to(), m.doubtful(), from -> new PreVoteResponse(from, m.to(), m.term(), m.currentTerm(), true));
            return planted == Planted.DOUBTS_ARE_PLAIN
                    ? new PreVoteResponse(m.from(), m.to(), m.term(), m.currentTerm(), true)
                    : m;
        } else if (message instanceof VoteResponse m && m.granted()) {
            countDoubt(m.doubtful());
            ownVote(m.to(), m.doubtful(), from -> new VoteResponse(from, m.to(), m.term(), true));
            return planted == Planted.DOUBTS_ARE_PLAIN ? new VoteResponse(m.from(), m.to(), m.term(), true) : m;
        }
        return message;
    }

    private void countDoubt(boolean doubtful) {
        doubts += doubtful ? 1 : 0;
    }

    /** In a group of three, a vote of its own is to a node what the vote of the third one is. */
    private void ownVote(NodeId candidate, boolean doubtful, Function<NodeId, Message> grantOf) {
        CoreNode node = group.node(candidate.value());
        LogPosition certain = node.status().damage().promised().certain();
        boolean counts = planted == Planted.OWN_VOTE_COUNTS
                && !doubtful
                && group.nodes.size() == 3
                && certain.isAfter(node.written.last());
        if (counts) {
            group.all().stream()
                    .filter(other -> !other.id.equals(candidate))
                    .forEach(other -> node.receive(grantOf.apply(other.id), group.nowNanos));
        }
    }

    private void disk(CoreNode node) {
        if (node.down) {
            return;
        }
        if (snapshots && random.nextInt(12) == 0) {
            group.takeSnapshot(node);
        } else if (node.hasPieces() && random.nextBoolean()) {
            group.piece(node);
        } else if (!node.loads.isEmpty()) {
            group.load(node);
        } else if (node.hasUnsynced()) {
            group.sync(node, random.nextInt(1, 4));
        }
    }

    private void time() {
        group.nowNanos += random.nextInt(20) * CoreGroup.MILLISECOND;
        CoreNode node = anyNode();
        if (!node.down && node.raft().nextDeadline() - group.nowNanos <= 0) {
            group.tick(node);
        }
    }

    private void power(CoreNode node) {
        if (node.down) {
            group.restart(node, random.nextLong());
        } else if (random.nextInt(6) == 0) {
            List<CoreNode> victims = random.nextInt(4) == 0 ? List.copyOf(group.all()) : List.of(node);
            for (CoreNode victim : victims) {
                if (!victim.down) {
                    crash(victim);
                }
            }
        }
    }

    private void crash(CoreNode node) {
        if (random.nextInt(3) == 0) {
            node.crashInWrite();
            torn++;
        } else {
            group.crash(node, random.nextInt(3));
        }
        if (random.nextInt(3) > 0) {
            damage(node);
        }
    }

    private void damage(CoreNode node) {
        LogImage disk = node.durable;
        if (random.nextInt(10) == 0) {
            loseSnapshots(node);
        } else if (random.nextInt(4) == 0 && !reckless) {
            lose(node, disk.lastIndex(), disk.lastIndex(), true);
        } else {
            for (int times = random.nextInt(1, 4); times > 0; times--) {
                long span = disk.losses.isNothing() ? disk.lastIndex() - disk.baseIndex() : 30;
                if (span > 0) {
                    long first = disk.baseIndex() + 1 + random.nextLong(span);
                    lose(node, first, first + random.nextInt(3), false);
                }
            }
        }
    }

    private void lose(CoreNode node, long first, long last, boolean doubtful) {
        Set<Long> lost = new TreeSet<>();
        for (long index = first; index <= last; index++) {
            if (find(node, index) != null) {
                lost.add(index);
            }
        }
        LogImage before = new LogImage();
        before.copyFrom(node.durable);
        Map<Long, Entry> missing = lostBy(node);
        for (long index : lost) {
            Entry entry = find(node, index);
            if (entry != null) {
                missing.put(index, entry);
            }
        }
        node.durable.losses.lose(node.durable.entries, lost, doubtful);
        if (reckless || group.all().stream().allMatch(this::canBeHelped)) {
            damaged += lost.isEmpty() ? 0 : 1;
        } else {
            node.durable.copyFrom(before);
        }
    }

    /** What this node has lost and does not have again. */
    private Map<Long, Entry> lostBy(CoreNode node) {
        Map<Long, Entry> missing = lost.computeIfAbsent(node.id, id -> new TreeMap<>());
        missing.keySet().removeIf(index -> node.durable.losses.isNothing() || find(node, index) != null);
        return missing;
    }

    /** Whether each piece that this node lacks is on one other node, together with the entries beside it, so that anybody can tell that it is the right one. */
    private boolean canBeHelped(CoreNode node) {
        Map<Long, Entry> missing = lostBy(node);
        for (long index : missing.keySet()) {
            long first = index;
            while (missing.containsKey(first - 1)) {
                first--;
            }
            long last = index;
            while (missing.containsKey(last + 1)) {
                last++;
            }
            long from = first - 1;
            long to = last + 1;
            if (group.all().stream().noneMatch(other -> other != node && hasAll(other, node, from, to))) {
                return false;
            }
        }
        return true;
    }

    private boolean hasAll(CoreNode other, CoreNode node, long from, long to) {
        if (!isRooted(other)) {
            return false;
        }
        for (long index = from; index <= to; index++) {
            Entry missing = lostBy(node).get(index);
            Entry wanted = missing == null ? find(node, index) : missing;
            if (wanted != null && !Objects.equals(wanted, find(other, index))) {
                return false;
            }
        }
        return true;
    }

    /** Everything that the snapshots stood for is gone, and with it the way to what the log holds. */
    private void loseSnapshots(CoreNode node) {
        SnapshotMeta newest = node.snapshots.newest();
        long base = node.durable.baseIndex();
        if (newest == null || base == 0) {
            return;
        }
        boolean others = group.all().stream().allMatch(other -> other == node || isRooted(other))
                && group.all().stream().anyMatch(other -> other != node && covers(other, newest.index()));
        List<Entry> all = new ArrayList<>(node.durable.entries);
        all.addAll(node.durable.losses.all());
        if (reckless) {
            node.snapshots.forget();
            snapshotsLost++;
            return;
        }
        boolean whole = group.all().stream().allMatch(other -> other.durable.losses.isNothing());
        if (others && whole && all.stream().allMatch(entry -> isElsewhere(node, entry))) {
            node.snapshots.forget();
            snapshotsLost++;
        }
    }

    private static boolean isRooted(CoreNode node) {
        SnapshotMeta newest = node.snapshots.newest();
        return node.durable.baseIndex() == 0 || (newest != null && newest.index() >= node.durable.baseIndex());
    }

    private static boolean covers(CoreNode node, long index) {
        SnapshotMeta newest = node.snapshots.newest();
        return newest != null && newest.index() >= index;
    }

    private boolean isElsewhere(CoreNode node, Entry entry) {
        return group.all().stream()
                .anyMatch(other -> other != node
                        && isRooted(other)
                        && (Objects.equals(entry, find(other, entry.index())) || covers(other, entry.index())));
    }

    private static @Nullable Entry find(CoreNode node, long index) {
        LogImage disk = node.durable;
        if (disk.has(index)) {
            return disk.at(index);
        }
        return disk.losses.has(index) ? disk.losses.at(index) : null;
    }

    String describe() {
        StringBuilder text = new StringBuilder();
        for (CoreNode node : group.all()) {
            text.append("\n  ").append(node.status());
        }
        return text.toString();
    }

    /** No more faults: the group gets a leader that has everything, and everybody the same log. */
    void calm() {
        group.all().stream().filter(node -> node.down).forEach(node -> group.restart(node, random.nextLong()));
        group.pass(6_000);
        CoreNode leader = group.all().stream()
                .filter(node -> node.status().leads())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no leader: " + describe()));
        int before = group.committed.size();
        group.propose(leader);
        group.pass(300);
        require(group.committed.size() == before + 1, "nothing is committed any more");
        for (CoreNode node : group.all()) {
            require(node.written.lastIndex() == leader.written.lastIndex(), "node " + node.id + " has another log");
            require(node.appliedTo == leader.written.lastIndex(), "node " + node.id + " has not applied everything");
            require(node.status().damage().isNone(), "node " + node.id + " is not whole again");
            require(node.durable.losses.promised().equals(Promised.NOTHING), "node " + node.id + " promises still");
        }
        group.checkLogs();
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what + ": " + describe());
        }
    }
}
