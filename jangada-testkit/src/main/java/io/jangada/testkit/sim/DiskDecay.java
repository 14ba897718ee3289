package io.jangada.testkit.sim;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How the disks of a world decay.
 *
 * @param kinds what happens at all
 * @param restartProbability how likely a disk has decayed when its node starts again
 * @param sectorProbability how likely each sector of it is wrong then
 * @param spoiledProbability how likely a power failure spoils sectors that were being written
 */
public record DiskDecay(
        Set<Harm> kinds, double restartProbability, double sectorProbability, double spoiledProbability) {
    /** Disks keep what they are given. */
    public static final DiskDecay NONE = new DiskDecay(Set.of(), 0, 0, 0);

    private static final List<Harm> AT_REST =
            List.of(Harm.BIT, Harm.NOISE, Harm.ZEROS, Harm.LOST_WRITE, Harm.LATENT_ERROR, Harm.MISDIRECTED_WRITE);

    public DiskDecay {
        kinds = Set.copyOf(kinds);
    }

    /** Draws how disks decay: some kinds of harm, to up to a tenth of all sectors. */
    static DiskDecay draw(SimRandom chance) {
        Set<Harm> kinds = EnumSet.noneOf(Harm.class);
        while (kinds.isEmpty()) {
            for (Harm kind : AT_REST) {
                if (chance.chance(0.5)) {
                    kinds.add(kind);
                }
            }
        }
        return new DiskDecay(
                kinds,
                0.3 + 0.7 * chance.unit(),
                chance.chance(0.5) ? 0.02 * chance.unit() : 0.1 * chance.unit(),
                chance.chance(0.7) ? 0.8 + 0.2 * chance.unit() : 0);
    }

    boolean isNone() {
        return kinds.isEmpty();
    }

    /** The kinds in a fixed order. */
    List<Harm> inOrder() {
        return AT_REST.stream().filter(kinds::contains).toList();
    }
}
