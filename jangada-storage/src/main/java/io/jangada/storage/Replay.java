package io.jangada.storage;

import io.jangada.api.spi.EntryCodec;
import io.jangada.api.spi.EntryFormatException;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.step.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of the log so far while its records are read again, in order.
 *
 * <p>Records may be missing. Then the next header tells what the log is ({@link #jump}), and the {@link LogIndex} what of it is here: the entries up to the first gap, and
 * islands behind it.
 */
final class Replay {
    private static final int TYPE_AT = 4;
    private static final LogPosition NOWHERE = new LogPosition(0, 0);

    private final LogIndex index = new LogIndex();
    private final TreeMap<Long, MembershipAt> memberships = new TreeMap<>();
    private HardState hardState = HardState.INITIAL;
    private long nextSequence = 1;
    private Cut cut = Cut.NONE;
    /** Where the log ends, whether the entry is here or not; its term is 0 if nothing tells. */
    private LogPosition last = NOWHERE;

    private Promised promised = Promised.NOTHING;
    /** Whether the latest header says that something is intact behind a gap, which may be gone together with the segments that a later base made superfluous. */
    private boolean isNamed;

    LogIndex index() {
        return index;
    }

    /** The sequence number that the next record must have. */
    long nextSequence() {
        return nextSequence;
    }

    LogPosition last() {
        return last;
    }

    /** Up to where the log had been durable for certain, once what has been read so far was: its end, or beyond that what is promised. */
    LogPosition end() {
        return later(last, promised.certain());
    }

    /** The last entry before the first gap. */
    LogPosition here() {
        return new LogPosition(index.lastIndex(), index.lastTerm());
    }

    /** What the last cut has left, as far as that is known; what had been behind it is not promised any more. */
    LogPosition leftByCut() {
        long term = index.termAnywhere(cut.index());
        return term == 0 ? here() : new LogPosition(cut.index(), term);
    }

    /** Whether all entries between base and end are here. */
    boolean isWhole() {
        return index.lastIndex() == last.index();
    }

    /** What of the log is here before the first gap. */
    LogSummary summary() {
        return index.summary(hardState, cut);
    }

    private boolean isUndamaged() {
        return isWhole() && !index.hasIslands() && !isNamed;
    }

    /** What is known now, if the log had certainly been durable up to this position at some time. */
    LogState state(LogPosition proven) {
        List<Salvage> salvage = new ArrayList<>();
        for (Stretch island : index.islands()) {
            long first = island.firstIndex();
            long end = island.lastIndex();
            List<MembershipAt> changes =
                    List.copyOf(memberships.subMap(first, true, end, true).values());
            salvage.add(new Salvage(first, end, island.terms(), changes));
        }
        return new LogState(
                hardState,
                index.baseIndex() + 1,
                index.lastIndex(),
                index.termOf(index.baseIndex()),
                index.terms(),
                List.copyOf(memberships.headMap(index.lastIndex(), true).values()),
                promised(proven),
                salvage);
    }

    private Promised promised(LogPosition proven) {
        LogPosition here = here();
        LogPosition certain = promised.certain();
        if (!isWhole()) {
            certain = later(certain, proven.isAfter(last) ? last : proven);
        }
        LogPosition possible = later(later(promised.possible(), last), certain);
        if (!possible.isAfter(here)) {
            return Promised.NOTHING;
        }
        return new Promised(certain.isAfter(here) ? certain : NOWHERE, possible);
    }

    private static LogPosition later(LogPosition one, LogPosition other) {
        return other.isAfter(one) ? other : one;
    }

    /** Takes this header as that of the next segment; returns what in it contradicts the log so far, empty if nothing does. */
    String enter(SegmentHeader header) {
        LogSummary before = header.before();
        if (header.firstSequence() < nextSequence) {
            return "the segment begins with record " + header.firstSequence() + ", but record " + nextSequence
                    + " comes next";
        }
        boolean inOrder = header.firstSequence() == nextSequence && !header.isRecovered();
        if (inOrder && isUndamaged() && nextSequence > 1) {
            LogSummary now = summary();
            boolean same = header.format() == RecordFormat.CURRENT
                    ? now.equals(before)
                    : now.last().equals(before.last())
                            && hardState.equals(before.hardState())
                            && now.baseIndex() == before.baseIndex();
            if (!same) {
                return "the segment goes on after " + before + ", but the log before it is " + now;
            }
        } else {
            jump(before, header.firstSequence() - 1, header.hasSalvage());
        }
        promised = header.promised();
        return "";
    }

    /**
     * Records up to the one with this sequence number are missing or of no use; after the last of them the log is this.
     *
     * <p>What is known of the log stays if nothing has been cut from its end in between, or stays as far as it was cut. If the header does not tell how far, it stays as far as the runs of terms that are known explain the fingerprint: two logs
     * with the same term at an index are the same up to there (§5.3). If they do not explain it, nothing of what was known before can be trusted.
     */
    void jump(RecordHeader header) {
        LogSummary after = header.after();
        if (after != null) {
            jump(after, header.lastSequence(), header.has(RecordHeader.SALVAGE));
        }
    }

    private void jump(LogSummary to, long lastSequence, boolean salvage) {
        boolean isCut = to.cut().sequence() >= nextSequence;
        moveBase(to, isCut);
        if (isCut) {
            cut(to);
        }
        index.interrupt();
        settle(to, salvage);
        nextSequence = lastSequence + 1;
    }

    private void moveBase(LogSummary to, boolean isCut) {
        if (to.baseIndex() == index.baseIndex()) {
            return;
        }
        if (to.baseIndex() < index.baseIndex()) {
            // It has begun anew, with what it had compacted before its snapshot was lost.
            index.reset(to.baseIndex(), to.baseTerm());
            memberships.clear();
            return;
        }
        boolean stays = !isCut
                || (tellsHowFar(to)
                        ? to.baseIndex() <= to.cut().index()
                        : index.termAnywhere(to.baseIndex()) == to.baseTerm());
        if (stays) {
            index.compact(to.baseIndex(), to.baseTerm());
            memberships.headMap(to.baseIndex(), true).clear();
        } else {
            index.reset(to.baseIndex(), to.baseTerm());
            memberships.clear();
        }
    }

    private void cut(LogSummary to) {
        long keep = to.baseIndex();
        if (tellsHowFar(to)) {
            keep = Math.max(keep, to.cut().index());
        } else if (to.lastIndex() > to.baseIndex()) {
            keep = index.explains(to) ? index.endOfAgreement(to) : keep;
        }
        index.truncate(keep);
        memberships.tailMap(keep, false).clear();
    }

    /** Whether all that was cut since the last record that is known is in what this says of cuts. */
    private boolean tellsHowFar(LogSummary to) {
        return to.cut().before() < nextSequence;
    }

    private void settle(LogSummary to, boolean salvage) {
        last = to.last();
        hardState = to.hardState();
        cut = to.cut();
        isNamed = salvage;
        while (index.firstOfIslands() == index.lastIndex() + 1 && index.firstOfIslands() <= last.index()) {
            index.adopt();
        }
        index.endAt(last.index());
        index.joinUpTo(last.index());
        if (!salvage && index.hasIslands()) {
            index.dropIslandsAfter(last.index());
            memberships.tailMap(last.index(), false).clear();
        }
    }

    /** Takes the record as the next one of this segment; returns what in it contradicts the log so far, empty if nothing does. */
    String apply(long segment, ScannedRecord record) {
        RecordHeader header = record.header();
        if (header.sequence() != nextSequence) {
            return "here is record " + header.sequence() + ", but record " + nextSequence + " comes next";
        }
        boolean undamaged = isUndamaged();
        try {
            LogBase base = RecordBody.baseIn(record.body(), header.flags());
            long truncateAfter = RecordBody.truncateAfterIn(record.body(), header.flags());
            boolean joins = base != null && !base.reset() && base.index() > last.index();
            applyBase(base);
            if (joins) {
                endJoinedAt(truncateAfter != WriteBatch.KEEP_ALL ? truncateAfter : header.firstIndex() - 1);
            }
            applyTruncation(truncateAfter);
            if (header.has(RecordHeader.DROP)) {
                index.dropIslandsAfter(last.index());
                memberships.tailMap(last.index(), false).clear();
            }
            if (header.count() > 0) {
                requireToFollow(header);
                take(segment, record);
            }
            promised = RecordBody.promisedIn(record.body(), header.flags());
        } catch (EntryFormatException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        HardState state = RecordBody.hardStateIn(record.body(), header.flags());
        hardState = state != null ? state : hardState;
        nextSequence++;
        return header.after() == null ? "" : conclude(header, header.after(), undamaged && isUndamaged());
    }

    private String conclude(RecordHeader header, LogSummary after, boolean undamaged) {
        cut = after.cut();
        if (undamaged && !summary().equals(after)) {
            return "after " + header + " the log is " + summary();
        }
        settle(after, header.has(RecordHeader.SALVAGE));
        return "";
    }

    /** The intact record behind a place where others are missing: it tells what the log is after it, and its entries are here. */
    String applyBehindHole(long segment, ScannedRecord record) {
        RecordHeader header = record.header();
        LogSummary after = header.after();
        if (after == null) {
            return "records before it are missing";
        }
        jump(after, header.sequence(), header.has(RecordHeader.SALVAGE));
        try {
            if (header.count() > 0) {
                take(segment, record);
            }
            promised = RecordBody.promisedIn(record.body(), header.flags());
        } catch (EntryFormatException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        settle(after, header.has(RecordHeader.SALVAGE));
        return "";
    }

    /** What a mark says of promises. */
    void applyMark(ScannedRecord mark) {
        promised = RecordBody.promisedIn(mark.body(), mark.header().flags());
    }

    private void applyBase(@Nullable LogBase base) {
        if (base == null) {
            return;
        }
        if (base.index() < index.baseIndex() && !base.reset()) {
            throw new IllegalArgumentException(base + ", but the log begins behind " + index.baseIndex() + " already");
        }
        if (base.reset()) {
            index.reset(base.index(), base.term());
            memberships.clear();
            last = new LogPosition(base.index(), base.term());
            return;
        }
        long term = index.termAnywhere(base.index());
        boolean beyond = base.index() > last.index() && !index.hasIslands() && !isNamed;
        if (beyond || (term != 0 && term != base.term())) {
            throw new IllegalArgumentException(
                    base + ", but the log ends with " + last.index() + " and that entry has term " + term);
        }
        index.compact(base.index(), base.term());
        memberships.headMap(base.index(), true).clear();
        if (index.lastIndex() > last.index()) {
            last = new LogPosition(index.lastIndex(), index.lastTerm());
        }
    }

    /** A base behind the end of the log has made salvage the log. Less of that may be intact by now, or more; what the record cuts or appends tells where it ended. */
    private void endJoinedAt(long end) {
        if (end >= index.baseIndex()) {
            last = new LogPosition(end, index.termAnywhere(end));
        }
    }

    private void applyTruncation(long after) {
        if (after == WriteBatch.KEEP_ALL) {
            return;
        }
        if (after < index.baseIndex() || after > last.index()) {
            throw new IllegalArgumentException("the log is cut after entry " + after + ", but begins behind "
                    + index.baseIndex() + " and ends with " + last.index());
        }
        last = after == last.index() ? last : new LogPosition(after, index.termAnywhere(after));
        index.truncate(after);
        memberships.tailMap(after, false).clear();
    }

    private void requireToFollow(RecordHeader header) {
        if (header.firstIndex() != last.index() + 1 || header.term() < Math.max(1, last.term())) {
            throw new IllegalArgumentException("entry " + header.firstIndex() + "@" + header.term()
                    + " does not follow " + last.index() + "@" + last.term());
        }
    }

    /** The entries must be what their header names; the checksums are right, so anything else is a fault of the writer. */
    private void take(long segment, ScannedRecord record) throws EntryFormatException {
        RecordHeader header = record.header();
        ByteBuffer body = record.body();
        long end = header.firstIndex() + header.count() - 1;
        if (!memberships.isEmpty() && memberships.lastKey() >= header.firstIndex()) {
            memberships.subMap(header.firstIndex(), true, end, true).clear();
        }
        int at = RecordBody.prefixLength(header.flags());
        for (int i = 0; i < header.count(); i++) {
            int size = EntryCodec.sizeAt(body, at);
            if (EntryCodec.indexAt(body, at) != header.firstIndex() + i
                    || EntryCodec.termAt(body, at) != header.term()) {
                throw new IllegalArgumentException(
                        "entry " + EntryCodec.indexAt(body, at) + "@" + EntryCodec.termAt(body, at) + " in " + header);
            }
            if (body.get(at + TYPE_AT) == EntryType.MEMBERSHIP.code()) {
                memberships.put(header.firstIndex() + i, membershipIn(body, at));
            }
            at += size;
        }
        if (at != body.limit()) {
            throw new IllegalArgumentException("bytes behind the last entry of " + header);
        }
        if (header.firstIndex() <= index.lastIndex()) {
            // What was intact behind a gap has just been taken for the log, and more of it than was known when this was
            // written, or behind a hole up to the new end.
            index.endAt(header.firstIndex() - 1);
        }
        if (index.lastIndex() == header.firstIndex() - 1) {
            index.append(segment, record.position(), header.term(), header.count());
        } else {
            index.appendBehindGap(segment, record.position(), header.firstIndex(), header.term(), header.count());
        }
        last = new LogPosition(end, header.term());
    }

    private static MembershipAt membershipIn(ByteBuffer body, int at) throws EntryFormatException {
        long entry = EntryCodec.indexAt(body, at);
        byte[] payload = EntryCodec.decode(body.duplicate().position(at)).payload();
        try {
            return new MembershipAt(entry, MembershipCodec.decode(payload));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "entry " + entry + " is no membership that this release can read: " + e.getMessage(), e);
        }
    }
}
