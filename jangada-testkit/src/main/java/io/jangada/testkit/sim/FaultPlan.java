package io.jangada.testkit.sim;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Timing;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The world that one seed draws: its size, its speed, its limits, and what goes wrong in it (swarm testing: each seed leaves out some
 * kinds of faults, because some bugs only show where another fault does not hide them).
 *
 * @param nodes how many begin the group: 1, 3 or 5
 * @param faults what happens at all
 * @param faultIntervalNanos the mean time between two big faults (crashes, partitions, pauses)
 * @param chaosNanos how long faults and clients go on before everything is healed
 * @param clockDriftPpm how much faster or slower a clock may run, in millionths
 * @param clients how many clients work at a time
 * @param keys how many registers they share
 * @param thinkNanos the mean pause of a client between two operations
 * @param maxPayloadBytes the largest ballast of a command
 * @param operations what is done to the cluster on purpose
 * @param decay how disks lose what they had made durable
 */
public record FaultPlan(
        int nodes,
        Timing timing,
        Limits limits,
        Set<Fault> faults,
        NetworkWeather network,
        DiskWeather disk,
        long faultIntervalNanos,
        long chaosNanos,
        long clockDriftPpm,
        int clients,
        int keys,
        long thinkNanos,
        int maxPayloadBytes,
        Operations operations,
        DiskDecay decay) {

    private static final long MILLI = 1_000_000;

    /**
     * How messages travel. A message takes at least {@code minDelayNanos}, and on average {@code meanExtraNanos} more; with REORDER, a few
     * take {@code stragglerNanos} on average.
     */
    public record NetworkWeather(
            long minDelayNanos,
            long meanExtraNanos,
            double dropProbability,
            double duplicateProbability,
            double stragglerProbability,
            long stragglerNanos) {}

    /** How long the log's disk and the state machine take. A stall is a rare, long wait. */
    public record DiskWeather(
            long minSyncNanos,
            long meanExtraNanos,
            double stallProbability,
            long stallNanos,
            double applyStallProbability) {}

    public FaultPlan {
        faults = Set.copyOf(faults);
    }

    public boolean has(Activity activity) {
        return operations.has(activity);
    }

    public boolean has(Fault fault) {
        return faults.contains(fault);
    }

    /** The world of a seed, as {@link Simulation#run} draws it. */
    public static FaultPlan of(long seed) {
        return draw(new SimRandom(seed).fork("plan"));
    }

    /** Draws a world. */
    public static FaultPlan draw(SimRandom chance) {
        int nodes = chance.pick(List.of(1, 3, 3, 3, 3, 3, 5, 5, 5, 3));
        Timing timing = drawTiming(chance);
        Set<Fault> faults = drawFaults(chance, nodes);
        long timeout = timing.electionTimeoutMaxNanos();
        long chaos = timeout * chance.between(15, 60);
        int clients = (int) chance.between(1, 6);
        int operations = (int) chance.between(200, 1_200);
        long drift = faults.contains(Fault.CLOCK_DRIFT) ? chance.between(100, 20_000) : 0;
        return new FaultPlan(
                nodes,
                timing,
                drawLimits(chance),
                faults,
                drawNetwork(chance, faults, timing),
                drawDisk(chance, faults, timing),
                timeout * chance.between(1, 4),
                chaos,
                drift,
                clients,
                (int) chance.between(1, 4),
                chaos * clients / operations,
                chance.chance(0.2) ? 4_000 : 120,
                Operations.draw(chance.fork("operations"), timeout, drift),
                DiskDecay.NONE);
    }

    /** The world of a seed whose disks decay: three members at least, and always the same ones, of which none loses everything. */
    public static FaultPlan decaying(long seed) {
        FaultPlan plan = of(seed);
        SimRandom chance = new SimRandom(seed).fork("decay");
        Set<Fault> faults = EnumSet.of(Fault.CRASH);
        faults.addAll(plan.faults());
        faults.remove(Fault.WIPE);
        return new FaultPlan(
                Math.max(3, plan.nodes()),
                plan.timing(),
                plan.limits(),
                faults,
                plan.network(),
                plan.disk(),
                plan.faultIntervalNanos(),
                plan.chaosNanos(),
                plan.clockDriftPpm(),
                plan.clients(),
                plan.keys(),
                plan.thinkNanos(),
                plan.maxPayloadBytes(),
                plan.operations().withoutChanges(),
                DiskDecay.draw(chance));
    }

    private static Timing drawTiming(SimRandom chance) {
        long heartbeat = chance.between(20, 100);
        long shortest = heartbeat * chance.between(5, 10);
        return Timing.ofMillis(heartbeat, shortest, shortest * chance.between(16, 30) / 10);
    }

    private static Limits drawLimits(SimRandom chance) {
        if (chance.chance(0.3)) {
            return Limits.DEFAULT;
        }
        int command = 8 << 10;
        int append = (int) chance.between(64, 4_000);
        return new Limits(
                command,
                append,
                (int) chance.between(1, 16),
                chance.between(append, 10L * append),
                chance.between(command, 4L * command),
                chance.chance(0.5) ? 0 : chance.between(0, 64 << 10),
                (int) chance.between(4, 1_000));
    }

    private static Set<Fault> drawFaults(SimRandom chance, int nodes) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        if (chance.chance(0.05)) {
            return faults;
        }
        double share = 0.25 + 0.5 * chance.unit();
        for (Fault fault : Fault.values()) {
            if (chance.chance(share)) {
                faults.add(fault);
            }
        }
        if (nodes == 1) {
            faults.removeAll(EnumSet.of(
                    Fault.PARTITION,
                    Fault.ONE_WAY_PARTITION,
                    Fault.PARTIAL_PARTITION,
                    Fault.ISOLATION,
                    Fault.RECONNECT));
        }
        return faults;
    }

    private static NetworkWeather drawNetwork(SimRandom chance, Set<Fault> faults, Timing timing) {
        long shortest = timing.electionTimeoutMinNanos();
        return new NetworkWeather(
                chance.between(MILLI / 50, 2 * MILLI),
                chance.between(MILLI / 50, shortest / 20),
                faults.contains(Fault.DROP) ? 0.01 + 0.2 * chance.unit() : 0,
                faults.contains(Fault.DUPLICATE) ? 0.01 + 0.2 * chance.unit() : 0,
                faults.contains(Fault.REORDER) ? 0.002 + 0.05 * chance.unit() : 0,
                shortest * chance.between(1, 4));
    }

    private static DiskWeather drawDisk(SimRandom chance, Set<Fault> faults, Timing timing) {
        return new DiskWeather(
                chance.between(MILLI / 50, MILLI),
                chance.between(MILLI / 50, timing.heartbeatIntervalNanos() / 4),
                faults.contains(Fault.SLOW_DISK) ? 0.002 + 0.03 * chance.unit() : 0,
                timing.electionTimeoutMinNanos() * chance.between(1, 3),
                faults.contains(Fault.SLOW_APPLY) ? 0.002 + 0.03 * chance.unit() : 0);
    }

    /** One line for reports. */
    public String summary() {
        return nodes + " nodes, " + clients + " clients on " + keys + " keys, heartbeat "
                + timing.heartbeatIntervalNanos() / MILLI + " ms, election " + timing.electionTimeoutMinNanos() / MILLI
                + ".." + timing.electionTimeoutMaxNanos() / MILLI + " ms, chaos for " + chaosNanos / MILLI
                + " ms, faults " + new TreeSet<>(faults) + ", "
                + operations.spares() + " spares, snapshots after " + operations.snapshotEntries()
                + " entries, activities "
                + new TreeSet<>(operations.activities()) + (decay.isNone() ? "" : ", " + decay);
    }
}
