package io.jangada.testkit.disk;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a disk does with the sectors that it is told to make durable, which is not always what it says. Guarded by its disk. */
final class Surface {
    private Placement placement = Placement.RIGHT;
    /** The file and the sector in it that a misdirected write has hit last. */
    private @Nullable SimFile hitFile;

    private int hitSector;

    void setPlacement(Placement newPlacement) {
        placement = newPlacement;
    }

    /** What is wrong here is wrong there, in the copies of the files. */
    void copyTo(Surface copy, IdentityHashMap<SimFile, SimFile> copies) {
        SimFile file = hitFile;
        if (file != null) {
            copy.hitFile = copies.computeIfAbsent(file, SimFile::copy);
            copy.hitSector = hitSector;
        }
    }

    /** Everything in the file that is not durable goes somewhere. */
    void force(String name, SimFile file, Map<String, SimFile> files) {
        if (placement == Placement.RIGHT) {
            file.force();
            return;
        }
        for (int sector = file.nextDirty(0); sector >= 0; sector = file.nextDirty(sector + 1)) {
            Sector meant = new Sector(name, (long) sector * SimDisk.SECTOR_BYTES);
            Sector place = placement.of(meant);
            if (place == null || hasStrayed(meant, file, place, files)) {
                file.lose(sector);
            } else {
                file.reach(sector, sector + 1);
            }
        }
        file.forced();
    }

    private boolean hasStrayed(Sector meant, SimFile file, Sector place, Map<String, SimFile> files) {
        SimFile other = files.get(place.file());
        boolean oneIsLive = hitFile != null && hitFile.isHit(hitSector);
        if (oneIsLive || place.equals(meant) || other == null || place.number() >= other.sectorsOnDisk()) {
            return false;
        }
        other.hit(place.number(), file.inMemory(meant.number()));
        hitFile = other;
        hitSector = place.number();
        return true;
    }
}
