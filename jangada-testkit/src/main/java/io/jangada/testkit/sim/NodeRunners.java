package io.jangada.testkit.sim;

import java.util.EnumMap;
import java.util.Map;

/** The parts of one run of a process, each called when it has work or when its time has come. */
final class NodeRunners {

    /** What the runners must know of the machine that they run on. */
    interface Host {
        /** Whether parts may run now: not while the process stands still, and never after it has ended. */
        boolean isRunning();

        /** Whether this run has ended. */
        boolean isOver();

        /** The loop has had a turn. */
        void looped();
    }

    private static final long NOT_FROZEN = Long.MIN_VALUE;

    private final Map<SimProcess.Part, Runner> runners = new EnumMap<>(SimProcess.Part.class);
    private final SimWorld world;
    private final SimProcess running;
    private final DriftingClock clock;
    private final SimRandom chance;
    private final Host host;
    private boolean calm;
    private long frozenNanos = NOT_FROZEN;

    NodeRunners(SimWorld world, SimProcess running, DriftingClock clock, SimRandom chance, Host host) {
        this.world = world;
        this.running = running;
        this.clock = clock;
        this.chance = chance;
        this.host = host;
        for (SimProcess.Part part : SimProcess.Part.values()) {
            Runner runner = new Runner(part);
            runners.put(part, runner);
            running.onWork(part, runner::wake);
        }
    }

    void wakeAll() {
        runners.values().forEach(Runner::wake);
    }

    /** The process stands still. If that is just after the loop has looked at the clock, its next turn will believe that no time has passed (trap 38). */
    void standStill(boolean afterLookAtClock) {
        frozenNanos = afterLookAtClock ? clock.nanoTime() : NOT_FROZEN;
    }

    /** Nothing takes unusually long any more. */
    void calm() {
        calm = true;
    }

    /** One part does its work now, in spite of its plans. */
    void runNow(SimProcess.Part part) {
        running.run(part, clock.nanoTime());
    }

    private final class Runner {
        private final SimProcess.Part part;
        private long plannedNanos = Long.MAX_VALUE;
        private long ticket;

        Runner(SimProcess.Part part) {
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
                case SNAPSHOT -> weather.minSyncNanos() + chance.exponential(4 * weather.meanExtraNanos());
            };
        }

        private long stall(Fault fault, double probability, long mean) {
            if (!world.plan().has(fault) || calm || !chance.chance(probability)) {
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
                if (mine == ticket && !host.isOver()) {
                    plannedNanos = Long.MAX_VALUE;
                    if (host.isRunning()) {
                        run();
                    }
                }
            });
        }

        private void run() {
            long nowNanos = clock.nanoTime();
            if (part == SimProcess.Part.LOOP && frozenNanos != NOT_FROZEN) {
                nowNanos = frozenNanos;
                frozenNanos = NOT_FROZEN;
            }
            long deadline = running.run(part, nowNanos);
            if (part == SimProcess.Part.LOOP) {
                host.looped();
            }
            if (deadline != Long.MAX_VALUE) {
                plan(Math.max(world.scheduler().now() + 1_000, clock.whenIs(deadline)));
            }
        }
    }
}
