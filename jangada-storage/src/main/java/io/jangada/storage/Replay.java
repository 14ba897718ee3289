package io.jangada.storage;

import io.jangada.api.spi.EntryCodec;
import io.jangada.api.spi.EntryFormatException;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.step.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the log so far while its records are read again, in order.
 *
 * <p>The first segment that is left may begin in the middle of the log. What was before it counts as missing until a base says that it
 * is not needed: {@link #isWhole}.
 */
final class Replay {
    private static final int TYPE_AT = 4;

    private final LogIndex index = new LogIndex();
    private final List<MembershipAt> memberships = new ArrayList<>();
    private HardState hardState = HardState.INITIAL;
    private long nextSequence = 1;
    /** The base that the log has said last; the index begins later while entries between the two are missing. */
    private long baseIndex;

    private long baseTerm;

    LogIndex index() {
        return index;
    }

    HardState hardState() {
        return hardState;
    }

    /** The sequence number that the next record must have. */
    long nextSequence() {
        return nextSequence;
    }

    long baseIndex() {
        return baseIndex;
    }

    /** Whether everything behind the log's base is there. */
    boolean isWhole() {
        return index.baseIndex() == baseIndex;
    }

    LogState state() {
        return new LogState(
                hardState, baseIndex + 1, index.lastIndex(), baseTerm, index.terms(), List.copyOf(memberships));
    }

    /** Begins with this segment, which is not the first that there ever was. */
    void beginAt(SegmentHeader header) {
        index.reset(header.nextIndex() - 1, header.lastTerm());
        hardState = header.hardState();
        nextSequence = header.firstSequence();
        baseIndex = header.baseIndex();
        baseTerm = header.baseTerm();
    }

    /** What in this header contradicts the log so far, empty if nothing does. */
    String contradictionIn(SegmentHeader header) {
        if (header.firstSequence() != nextSequence) {
            return "the segment begins with record " + header.firstSequence() + ", but record " + nextSequence
                    + " comes next";
        }
        if (lastTermIsUnknown() && header.nextIndex() == index.lastIndex() + 1) {
            index.reset(index.lastIndex(), header.lastTerm());
        }
        if (header.nextIndex() != index.lastIndex() + 1 || header.lastTerm() != index.lastTerm()) {
            return "the segment goes on after entry " + (header.nextIndex() - 1) + "@" + header.lastTerm()
                    + ", but the log before it ends with " + index.lastIndex() + "@" + index.lastTerm();
        }
        if (!header.hardState().equals(hardState)) {
            return "the segment begins with " + header.hardState() + ", but the log before it ends with " + hardState;
        }
        if (header.baseIndex() != baseIndex) {
            return "the segment belongs to a log that begins behind entry " + header.baseIndex()
                    + ", but the log before it begins behind " + baseIndex;
        }
        return "";
    }

    /** After a cut before the first segment that is left. */
    private boolean lastTermIsUnknown() {
        return index.lastTerm() == 0 && index.lastIndex() > 0;
    }

    /** Takes the record as the next one of this segment; returns what in it contradicts the log so far, empty if nothing does. */
    String apply(long segment, ScannedRecord record) {
        RecordHeader header = record.header();
        if (header.sequence() != nextSequence) {
            return "here is record " + header.sequence() + ", but record " + nextSequence + " comes next";
        }
        try {
            applyBase(RecordBody.baseIn(record.body(), header.flags()));
            applyTruncation(RecordBody.truncateAfterIn(record.body(), header.flags()));
            if (header.count() > 0) {
                requireToFollow(header);
                checkEntries(record);
                index.append(segment, record.position(), header.term(), header.count());
            }
        } catch (EntryFormatException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        HardState state = RecordBody.hardStateIn(record.body(), header.flags());
        hardState = state != null ? state : hardState;
        nextSequence++;
        return "";
    }

    private void applyBase(@Nullable LogBase base) {
        if (base == null) {
            return;
        }
        if (base.index() < baseIndex) {
            throw new IllegalArgumentException(base + ", but the log begins behind " + baseIndex + " already");
        }
        if (base.reset()) {
            index.reset(base.index(), base.term());
            memberships.clear();
        } else {
            compact(base);
        }
        baseIndex = base.index();
        baseTerm = base.term();
    }

    private void compact(LogBase base) {
        long term = index.termOf(base.index());
        if (base.index() > index.lastIndex() || (term != 0 && term != base.term())) {
            throw new IllegalArgumentException(
                    base + ", but the log ends with " + index.lastIndex() + " and that entry has term " + term);
        }
        if (base.index() >= index.baseIndex()) {
            index.compact(base.index(), base.term());
        }
        memberships.removeIf(at -> at.index() <= base.index());
    }

    private void applyTruncation(long after) {
        if (after == WriteBatch.KEEP_ALL) {
            return;
        }
        if (after < baseIndex || after > index.lastIndex()) {
            throw new IllegalArgumentException("the log is cut after entry " + after + ", but begins behind "
                    + baseIndex + " and ends with " + index.lastIndex());
        }
        if (after < index.baseIndex()) {
            index.reset(after, after == baseIndex ? baseTerm : 0);
        } else {
            index.truncate(after);
        }
        memberships.removeIf(at -> at.index() > after);
    }

    private void requireToFollow(RecordHeader header) {
        if (header.firstIndex() != index.lastIndex() + 1 || header.term() < Math.max(1, index.lastTerm())) {
            throw new IllegalArgumentException("entry " + header.firstIndex() + "@" + header.term()
                    + " does not follow " + index.lastIndex() + "@" + index.lastTerm());
        }
    }

    /** The entries must be what their header names; the checksums are right, so anything else is a fault of the writer. */
    private void checkEntries(ScannedRecord record) throws EntryFormatException {
        RecordHeader header = record.header();
        ByteBuffer body = record.body();
        int at = RecordBody.prefixLength(header.flags());
        for (int i = 0; i < header.count(); i++) {
            int size = EntryCodec.sizeAt(body, at);
            if (EntryCodec.indexAt(body, at) != header.firstIndex() + i
                    || EntryCodec.termAt(body, at) != header.term()) {
                throw new IllegalArgumentException(
                        "entry " + EntryCodec.indexAt(body, at) + "@" + EntryCodec.termAt(body, at) + " in " + header);
            }
            if (body.get(at + TYPE_AT) == EntryType.MEMBERSHIP.code()) {
                memberships.add(membershipIn(body, at));
            }
            at += size;
        }
        if (at != body.limit()) {
            throw new IllegalArgumentException("bytes behind the last entry of " + header);
        }
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
