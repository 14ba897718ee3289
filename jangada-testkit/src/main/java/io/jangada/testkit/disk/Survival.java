package io.jangada.testkit.disk;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Decides what of the unsynchronised state of a {@link SimDisk} is there after a power failure. */
public interface Survival {

    /** Nothing that was not synchronised survives. */
    Survival NOTHING = new Survival() {
        @Override
        public int bytesOf(String file, long sectorOffset) {
            return 0;
        }

        @Override
        public boolean keepsDirectoryChange(int number) {
            return false;
        }
    };

    /** Everything survives: the power failed just after the last byte had been written. */
    Survival EVERYTHING = upTo(Long.MAX_VALUE);

    /** How many leading bytes of this unsynchronised sector, 0 to {@link SimDisk#SECTOR_BYTES}, have reached the disk; the others are as they were. */
    int bytesOf(String file, long sectorOffset);

    /** Whether this unsynchronised change of the directory, counted from 0, has reached the disk. */
    boolean keepsDirectoryChange(int number);

    /**
     * What fills the part of this unsynchronised sector that was to change, if it holds neither the old bytes nor the new ones; null if it holds those. Bytes that were to stay as they were do.
     */
    default @Nullable Random spoils(String file, long sectorOffset) {
        return null;
    }

    /** In every file what lies before this offset survives; directory changes do. */
    static Survival upTo(long offset) {
        return new Survival() {
            @Override
            public int bytesOf(String file, long sectorOffset) {
                return (int) Math.max(0, Math.min(SimDisk.SECTOR_BYTES, offset - sectorOffset));
            }

            @Override
            public boolean keepsDirectoryChange(int number) {
                return true;
            }
        };
    }

    /** In every file the sectors that begin at this offset or later survive, as no order of writes promises otherwise; directory changes do. */
    static Survival from(long offset) {
        return new Survival() {
            @Override
            public int bytesOf(String file, long sectorOffset) {
                return sectorOffset >= offset ? SimDisk.SECTOR_BYTES : 0;
            }

            @Override
            public boolean keepsDirectoryChange(int number) {
                return true;
            }
        };
    }

    /** Any subset of the sectors, some of them torn, and any subset of the directory changes. */
    static Survival random(Random random) {
        double whole = random.nextInt(4) == 0 ? 0 : random.nextDouble();
        double torn = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.3;
        return new Survival() {
            @Override
            public int bytesOf(String file, long sectorOffset) {
                if (random.nextDouble() < torn) {
                    return random.nextInt(SimDisk.SECTOR_BYTES + 1);
                }
                return random.nextDouble() < whole ? SimDisk.SECTOR_BYTES : 0;
            }

            @Override
            public boolean keepsDirectoryChange(int number) {
                return random.nextBoolean();
            }
        };
    }
}
