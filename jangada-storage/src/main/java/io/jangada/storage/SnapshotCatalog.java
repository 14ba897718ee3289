package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshots there are, who is reading them, and which have had their day. Any thread; touches no file.
 *
 * <p>A snapshot that is sent to a follower is read in many calls, perhaps over hours. So the one that was read last and not to its end stays too: one,
 * so that followers that die in between cannot fill the disk.
 */
final class SnapshotCatalog {
    private static final Comparator<StoredSnapshot> OLDEST_FIRST = Comparator.comparingLong(
                    (StoredSnapshot snapshot) -> snapshot.meta().index())
            .thenComparingLong(snapshot -> snapshot.meta().term());

    private final int retained;
    private final List<StoredSnapshot> snapshots = new ArrayList<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final TreeSet<String> damaged = new TreeSet<>();
    private @Nullable StoredSnapshot beingSent;

    SnapshotCatalog(int retained) {
        this.retained = retained;
    }

    synchronized Optional<StoredSnapshot> newest() {
        return snapshots.isEmpty() ? Optional.empty() : Optional.of(snapshots.get(snapshots.size() - 1));
    }

    /** The one with this index and term. Both were committed, so there is one state of that index. */
    synchronized @Nullable StoredSnapshot of(long index, long term) {
        for (StoredSnapshot snapshot : snapshots) {
            if (snapshot.meta().index() == index && snapshot.meta().term() == term) {
                return snapshot;
            }
        }
        return null;
    }

    synchronized boolean has(SnapshotMeta meta) {
        return find(meta) != null;
    }

    private @Nullable StoredSnapshot find(SnapshotMeta meta) {
        for (StoredSnapshot snapshot : snapshots) {
            if (snapshot.meta().equals(meta)) {
                return snapshot;
            }
        }
        return null;
    }

    synchronized void add(StoredSnapshot snapshot) {
        damaged.remove(snapshot.name());
        snapshots.removeIf(present -> present.name().equals(snapshot.name()));
        snapshots.add(snapshot);
        snapshots.sort(OLDEST_FIRST);
    }

    /** This file is of no use; it goes when a new snapshot has come. */
    synchronized void addDamaged(String name) {
        damaged.add(name);
    }

    /** This snapshot has turned out to be of no use: it is as if it were not there, and goes when a new one has come. */
    synchronized void giveUp(StoredSnapshot snapshot) {
        if (snapshots.remove(snapshot)) {
            damaged.add(snapshot.name());
        }
        if (snapshot.equals(beingSent)) {
            beingSent = null;
        }
    }

    synchronized List<String> damaged() {
        return List.copyOf(damaged);
    }

    /** What the files are called of which the snapshots here consist. */
    synchronized Set<String> partNames() {
        Set<String> names = new HashSet<>();
        for (StoredSnapshot snapshot : snapshots) {
            Manifest manifest = snapshot.manifest();
            if (manifest != null) {
                names.addAll(manifest.fileNames());
            }
        }
        return names;
    }

    /** The snapshot, if it is here, which then stays until {@link #release}. */
    synchronized @Nullable StoredSnapshot acquire(SnapshotMeta meta) {
        StoredSnapshot found = find(meta);
        if (found != null) {
            readers.merge(found.name(), 1, Integer::sum);
        }
        return found;
    }

    synchronized void release(StoredSnapshot snapshot) {
        readers.computeIfPresent(snapshot.name(), (name, count) -> count > 1 ? count - 1 : null);
    }

    /** A piece of this snapshot has been read in order to be sent. */
    synchronized void sent(StoredSnapshot snapshot, boolean toItsEnd) {
        if (!toItsEnd) {
            beingSent = snapshot;
        } else if (snapshot.equals(beingSent)) {
            beingSent = null;
        }
    }

    /** The names of files that may be deleted, which are not in here any more. */
    synchronized List<String> takeSuperfluous() {
        List<String> names = new ArrayList<>(damaged);
        names.removeIf(readers::containsKey);
        damaged.removeAll(names);
        for (StoredSnapshot snapshot : List.copyOf(snapshots.subList(0, Math.max(0, snapshots.size() - retained)))) {
            if (!readers.containsKey(snapshot.name()) && !snapshot.equals(beingSent)) {
                snapshots.remove(snapshot);
                names.add(snapshot.name());
            }
        }
        return names;
    }
}
