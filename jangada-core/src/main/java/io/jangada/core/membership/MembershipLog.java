package io.jangada.core.membership;

import io.jangada.core.model.Invariants;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import java.util.ArrayList;
import java.util.List;

/**
 * The memberships that the log holds, each with the index of its entry.
 *
 * <p>The latest one is in force from the moment its entry is appended, committed or not (§6); when that entry is cut off, the one before it
 * is in force again.
 */
public final class MembershipLog {
    /** Never empty; in ascending order. The first is what a snapshot, or the start of the group, says. */
    private final List<MembershipAt> memberships = new ArrayList<>();

    /** The memberships of a log that begins behind this one. */
    public MembershipLog(MembershipAt base, List<MembershipAt> later) {
        memberships.add(base);
        for (MembershipAt at : later) {
            if (at.index() > base.index()) {
                append(at);
            }
        }
    }

    /** The membership in force. */
    public Membership present() {
        return latest().membership();
    }

    /** The membership in force, and where it came from. */
    public MembershipAt latest() {
        return memberships.get(memberships.size() - 1);
    }

    /** The membership that is in force again if the entry of the latest one is cut off; the latest itself if it is the oldest known one. */
    public Membership beforeLatest() {
        return memberships.get(Math.max(0, memberships.size() - 2)).membership();
    }

    /** The latest membership at or before this index; the oldest known one if the index lies before that. */
    public MembershipAt at(long index) {
        int found = memberships.size() - 1;
        while (found > 0 && memberships.get(found).index() > index) {
            found--;
        }
        return memberships.get(found);
    }

    public void append(MembershipAt at) {
        Invariants.require(at.index() > latest().index(), "membership of index " + at.index() + " after " + latest());
        memberships.add(at);
    }

    /** The entries after this index have been cut off. Says whether another membership is in force now. */
    public boolean truncateAfter(long index) {
        boolean changed = false;
        while (memberships.size() > 1 && latest().index() > index) {
            memberships.remove(memberships.size() - 1);
            changed = true;
        }
        return changed;
    }

    /** A snapshot of this node covers everything up to this index: what came before the membership at that index is history. */
    public void compactTo(long index) {
        while (memberships.size() > 1 && memberships.get(1).index() <= index) {
            memberships.remove(0);
        }
    }

    /**
     * A snapshot from a leader has taken the place of the log up to {@code index}; whatever this log said about the time before is forgotten (trap 20).
     *
     * @param keepLater whether the entries after the snapshot are still there
     */
    public void restore(MembershipAt base, long index, boolean keepLater) {
        memberships.removeIf(at -> !keepLater || at.index() <= index);
        memberships.add(0, base);
    }
}
