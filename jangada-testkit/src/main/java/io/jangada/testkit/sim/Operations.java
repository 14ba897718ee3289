package io.jangada.testkit.sim;

import io.jangada.core.config.SnapshotLimits;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is done to the simulated cluster on purpose.
 *
 * @param activities what happens at all
 * @param spares machines that may join
 * @param intervalNanos the mean time between two acts of the operator
 * @param snapshotEntries a node takes a snapshot after so many entries; 0 for never
 * @param ballastBytes what each snapshot carries besides the state
 * @param clockDriftPercent by how much clocks may differ, as the nodes are told
 * @param durableFirst whether leaders send entries only when they have them on their own disks
 */
public record Operations(
        Set<Activity> activities,
        int spares,
        long intervalNanos,
        int snapshotEntries,
        int ballastBytes,
        SnapshotLimits snapshots,
        int clockDriftPercent,
        boolean durableFirst) {

    /** Nothing is done. */
    public static final Operations NONE =
            new Operations(Set.of(), 0, Long.MAX_VALUE, 0, 0, SnapshotLimits.DEFAULT, 10, false);

    public Operations {
        activities = Set.copyOf(activities);
    }

    public boolean has(Activity activity) {
        return activities.contains(activity);
    }

    /** The same, but that the members stay who they are. */
    Operations withoutChanges() {
        Set<Activity> others = EnumSet.noneOf(Activity.class);
        others.addAll(activities);
        others.remove(Activity.CHANGES);
        return new Operations(
                others, 0, intervalNanos, snapshotEntries, ballastBytes, snapshots, clockDriftPercent, durableFirst);
    }

    /** Draws what happens in a world with this timeout and these clocks. */
    static Operations draw(SimRandom chance, long timeoutNanos, long clockDriftPpm) {
        Set<Activity> activities = EnumSet.noneOf(Activity.class);
        double share = chance.chance(0.1) ? 0 : 0.3 + 0.5 * chance.unit();
        for (Activity activity : Activity.values()) {
            if (chance.chance(share)) {
                activities.add(activity);
            }
        }
        // Wiped disks come in many worlds, and only here can they be told from whole ones.
        if (chance.chance(0.6)) {
            activities.add(Activity.INCARNATIONS);
        }
        boolean snapshots = activities.contains(Activity.SNAPSHOTS);
        double drift = clockDriftPpm / 1e6;
        int covering = (int) Math.ceil(((1 + drift) / (1 - drift) - 1) * 100);
        return new Operations(
                activities,
                activities.contains(Activity.CHANGES) ? (int) chance.between(1, 4) : 0,
                timeoutNanos / 2 * chance.between(1, 8),
                snapshots ? (int) chance.between(10, chance.chance(0.5) ? 60 : 200) : 0,
                (int) chance.between(0, chance.chance(0.5) ? 200 : 4_000),
                new SnapshotLimits(
                        chance.pick(List.of(0L, 0L, 3L, 10L, 50L)),
                        (int) chance.between(64, 512),
                        chance.between(10_000, 1_000_000)),
                covering + (int) chance.between(0, 10),
                chance.chance(0.3));
    }
}
