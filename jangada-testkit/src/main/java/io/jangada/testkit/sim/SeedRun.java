package io.jangada.testkit.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Many seeds, one after the other on each of a few threads: what they went through together, and which of them failed.
 *
 * @param failures without traces, in order of their seeds; {@link Simulation#runWithTrace} brings the trace
 */
public record SeedRun(SimStats stats, List<SimReport> failures) {
    private static final int ENOUGH_FAILURES = 5;

    public SeedRun {
        failures = List.copyOf(failures);
    }

    /**
     * Runs {@code count} seeds from {@code first}; stops early after {@value #ENOUGH_FAILURES} failures. A run is determined by its
     * seed alone, whichever thread it is on.
     */
    public static SeedRun of(long first, long count, int threads, SimProcess.Factory factory)
            throws InterruptedException {
        return of(first, count, threads, FaultPlan::of, factory);
    }

    /** The same, in the worlds that this draws of seeds. */
    public static SeedRun of(
            long first, long count, int threads, LongFunction<FaultPlan> worlds, SimProcess.Factory factory)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Part part = new Part(next, first + count, worlds, factory);
            parts.add(part);
            part.start();
        }
        SimStats stats = new SimStats();
        List<SimReport> failures = new ArrayList<>();
        Throwable broken = null;
        for (Part part : parts) {
            part.join();
            stats.add(part.stats);
            failures.addAll(part.failures);
            broken = part.broken == null ? broken : part.broken;
        }
        if (broken != null) {
            throw new IllegalStateException("the simulator itself has failed: " + broken, broken);
        }
        failures.sort(Comparator.comparingLong(SimReport::seed));
        return new SeedRun(stats, failures);
    }

    /** One thread's share. */
    private static final class Part extends Thread {
        private final AtomicLong next;
        private final long end;
        private final LongFunction<FaultPlan> worlds;
        private final SimProcess.Factory factory;
        private final SimStats stats = new SimStats();
        private final List<SimReport> failures = new ArrayList<>();
        private @Nullable Throwable broken;

        Part(AtomicLong next, long end, LongFunction<FaultPlan> worlds, SimProcess.Factory factory) {
            super("simulation");
            this.next = next;
            this.end = end;
            this.worlds = worlds;
            this.factory = factory;
            setDaemon(true);
        }

        @Override
        public void run() {
            for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                try {
                    SimReport report = Simulation.run(seed, worlds.apply(seed), factory);
                    stats.add(report.stats());
                    if (!report.ok()) {
                        failures.add(report);
                    }
                } catch (RuntimeException | Error e) {
                    broken = new IllegalStateException("seed " + seed + ": " + e, e);
                    next.set(end);
                }
                if (failures.size() >= ENOUGH_FAILURES) {
                    next.set(end);
                }
            }
        }
    }
}
