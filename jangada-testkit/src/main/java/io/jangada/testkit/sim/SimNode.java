package io.jangada.testkit.sim;

import io.jangada.api.NodeStatus;
import io.jangada.api.NodeStatus.Health;
import io.jangada.api.RaftNode;
import io.jangada.api.spi.Storage;
import io.jangada.core.RaftStatus;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.check.SafetyViolation;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One machine of the simulated cluster: a disk that stays, a clock, and a process that comes and goes. */
final class SimNode {
    private static final int READ_ALL_BYTES = 1 << 30;

    private final SimWorld world;
    private final SimNetwork network;
    private final SimProcess.Factory factory;
    private final RaftConfig config;
    private final SimRandom chance;
    private final SimDrive drive;
    private final DriftingClock clock;
    private @Nullable SimProcess process;
    private @Nullable Runners runners;
    private SimStateMachine stateMachine;
    private boolean paused;
    private @Nullable RaftStatus shown;

    SimNode(NodeId id, Membership membership, SimWorld world, SimNetwork network, SimProcess.Factory factory) {
        this.world = world;
        this.network = network;
        this.factory = factory;
        this.config = new RaftConfig(
                id, membership, world.plan().timing(), world.plan().limits(), Options.DEFAULT);
        this.chance = world.chance().fork("node " + id);
        this.drive = new SimDrive(id, world.chance().fork("disk " + id));
        long drift = world.plan().clockDriftPpm();
        this.clock = new DriftingClock(world.scheduler(), chance.between(-drift, drift), chance.next() >> 20);
        this.stateMachine = new SimStateMachine(id, world.checks());
    }

    NodeId id() {
        return config.self();
    }

    boolean isUp() {
        return process != null;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isRunning() {
        return process != null && !paused;
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

    /** Starts the process on what the disk holds. */
    void start() {
        if (process != null) {
            return;
        }
        Storage storage;
        LogState recovered;
        List<Entry> entries;
        try {
            storage = drive.open();
            recovered = storage.recovered();
            entries = recovered.lastIndex() == 0
                    ? List.of()
                    : storage.read(recovered.firstIndex(), recovered.lastIndex(), READ_ALL_BYTES);
        } catch (IOException e) {
            world.checks()
                    .report(new SafetyViolation(
                            "Recovery", "node " + id() + " cannot open its log after a crash: " + e));
            return;
        }
        world.trace()
                .on(
                        id(),
                        recovered.lastIndex(),
                        () -> "START t" + recovered.hardState().term() + " last " + recovered.lastIndex());
        world.checks().started(id(), recovered.hardState(), entries);
        stateMachine = new SimStateMachine(id(), world.checks());
        shown = null;
        SimProcess started = factory.start(new Machine(
                config,
                new ObservedStorage(id(), storage, world.checks()),
                network.attach(id()),
                stateMachine,
                clock,
                chance.next()));
        process = started;
        runners = new Runners(started);
    }

    /** The machine loses power, or only the process ends; the disk decides what is left. */
    void crash(boolean powerFailure) {
        SimProcess dying = process;
        if (dying == null) {
            return;
        }
        world.trace().on(id(), powerFailure ? 1 : 2, () -> powerFailure ? "POWER FAILURE" : "KILLED");
        network.detach(id());
        process = null;
        runners = null;
        paused = false;
        if (powerFailure) {
            drive.losePower();
        } else {
            drive.kill();
        }
    }

    /** The power goes while the journal writes what it has been given. */
    void crashInWrite() {
        SimProcess dying = process;
        if (dying != null && !paused) {
            drive.loseAfter(chance.between(0, 3));
            dying.run(SimProcess.Part.JOURNAL, clock.nanoTime());
        }
        crash(true);
    }

    void pause() {
        if (process != null && !paused) {
            paused = true;
            world.trace().on(id(), 3, () -> "PAUSED");
        }
    }

    void resume() {
        Runners waiting = runners;
        if (paused && waiting != null) {
            paused = false;
            world.trace().on(id(), 4, () -> "RESUMED");
            waiting.wakeAll();
        }
    }

    private void looped(SimProcess turned) {
        NodeStatus status = turned.node().status();
        if (status.health() != Health.RUNNING) {
            world.checks()
                    .report(new SafetyViolation("NoFailure", "node " + id() + " has failed: " + status.failure()));
            return;
        }
        RaftStatus now = status.raft();
        world.checks().observed(now, status.appliedIndex());
        RaftStatus before = shown;
        shown = now;
        if (before == null
                || before.role() != now.role()
                || before.term() != now.term()
                || before.commitIndex() != now.commitIndex()) {
            long fingerprint = Digest.mix(
                    Digest.mix(now.term(), now.commitIndex()),
                    Digest.of(now.role().name()));
            world.trace()
                    .on(
                            id(),
                            fingerprint,
                            () -> now.role() + " t" + now.term() + " commit " + now.commitIndex() + "/"
                                    + now.persistedIndex() + "/" + now.lastIndex());
        }
    }

    /** The parts of one run of the process, each called when it has work or when its time has come. */
    private final class Runners {
        private final Map<SimProcess.Part, Runner> runners = new EnumMap<>(SimProcess.Part.class);

        Runners(SimProcess running) {
            for (SimProcess.Part part : SimProcess.Part.values()) {
                Runner runner = new Runner(running, part);
                runners.put(part, runner);
                running.onWork(part, runner::wake);
            }
            wakeAll();
        }

        void wakeAll() {
            runners.values().forEach(Runner::wake);
        }
    }

    private final class Runner {
        private final SimProcess running;
        private final SimProcess.Part part;
        private long plannedNanos = Long.MAX_VALUE;
        private long ticket;

        Runner(SimProcess running, SimProcess.Part part) {
            this.running = running;
            this.part = part;
        }

        void wake() {
            if (plannedNanos == Long.MAX_VALUE || part == SimProcess.Part.LOOP) {
                plan(world.scheduler().now() + duration());
            }
        }

        /** What the part needs until its work shows: the time of a disk synchronisation, for the journal. */
        private long duration() {
            FaultPlan.DiskWeather weather = world.plan().disk();
            return switch (part) {
                case LOOP -> 2_000 + chance.exponential(10_000);
                case JOURNAL -> {
                    long stall = stall(Fault.SLOW_DISK, weather.stallProbability(), weather.stallNanos());
                    yield stall + weather.minSyncNanos() + chance.exponential(weather.meanExtraNanos());
                }
                case APPLY ->
                    5_000
                            + stall(Fault.SLOW_APPLY, weather.applyStallProbability(), weather.stallNanos())
                            + chance.exponential(50_000);
                case BACKGROUND -> 20_000 + chance.exponential(500_000);
            };
        }

        private long stall(Fault fault, double probability, long mean) {
            if (!world.plan().has(fault) || network.isCalm() || !chance.chance(probability)) {
                return 0;
            }
            world.stats().fault(fault);
            return chance.exponential(mean);
        }

        private void plan(long atNanos) {
            if (atNanos >= plannedNanos) {
                return;
            }
            plannedNanos = atNanos;
            long mine = ++ticket;
            world.scheduler().at(atNanos, () -> {
                if (mine == ticket && process == running) {
                    plannedNanos = Long.MAX_VALUE;
                    if (!paused) {
                        run();
                    }
                }
            });
        }

        private void run() {
            long deadline = running.run(part, clock.nanoTime());
            if (part == SimProcess.Part.LOOP) {
                looped(running);
            }
            if (deadline != Long.MAX_VALUE) {
                plan(Math.max(world.scheduler().now() + 1_000, clock.whenIs(deadline)));
            }
        }
    }
}
