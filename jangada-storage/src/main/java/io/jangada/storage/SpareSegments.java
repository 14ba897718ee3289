package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files of segments that the log does not need any more, kept to become later ones: to write over them costs no new space and no zeros.
 *
 * <p>What they hold stays as it is. It belongs to the identity that the segment had, so no record of it is ever taken for one of another (trap 42). Any thread.
 */
final class SpareSegments {
    private final Disk disk;
    private final LogOptions options;
    private final ArrayDeque<String> names = new ArrayDeque<>();
    private final Set<Long> distrusted = new HashSet<>();
    /** Those in the queue and those that are about to be. */
    private int count;

    SpareSegments(Disk disk, LogOptions options) {
        this.disk = disk;
        this.options = options;
    }

    /** Takes what is there already; deletes what is too much or has another size. */
    void begin() throws IOException {
        for (String name : FileNames.sparesIn(disk.list())) {
            if (isWanted(name)) {
                add(name);
            } else {
                disk.delete(name);
            }
        }
    }

    /** Makes this superfluous segment a spare one, or deletes it; returns the name of the spare, null if there is none. It may be used only after {@link #add}. */
    @Nullable
    String retire(long number) throws IOException {
        String name = FileNames.segment(number);
        if (isDistrusted(number) || !isWanted(name)) {
            disk.delete(name);
            return null;
        }
        String spare = FileNames.spare(number);
        disk.rename(name, spare);
        return spare;
    }

    /** These segments are to be deleted when their time has come. */
    synchronized void distrust(Set<Long> numbers) {
        distrusted.addAll(numbers);
    }

    private synchronized boolean isDistrusted(long number) {
        return distrusted.contains(number);
    }

    private boolean isWanted(String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            if (file.size() != options.segmentBytes()) {
                return false;
            }
        }
        synchronized (this) {
            if (count >= options.spareSegments()) {
                return false;
            }
            count++;
            return true;
        }
    }

    /** The file has this name, and no other, durably. */
    synchronized void add(String spare) {
        names.add(spare);
    }

    synchronized boolean isEmpty() {
        return names.isEmpty();
    }

    /** What they take up on the disk. */
    synchronized long bytes() {
        return (long) names.size() * options.segmentBytes();
    }

    /** The name of a spare segment, which is the caller's from now on; null if there is none. */
    synchronized @Nullable String take() {
        String name = names.poll();
        if (name != null) {
            count--;
        }
        return name;
    }
}
