package io.jangada.storage;

import io.jangada.api.StateFile;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that snapshots of files consist of, each once, called after its content. Any thread.
 *
 * <p>A part stays as long as a snapshot in the catalogue names it, or one that is being made or is arriving ({@link #hold}).
 */
final class SnapshotParts {
    private final Disk disk;
    private final SnapshotCatalog catalog;
    /** How many snapshots that do not count yet need this file. */
    private final Map<String, Integer> held = new HashMap<>();
    /** Files that were found damaged. */
    private final Set<String> damaged = new HashSet<>();

    SnapshotParts(Disk disk, SnapshotCatalog catalog) {
        this.disk = disk;
        this.catalog = catalog;
    }

    /**
     * Puts these files among the parts, durable but for their names, and holds them; those that an earlier snapshot has are recognised and not read again. Links where the disk can, else copies.
     *
     * @param before the manifest of an earlier snapshot, or null
     * @param written told the bytes of each file that had not been there
     */
    Manifest store(List<StateFile> files, @Nullable Manifest before, int chunkBytes, Written written)
            throws IOException {
        List<SnapshotPart> parts = new ArrayList<>();
        try {
            for (StateFile file : files) {
                requireUndamaged(file);
                SnapshotPart known = before == null ? null : known(file, before);
                if (known == null) {
                    parts.add(store(file, chunkBytes));
                    written.bytes(file.sizeBytes());
                } else {
                    hold(known);
                    parts.add(known);
                }
            }
            return Manifest.of(parts, chunkBytes);
        } catch (IOException | RuntimeException | Error e) {
            parts.forEach(this::release);
            throw e;
        }
    }

    /** What is told how much was new. */
    interface Written {
        void bytes(long count);
    }

    /** What this file is, if it is one and the same as a part of the earlier snapshot. */
    private @Nullable SnapshotPart known(StateFile file, Manifest before) throws IOException {
        Path path = file.path().orElse(null);
        SnapshotPart part = before.named(file.name());
        boolean same = path != null
                && part != null
                && part.sizeBytes() == file.sizeBytes()
                && disk.isLink(path, part.fileName());
        return same ? part : null;
    }

    /** A file that is one and the same as a part that was found damaged must not become a snapshot that looks whole. */
    private void requireUndamaged(StateFile file) throws IOException {
        Path path = file.path().orElse(null);
        for (String name : damaged()) {
            if (path != null && disk.isLink(path, name)) {
                throw new IOException("file " + path + " of the state, which is also " + name + " in " + disk.location()
                        + ", is damaged: no snapshot can be taken of it");
            }
        }
    }

    private SnapshotPart store(StateFile file, int chunkBytes) throws IOException {
        String staged = FileNames.PART_STAGED;
        deleteIfThere(staged);
        Path path = file.path().orElse(null);
        boolean linked = path != null && disk.link(path, staged);
        SnapshotPart part;
        try (DiskFile target = linked ? disk.open(staged) : disk.create(staged)) {
            part = (linked ? sumsOf(target, chunkBytes) : copy(file, target, chunkBytes)).part(file.name());
            target.force(true);
        }
        hold(part);
        try {
            disk.rename(staged, part.fileName());
            // Where both are names of one file already, a rename does nothing.
            deleteIfThere(staged);
            found(part);
            return part;
        } catch (IOException | RuntimeException | Error e) {
            release(part);
            throw e;
        }
    }

    private PartSums sumsOf(DiskFile file, int chunkBytes) throws IOException {
        PartSums sums = new PartSums(chunkBytes);
        ByteBuffer chunk = ByteBuffer.allocate(chunkBytes);
        long size = file.size();
        for (long at = 0; at < size; at += chunkBytes) {
            chunk.clear().limit((int) Math.min(chunkBytes, size - at));
            file.read(chunk, at);
            sums.chunk(chunk.flip());
        }
        return sums;
    }

    private static PartSums copy(StateFile file, DiskFile target, int chunkBytes) throws IOException {
        PartSums sums = new PartSums(chunkBytes);
        try (InputStream in = file.open()) {
            long at = 0;
            for (byte[] chunk = in.readNBytes(chunkBytes); chunk.length > 0; chunk = in.readNBytes(chunkBytes)) {
                sums.chunk(ByteBuffer.wrap(chunk));
                target.write(ByteBuffer.wrap(chunk), at);
                at += chunk.length;
            }
        }
        return sums;
    }

    private void deleteIfThere(String name) throws IOException {
        if (disk.list().contains(name)) {
            disk.delete(name);
        }
    }

    /** Gives a part that has arrived, and is durable, its name. */
    void adopt(String staged, SnapshotPart part) throws IOException {
        disk.rename(staged, part.fileName());
        found(part);
    }

    /** Whether this part is here; reads all of it. */
    boolean isIntact(SnapshotPart part) throws IOException {
        if (!disk.list().contains(part.fileName())) {
            return false;
        }
        try (PartReader reader = new PartReader(disk, part)) {
            reader.verify();
            return true;
        } catch (CorruptSnapshotException e) {
            return false;
        }
    }

    /** The parts of a manifest stay, until they are released as often. */
    void hold(Manifest manifest) {
        manifest.parts().forEach(this::hold);
    }

    void release(Manifest manifest) {
        manifest.parts().forEach(this::release);
    }

    private synchronized void hold(SnapshotPart part) {
        held.merge(part.fileName(), 1, Integer::sum);
    }

    private synchronized void release(SnapshotPart part) {
        held.computeIfPresent(part.fileName(), (name, count) -> count > 1 ? count - 1 : null);
    }

    /** A file with this name was found damaged; whoever hands over the very same file hands over damage. */
    synchronized void isDamaged(String name) {
        damaged.add(name);
    }

    private synchronized List<String> damaged() {
        return List.copyOf(damaged);
    }

    private synchronized void found(SnapshotPart part) {
        damaged.remove(part.fileName());
    }

    /** Deletes the parts that nothing needs; says which. As long as there is a damaged snapshot nobody knows which are its. */
    synchronized List<String> removeUnused() throws IOException {
        List<String> removed = new ArrayList<>();
        if (!catalog.damaged().isEmpty()) {
            return removed;
        }
        Set<String> used = catalog.partNames();
        for (String name : FileNames.partsIn(disk.list())) {
            if (!used.contains(name) && !held.containsKey(name)) {
                disk.delete(name);
                damaged.remove(name);
                removed.add(name);
            }
        }
        return removed;
    }
}
