package io.jangada.testkit.disk;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * What happens to the bytes of a {@link SimDisk} while nobody looks: each method changes one sector of what is durable.
 *
 * <p>Readers see it at once, except where memory has something newer. All return whether anything is different from before.
 */
public final class Decay {
    private final SimDisk disk;

    Decay(SimDisk disk) {
        this.disk = disk;
    }

    /** One bit is wrong. */
    public boolean flipBit(String name, long offset, int bit) throws IOException {
        Sector sector = Sector.holding(name, offset);
        int at = (int) (offset - sector.offset());
        return disk.damage(sector, file -> file.damage(sector.number(), bytes -> bytes[at] ^= (byte) (1 << bit)));
    }

    /** Nothing in the sector is right. */
    public boolean corrupt(Sector sector, Random noise) throws IOException {
        return disk.damage(sector, file -> file.damage(sector.number(), noise::nextBytes));
    }

    /** The sector holds zeros. */
    public boolean zero(Sector sector) throws IOException {
        return disk.damage(sector, file -> file.damage(sector.number(), bytes -> Arrays.fill(bytes, (byte) 0)));
    }

    /** The sector holds what it held before it was written the last time. */
    public boolean stale(Sector sector) throws IOException {
        return disk.damage(sector, file -> {
            byte[] old = file.former(sector.number());
            return file.damage(sector.number(), bytes -> System.arraycopy(old, 0, bytes, 0, bytes.length));
        });
    }

    /** The sector cannot be read until it is written anew: a latent error. */
    public boolean unreadable(Sector sector) throws IOException {
        return disk.damage(sector, file -> {
            file.makeUnreadable(sector.number());
            return true;
        });
    }

    /** The latest write of the one sector has gone to the other one. */
    public boolean misdirect(Sector meant, Sector hit) throws IOException {
        byte[][] content = new byte[1][];
        disk.damage(meant, file -> {
            content[0] = file.inMemory(meant.number());
            return true;
        });
        boolean strayed = disk.damage(
                hit,
                file -> file.damage(hit.number(), bytes -> System.arraycopy(content[0], 0, bytes, 0, bytes.length)));
        return stale(meant) || strayed;
    }
}
