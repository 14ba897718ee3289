package io.jangada.testkit.sim;

import io.jangada.testkit.disk.Decay;
import io.jangada.testkit.disk.Sector;
import io.jangada.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The decay of one disk while its node is down, of its snapshots anyhow, of its log within what that can bear.
 *
 * <p>The format keeps two things apart of which one is needed, each in blocks of its own: the two copies of each file's head, and the end of the latest write (its mark) and the records before it.
 * Which of the two is spared is drawn; everything else may go. After a power failure in a write the whole latest acknowledged one is spared, because the mark behind it may have been overwritten.
 */
final class DriveDecay {
    private static final int BLOCK_SECTORS = (4 << 10) / SimDisk.SECTOR_BYTES;

    /** Something that was done. */
    record Wound(Harm kind, Sector where) {
        /** Whether snapshots may be less than they were; a write that strayed may have hit anything. */
        boolean mayHitSnapshots() {
            return kind == Harm.MISDIRECTED_WRITE || isOfSnapshots(where.file());
        }

        @Override
        public String toString() {
            return kind + " in " + where.file() + " at " + where.offset();
        }
    }

    private final SimDisk disk;
    private final SimRandom chance;
    private final DiskDecay plan;

    DriveDecay(SimDisk disk, SimRandom chance, DiskDecay plan) {
        this.disk = disk;
        this.chance = chance;
        this.plan = plan;
    }

    /** Lets the disk decay; {@code interrupted} after a power failure in a write. */
    List<Wound> strike(boolean interrupted) throws IOException {
        List<Wound> wounds = new ArrayList<>();
        if (!chance.chance(plan.restartProbability())) {
            return wounds;
        }
        List<Sector> open = vulnerable(interrupted);
        List<Harm> kinds = plan.inOrder();
        boolean strayed = false;
        for (Sector sector : open) {
            if (!chance.chance(plan.sectorProbability())) {
                continue;
            }
            Harm kind = chance.pick(kinds);
            if (kind == Harm.MISDIRECTED_WRITE && strayed) {
                continue; // one at most is live on a disk
            }
            strayed |= kind == Harm.MISDIRECTED_WRITE;
            if (wound(kind, sector, open)) {
                wounds.add(new Wound(kind, sector));
            }
        }
        return wounds;
    }

    private boolean wound(Harm kind, Sector sector, List<Sector> open) throws IOException {
        Decay decay = disk.decay();
        return switch (kind) {
            case BIT ->
                decay.flipBit(sector.file(), sector.offset() + chance.below(SimDisk.SECTOR_BYTES), chance.below(8));
            case NOISE -> decay.corrupt(sector, new Random(chance.next()));
            case ZEROS -> decay.zero(sector);
            case LOST_WRITE -> decay.stale(sector);
            case LATENT_ERROR -> decay.unreadable(sector);
            case MISDIRECTED_WRITE -> decay.misdirect(sector, chance.pick(open));
            default -> throw new IllegalArgumentException(kind + " does not happen at rest");
        };
    }

    /** The sectors of the log that may be lost together. */
    private List<Sector> vulnerable(boolean interrupted) throws IOException {
        List<String> files = disk.list().stream()
                .filter(name -> name.endsWith(".log") || name.equals("IDENTITY"))
                .toList();
        List<Sector> open = new ArrayList<>();
        for (String file : files) {
            int spared = chance.below(2);
            for (Sector sector : disk.sectors(file)) {
                if (block(sector) != spared) {
                    open.add(sector);
                }
            }
        }
        String last = files.stream()
                .filter(name -> name.endsWith(".log"))
                .reduce((earlier, later) -> later)
                .orElse("");
        Set<Integer> spared = last.isEmpty() ? Set.of() : sparedOfLatestWrite(last, interrupted);
        open.removeIf(sector -> sector.file().equals(last) && spared.contains(block(sector)));
        for (String file : disk.list()) {
            if (isOfSnapshots(file)) {
                open.addAll(disk.sectors(file));
            }
        }
        return open;
    }

    /** Whether this is a snapshot, or a file of snapshots. Nothing of them is spared: other nodes have them, or what they were made of. */
    static boolean isOfSnapshots(String file) {
        return file.endsWith(".snapshot") || file.endsWith(".part");
    }

    /** The blocks of this segment, the last one, that must not go. */
    private Set<Integer> sparedOfLatestWrite(String segment, boolean interrupted) throws IOException {
        Set<Integer> blocks = new TreeSet<>();
        disk.lastForced(segment).forEach(sector -> blocks.add(block(sector)));
        if (interrupted || blocks.isEmpty()) {
            return blocks;
        }
        int mark = Collections.max(blocks);
        if (chance.chance(0.5)) {
            return Set.of(mark);
        }
        blocks.remove(mark);
        return blocks;
    }

    private static int block(Sector sector) {
        return (int) (sector.offset() / SimDisk.SECTOR_BYTES) / BLOCK_SECTORS;
    }
}
