package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way out after the loss of a majority: gives one survivor, whose process has ended, a membership that nobody has agreed to.
 *
 * <p>Unsafe by nature. Entries that were committed without reaching this node are lost, entries that it has are committed whether they were or not, and
 * a node of the old membership that comes back makes a second group. So it is for people who have looked at {@link #describe} of every survivor, have
 * taken the one with the highest last term and index, and never start the others again with their folders.
 */
public final class ForcedMembership {
    private ForcedMembership() {}

    /**
     * What the folder of a stopped node holds.
     *
     * @param hardState its latest term and vote
     * @param firstIndex the first entry that is still in the log
     * @param lastIndex the last entry, in the log or only in the snapshot
     * @param lastTerm the term of that entry, 0 if there is none
     * @param snapshot the newest intact snapshot, null if there is none
     * @param missing what the node may have acknowledged beyond {@code lastIndex} and has lost by damage to its disk; a forced membership gives it up
     * @param membership the latest membership and its index; null if the log and the snapshot have none, and the one of the node's configuration holds
     */
    public record Survivor(
            LogIdentity owner,
            long incarnation,
            HardState hardState,
            long firstIndex,
            long lastIndex,
            long lastTerm,
            @Nullable SnapshotMeta snapshot,
            @Nullable MembershipAt membership,
            Promised missing) {

        /** How many entries come after the snapshot. Those up to the snapshot were committed; of these it is not known here. */
        public long entriesAfterSnapshot() {
            return lastIndex - (snapshot == null ? 0 : snapshot.index());
        }

        /** The lowest term in which a membership can be forced. */
        public long nextTerm() {
            return Math.max(hardState.term(), lastTerm) + 1;
        }
    }

    /** What is in this folder. Changes nothing, not even what the next start would repair. Refuses a folder that is in use. */
    public static Survivor describe(Path folder) throws IOException {
        return describe(existing(folder));
    }

    /** As {@link #describe(Path)}. */
    public static Survivor describe(Disk disk) throws IOException {
        ReadOnlyDisk untouched = new ReadOnlyDisk(disk);
        try (SegmentedLog log =
                SegmentedLog.open(untouched, ownerOf(untouched), LogOptions.DEFAULT.withSpareSegments(0))) {
            return survivor(log);
        }
    }

    /** As {@link #append(Disk, LogOptions, Membership, long)}, in a folder of the file system. */
    public static Survivor append(Path folder, Membership membership, long newTerm) throws IOException {
        return append(existing(folder), LogOptions.DEFAULT, membership, newTerm);
    }

    /**
     * Appends the membership as the next entry, in a new term without a vote, durably; returns what the folder holds then. To repeat it, after a failure too, does
     * no further harm: it takes a higher term and another entry.
     *
     * @throws IllegalArgumentException if the membership is joint, or does not have this node as a voter, or the term is not above all that this node knows
     */
    public static Survivor append(Disk disk, LogOptions options, Membership membership, long newTerm)
            throws IOException {
        LogIdentity owner = ownerOf(disk);
        if (membership.isJoint() || !membership.voters().contains(owner.node())) {
            throw new IllegalArgumentException("voters " + membership.voters() + ", outgoing " + membership.outgoing()
                    + ": a forced membership has this node, " + owner.node() + ", as a voter and nobody outgoing");
        }
        try (SegmentedLog log = SegmentedLog.open(disk, owner, options)) {
            Survivor before = survivor(log);
            if (newTerm < before.nextTerm()) {
                throw new IllegalArgumentException("term " + newTerm + " is not new to this node, which has seen "
                        + (before.nextTerm() - 1) + "; take " + before.nextTerm() + " or a higher one");
            }
            SnapshotMeta snapshot = before.snapshot();
            LogBase base = snapshot != null && !continues(log.recovered(), snapshot)
                    ? new LogBase(snapshot.index(), snapshot.term(), true)
                    : null;
            long index = before.lastIndex() + 1;
            log.write(new WriteBatch(
                    1,
                    new HardState(newTerm, NodeId.NONE),
                    base,
                    WriteBatch.KEEP_ALL,
                    List.of(Entry.membership(index, newTerm, membership)),
                    Promised.NOTHING,
                    WriteBatch.SalvageFate.DROP));
            log.sync();
            return new Survivor(
                    owner,
                    before.incarnation(),
                    new HardState(newTerm, NodeId.NONE),
                    base != null ? index : before.firstIndex(),
                    index,
                    newTerm,
                    snapshot,
                    new MembershipAt(index, membership),
                    Promised.NOTHING);
        }
    }

    private static Disk existing(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is not the folder of a node; name the one that the node was started with");
        }
        return RealDisk.open(folder);
    }

    private static LogIdentity ownerOf(Disk disk) throws IOException {
        if (!disk.list().contains(FileNames.IDENTITY)) {
            throw new StorageRefusedException(
                    disk.location(),
                    "no file " + FileNames.IDENTITY,
                    "the folder of a node that has run",
                    "Name the folder that the node was started with.");
        }
        return FolderIdentity.load(disk).owner();
    }

    private static Survivor survivor(SegmentedLog log) throws IOException {
        LogState state = log.recovered();
        SnapshotMeta snapshot;
        try (SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT)) {
            snapshot = snapshots.newest().orElse(null);
        }
        if (snapshot != null && !continues(state, snapshot)) {
            return new Survivor(
                    log.folder().owner(),
                    log.incarnation(),
                    state.hardState(),
                    snapshot.index() + 1,
                    snapshot.index(),
                    snapshot.term(),
                    snapshot,
                    snapshot.membership(),
                    state.promised());
        }
        List<MembershipAt> inLog = state.memberships();
        MembershipAt inSnapshot = snapshot == null ? null : snapshot.membership();
        return new Survivor(
                log.folder().owner(),
                log.incarnation(),
                state.hardState(),
                state.firstIndex(),
                state.lastIndex(),
                termOf(state, state.lastIndex()),
                snapshot,
                inLog.isEmpty() ? inSnapshot : inLog.get(inLog.size() - 1),
                state.promised());
    }

    /** Whether the log holds the snapshot's last entry. If not, the snapshot, which was committed, wins: a crash came before the reset of the log. */
    private static boolean continues(LogState log, SnapshotMeta snapshot) {
        return snapshot.index() <= log.lastIndex() && termOf(log, snapshot.index()) == snapshot.term();
    }

    private static long termOf(LogState log, long index) {
        long term = log.prevTerm();
        for (TermStart run : log.terms()) {
            term = run.index() <= index ? run.term() : term;
        }
        return term;
    }
}
