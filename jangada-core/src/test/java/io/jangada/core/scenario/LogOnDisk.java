package io.jangada.core.scenario;

import io.jangada.core.Losses;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A log as a list of entries behind a base. */
final class LogOnDisk {
    private final List<Entry> entries;
    private final Losses losses = new Losses();
    private HardState hardState;
    private long baseIndex;
    private long baseTerm;

    LogOnDisk(HardState hardState, List<Entry> entries) {
        this.hardState = hardState;
        this.entries = new ArrayList<>(entries);
    }

    LogOnDisk copy() {
        LogOnDisk copy = new LogOnDisk(hardState, entries);
        copy.baseIndex = baseIndex;
        copy.baseTerm = baseTerm;
        copy.losses.copyFrom(losses);
        return copy;
    }

    void apply(WriteBatch write) {
        HardState state = write.hardState();
        if (state != null) {
            hardState = state;
        }
        LogBase base = write.base();
        if (base != null) {
            beginBehind(base);
        }
        if (write.truncates()) {
            losses.cut();
            entries.removeIf(entry -> entry.index() > write.truncateAfter());
        }
        for (Entry entry : write.entries()) {
            if (entry.index() != lastIndex() + 1) {
                throw new AssertionError("entry " + entry + " does not follow " + lastIndex());
            }
            entries.add(entry);
        }
        losses.end(write, entries, lastIndex());
    }

    private void beginBehind(LogBase base) {
        losses.begin(base);
        if (!base.reset() && base.index() > lastIndex() && losses.salvage().isEmpty()) {
            throw new AssertionError("a log that ends at " + lastIndex() + " cannot begin behind " + base);
        }
        if (base.reset()) {
            entries.clear();
        } else {
            entries.removeIf(entry -> entry.index() <= base.index());
        }
        baseIndex = base.index();
        baseTerm = base.term();
    }

    HardState hardState() {
        return hardState;
    }

    long baseIndex() {
        return baseIndex;
    }

    long lastIndex() {
        return baseIndex + entries.size();
    }

    boolean has(long index) {
        return index > baseIndex && index <= lastIndex();
    }

    Entry at(long index) {
        if (!has(index)) {
            throw new AssertionError("no entry " + index + " in " + (baseIndex + 1) + ".." + lastIndex());
        }
        return entries.get((int) (index - baseIndex - 1));
    }

    /** These entries are damaged; {@code doubtful}: nobody can tell whether they were ever complete. */
    void lose(Set<Long> lost, boolean doubtful) {
        losses.lose(entries, lost, doubtful);
    }

    /** A write was under way whose last entry was this one. */
    void tear(Entry last) {
        losses.tear(new LogPosition(last.index(), last.term()));
    }

    /** An entry of the log, or from behind a gap; null if it is not here. */
    @Nullable
    Entry find(long index) {
        if (has(index)) {
            return at(index);
        }
        return losses.has(index) ? losses.at(index) : null;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    LogState state() {
        List<TermStart> terms = new ArrayList<>();
        List<MembershipAt> memberships = new ArrayList<>();
        for (Entry entry : entries) {
            if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
                terms.add(new TermStart(entry.index(), entry.term()));
            }
            if (entry.type() == EntryType.MEMBERSHIP) {
                memberships.add(new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload())));
            }
        }
        return new LogState(
                hardState,
                baseIndex + 1,
                lastIndex(),
                baseTerm,
                terms,
                memberships,
                losses.promised(),
                losses.salvage());
    }
}
