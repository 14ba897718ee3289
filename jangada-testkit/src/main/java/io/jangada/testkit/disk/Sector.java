package io.jangada.testkit.disk;

/**
 * One sector of one file.
 *
 * @param offset of its first byte, a multiple of {@link SimDisk#SECTOR_BYTES}
 */
public record Sector(String file, long offset) {
    public Sector {
        if (offset < 0 || offset % SimDisk.SECTOR_BYTES != 0) {
            throw new IllegalArgumentException("no sector begins at offset " + offset + " of " + file);
        }
    }

    /** The sector in which this byte of the file lies. */
    public static Sector holding(String file, long offset) {
        return new Sector(file, offset - offset % SimDisk.SECTOR_BYTES);
    }

    int number() {
        return Math.toIntExact(offset / SimDisk.SECTOR_BYTES);
    }
}
