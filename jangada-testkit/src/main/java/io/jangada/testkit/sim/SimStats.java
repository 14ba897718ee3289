package io.jangada.testkit.sim;

import java.util.EnumMap;
import java.util.Map;

/** What a run, or many runs together, went through: the proof that a test without failures tested something. */
public final class SimStats {
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<Deed, Long> deeds = new EnumMap<>(Deed.class);
    private final Map<Harm, Long> harms = new EnumMap<>(Harm.class);
    private long runs;
    private long virtualNanos;
    private long events;
    private long messages;
    private long elections;
    private long committed;
    private long acknowledged;
    private long reads;
    private long restarts;
    private long undecided;
    private double slowestRest;

    void fault(Fault fault) {
        faults.merge(fault, 1L, Long::sum);
    }

    void deed(Deed deed) {
        deed(deed, 1);
    }

    void deed(Deed deed, long times) {
        deeds.merge(deed, times, Long::sum);
    }

    void harm(Harm harm, long times) {
        if (times > 0) {
            harms.merge(harm, times, Long::sum);
        }
    }

    void message() {
        messages++;
    }

    void restart() {
        restarts++;
    }

    void undecidedHistory() {
        undecided++;
    }

    /** The cluster came to rest so many election timeouts after it was healed. */
    void rest(double timeouts) {
        slowestRest = Math.max(slowestRest, timeouts);
    }

    void ended(long timeNanos, long executedEvents) {
        runs++;
        virtualNanos += timeNanos;
        events += executedEvents;
    }

    void achieved(long terms, long entries, long writes, long answeredReads) {
        elections += terms;
        committed += entries;
        acknowledged += writes;
        reads += answeredReads;
    }

    /** Adds another run's figures to these. */
    public void add(SimStats other) {
        other.faults.forEach((fault, count) -> faults.merge(fault, count, Long::sum));
        other.deeds.forEach((deed, count) -> deeds.merge(deed, count, Long::sum));
        other.harms.forEach(this::harm);
        runs += other.runs;
        virtualNanos += other.virtualNanos;
        events += other.events;
        messages += other.messages;
        elections += other.elections;
        committed += other.committed;
        acknowledged += other.acknowledged;
        reads += other.reads;
        restarts += other.restarts;
        undecided += other.undecided;
        slowestRest = Math.max(slowestRest, other.slowestRest);
    }

    /** How often this fault really happened. */
    public long count(Fault fault) {
        return faults.getOrDefault(fault, 0L);
    }

    /** How often this was achieved. */
    public long count(Deed deed) {
        return deeds.getOrDefault(deed, 0L);
    }

    /** How often disks have come to this harm. */
    public long count(Harm harm) {
        return harms.getOrDefault(harm, 0L);
    }

    public long runs() {
        return runs;
    }

    public long elections() {
        return elections;
    }

    public long committed() {
        return committed;
    }

    public long acknowledged() {
        return acknowledged;
    }

    public long reads() {
        return reads;
    }

    /** How many histories were too hard to judge within the budget. */
    public long undecided() {
        return undecided;
    }

    /** The longest time from healing to rest, in longest election timeouts. */
    public double slowestRest() {
        return slowestRest;
    }

    @Override
    public String toString() {
        return String.format(
                "%,d seeds, %.1f simulated hours, %,d events, %,d messages, %,d elections, %,d commits, "
                        + "%,d acknowledged writes, %,d linearizable reads, %,d restarts, %,d undecided histories, "
                        + "at rest at most %.1f election timeouts after healing%nfaults: %s%nachieved: %s%s",
                runs,
                virtualNanos / 3.6e12,
                events,
                messages,
                elections,
                committed,
                acknowledged,
                reads,
                restarts,
                undecided,
                slowestRest,
                faults,
                deeds,
                harms.isEmpty() ? "" : String.format("%nharm to disks: %s", harms));
    }
}
