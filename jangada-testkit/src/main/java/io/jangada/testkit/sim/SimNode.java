package io.jangada.testkit.sim;

import io.jangada.api.NodeStatus;
import io.jangada.api.NodeStatus.Health;
import io.jangada.api.RaftNode;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.RaftStatus;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.SegmentedLog;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.check.SafetyViolation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One machine of the simulated cluster: a disk that stays, a clock, and a process that comes and goes. */
final class SimNode {
    private static final int READ_ALL_BYTES = 1 << 30;

    private final NodeId id;
    private Membership membership;
    private final SimWorld world;
    private final SimNetwork network;
    private final SimProcess.Factory factory;
    private final SimRandom chance;
    private final DriftingClock clock;
    private SimDrive drive;
    private @Nullable SimProcess process;
    private @Nullable NodeRunners runners;
    private SimStateMachine stateMachine;
    private boolean paused;
    private boolean wiped;
    private boolean retired;
    private @Nullable RaftStatus shown;

    /** {@code membership} is what the node is told at its first start: that of the group, or none if it is to join later. */
    SimNode(NodeId id, Membership membership, SimWorld world, SimNetwork network, SimProcess.Factory factory) {
        this.id = id;
        this.membership = membership;
        this.world = world;
        this.network = network;
        this.factory = factory;
        this.chance = world.chance().fork("node " + id);
        this.drive =
                new SimDrive(id, world.chance().fork("disk " + id), world.plan().decay());
        world.atlas().add(id);
        long drift = world.plan().clockDriftPpm();
        this.clock = new DriftingClock(world.scheduler(), chance.between(-drift, drift), chance.next() >> 20);
        this.stateMachine = new SimStateMachine(id, world);
    }

    private RaftConfig config() {
        Operations operations = world.plan().operations();
        Options options = new Options(
                true,
                operations.has(Activity.LEASE_READS),
                operations.clockDriftPercent(),
                Options.DEFAULT.promotionRounds(),
                incarnation(),
                true,
                operations.durableFirst());
        return new RaftConfig(
                id, membership, world.plan().timing(), world.plan().limits(), operations.snapshots(), options);
    }

    NodeId id() {
        return id;
    }

    /** The number of the present data folder; 0 in worlds that do without. */
    long incarnation() {
        return world.plan().has(Activity.INCARNATIONS) ? drive.incarnation() : 0;
    }

    boolean isUp() {
        return process != null;
    }

    boolean isRunning() {
        return process != null && !paused;
    }

    /** Whether this machine has lost its data once: what comes back under its name is somebody else. */
    boolean isWiped() {
        return wiped;
    }

    /** Whether this machine was switched off for good after its node was removed. */
    boolean isRetired() {
        return retired;
    }

    /** The node as its clients reach it; null while it is down. */
    @Nullable
    RaftNode<Long> reachable() {
        return process == null ? null : process.node();
    }

    SimStateMachine stateMachine() {
        return stateMachine;
    }

    @Nullable
    NodeStatus status() {
        return process == null ? null : process.node().status();
    }

    /** Whether the node believes that it leads. */
    boolean leads() {
        return shown != null && process != null && shown.leads();
    }

    /** The membership that the node goes by; none while it is down or knows of none. */
    Membership knownMembership() {
        return shown == null || process == null
                ? Membership.NONE
                : shown.membership().membership();
    }

    /** Starts the process on what the disk holds. */
    void start() {
        if (process != null) {
            return;
        }
        retired = false;
        SegmentedLog storage;
        SnapshotStore snapshots;
        LogState recovered;
        List<Entry> entries;
        List<Entry> salvage;
        List<DriveDecay.Wound> wounds = List.of();
        try {
            wounds = decay();
            storage = drive.open();
            snapshots = drive.openSnapshots(storage);
            recovered = storage.recovered();
            entries = recovered.lastIndex() < recovered.firstIndex()
                    ? List.of()
                    : storage.read(recovered.firstIndex(), recovered.lastIndex(), READ_ALL_BYTES);
            salvage = salvaged(storage, recovered);
        } catch (IOException e) {
            world.checks()
                    .report(new SafetyViolation(
                            "Recovery",
                            "node " + id + " cannot open its disk after a crash: " + e + "; wounds: " + wounds));
            return;
        }
        SnapshotMeta newest = snapshots.newest().orElse(null);
        found(recovered, newest == null ? 0 : newest.index());
        world.checks().started(id, recovered, entries, salvage, newest);
        stateMachine = new SimStateMachine(id, world);
        shown = null;
        Machine machine = new Machine(
                config(),
                new ObservedStorage(id, storage, world),
                new ObservedSnapshots(id, snapshots, world),
                network.attach(id, incarnation()),
                stateMachine,
                clock,
                world.plan().operations().snapshotEntries(),
                chance.next());
        launch(machine);
    }

    private void launch(Machine machine) {
        SimProcess started;
        try {
            started = factory.start(machine);
        } catch (RuntimeException e) {
            world.checks().report(new SafetyViolation("Recovery", "node " + id + " does not start: " + e));
            return;
        }
        process = started;
        NodeRunners present = new NodeRunners(world, started, clock, chance, new Run(started));
        if (network.isCalm()) {
            present.calm();
        }
        runners = present;
        present.wakeAll();
    }

    /** The disk may have decayed while nobody looked. */
    private List<DriveDecay.Wound> decay() throws IOException {
        world.stats().harm(Harm.SPOILED_WRITE, drive.takeSpoiled());
        if (world.plan().decay().isNone() || !world.atlas().mayDecay(id)) {
            return List.of();
        }
        List<DriveDecay.Wound> wounds = drive.decay();
        if (!wounds.isEmpty()) {
            world.atlas().decayed(id);
            wounds.forEach(wound -> world.stats().harm(wound.kind(), 1));
            if (wounds.stream().anyMatch(DriveDecay.Wound::mayHitSnapshots)) {
                world.checks().snapshotsMayHaveDecayed(id);
            }
            world.trace().on(id, wounds.size(), () -> "DECAY " + wounds);
        }
        return wounds;
    }

    private static List<Entry> salvaged(SegmentedLog storage, LogState recovered) throws IOException {
        List<Entry> salvage = new ArrayList<>();
        for (Salvage part : recovered.salvage()) {
            salvage.addAll(storage.read(part.firstIndex(), part.lastIndex(), READ_ALL_BYTES));
        }
        return salvage;
    }

    private void found(LogState recovered, long covered) {
        world.trace()
                .on(
                        id,
                        recovered.lastIndex(),
                        () -> "START t" + recovered.hardState().term() + " log " + recovered.firstIndex() + ".."
                                + recovered.lastIndex());
        boolean gap = !recovered.salvage().isEmpty();
        boolean lacks = gap || !recovered.promised().isNothing();
        if (lacks && !world.plan().decay().isNone()) {
            world.atlas().foundLack(id);
            world.stats().harm(gap ? Harm.GAP : Harm.LOST_END, 1);
            world.trace().on(id, 7, () -> "LACKS " + recovered.promised() + ", behind gaps " + recovered.salvage());
        }
        if (covered < recovered.firstIndex() - 1) {
            world.atlas().foundLack(id);
            world.stats().harm(Harm.LOST_BEGINNING, 1);
            world.trace().on(id, 9, () -> "LACKS what was before the log, but for a snapshot of " + covered);
        }
    }

    /** The machine loses power, or only the process ends; the disk decides what is left. */
    void crash(boolean powerFailure) {
        SimProcess dying = process;
        if (dying == null) {
            return;
        }
        world.trace().on(id, powerFailure ? 1 : 2, () -> powerFailure ? "POWER FAILURE" : "KILLED");
        network.detach(id);
        process = null;
        runners = null;
        paused = false;
        if (powerFailure) {
            drive.losePower();
        } else {
            drive.kill();
        }
    }

    /** The power goes while this part writes what it has been given. */
    void crashIn(SimProcess.Part part, long maxOperations) {
        NodeRunners dying = runners;
        if (dying != null && !paused) {
            if (part == SimProcess.Part.JOURNAL) {
                dying.runNow(SimProcess.Part.LOOP); // so that there is something to write, if anything has arrived
            }
            drive.loseAfter(chance.between(0, maxOperations));
            dying.runNow(part);
        }
        crash(true);
    }

    /**
     * The machine loses everything; what it comes back with, if it does, is an empty disk.
     *
     * @param told whether it is told then who began the group, as at its first start
     */
    void wipe(boolean told) {
        membership = told ? membership : Membership.NONE;
        crash(true);
        world.trace().on(id, 5, () -> "WIPED");
        drive = new SimDrive(
                id,
                world.chance().fork("disk of the impostor " + id),
                world.plan().decay());
        wiped = true;
        world.checks().wiped(id);
    }

    /** The machine is switched off for good. */
    void retire() {
        crash(false);
        retired = true;
    }

    /** Stands still; in half of the cases just after its loop has looked at the clock. */
    void pause() {
        if (isRunning()) {
            standStill(chance.chance(0.5));
        }
    }

    /** Stands still, and will believe that no time has passed. */
    void pauseAfterLookAtClock() {
        if (isRunning()) {
            standStill(true);
        }
    }

    private void standStill(boolean afterLookAtClock) {
        NodeRunners frozen = runners;
        if (frozen != null) {
            paused = true;
            frozen.standStill(afterLookAtClock);
            world.trace().on(id, 3, () -> "PAUSED");
        }
    }

    void resume() {
        NodeRunners waiting = runners;
        if (paused && waiting != null) {
            paused = false;
            world.trace().on(id, 4, () -> "RESUMED");
            waiting.wakeAll();
        }
    }

    /** Nothing takes unusually long on this machine any more. */
    void calm() {
        if (runners != null) {
            runners.calm();
        }
    }

    private void looped(SimProcess turned) {
        NodeStatus status = turned.node().status();
        if (status.health() != Health.RUNNING) {
            stopped(status);
            return;
        }
        RaftStatus now = status.raft();
        world.checks().observed(now, status.appliedIndex());
        if (now.damage().isNone() && world.atlas().isWhole(id)) {
            world.stats().harm(Harm.REPAIRED, 1);
            world.trace().on(id, 8, () -> "REPAIRED");
        }
        RaftStatus before = shown;
        shown = now;
        if (before == null
                || before.role() != now.role()
                || before.term() != now.term()
                || before.commitIndex() != now.commitIndex()
                || before.membership().index() != now.membership().index()) {
            show(now);
        }
    }

    private void show(RaftStatus now) {
        long fingerprint = Digest.mix(
                Digest.mix(now.term(), now.commitIndex()), Digest.of(now.role().name()));
        world.trace()
                .on(
                        id,
                        fingerprint,
                        () -> now.role() + " t" + now.term() + " commit " + now.commitIndex() + "/"
                                + now.persistedIndex() + "/" + now.lastIndex() + " " + words(now));
    }

    private static String words(RaftStatus status) {
        Membership now = status.membership().membership();
        return "m" + status.membership().index() + now.voters()
                + (now.isJoint() ? " from " + now.outgoing() : "")
                + (now.learners().isEmpty() ? "" : " learn " + now.learners())
                + (now.promotions().isEmpty() ? "" : " promote " + now.promotions());
    }

    private void stopped(NodeStatus status) {
        if (wiped) {
            // What came back without its data has found out, and that is as it should be.
            world.stats().deed(Deed.WIPED_REFUSED);
            crash(false);
            return;
        }
        world.checks().report(new SafetyViolation("NoFailure", "node " + id + " has failed: " + status.failure()));
    }

    private final class Run implements NodeRunners.Host {
        private final SimProcess mine;

        Run(SimProcess mine) {
            this.mine = mine;
        }

        @Override
        public boolean isRunning() {
            return !paused;
        }

        @Override
        public boolean isOver() {
            return process != mine;
        }

        @Override
        public void looped() {
            SimNode.this.looped(mine);
        }
    }
}
