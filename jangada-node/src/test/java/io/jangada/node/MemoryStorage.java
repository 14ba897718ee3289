package io.jangada.node;

import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A log in memory that can be told to fail, and can be damaged. */
final class MemoryStorage implements Storage {
    private final List<Entry> entries = new ArrayList<>();
    /** What damage has cut off the log, from behind one gap. */
    private final List<Entry> behindGap = new ArrayList<>();

    private Promised promised = Promised.NOTHING;
    private HardState hardState = HardState.INITIAL;
    private long baseIndex;
    private long baseTerm;
    boolean failSync;
    int syncs;

    @Override
    public synchronized LogState recovered() {
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
                baseIndex + entries.size(),
                baseTerm,
                terms,
                memberships,
                promised,
                salvage());
    }

    private List<Salvage> salvage() {
        if (behindGap.isEmpty()) {
            return List.of();
        }
        Entry first = behindGap.get(0);
        Entry last = behindGap.get(behindGap.size() - 1);
        // The tests damage logs within one term, without memberships.
        return List.of(new Salvage(
                first.index(), last.index(), List.of(new TermStart(first.index(), first.term())), List.of()));
    }

    /** This entry cannot be read any more: what is behind it is cut off the log. */
    synchronized void damage(long index) {
        List<Entry> from = entries.subList((int) (index - baseIndex - 1), entries.size());
        Entry last = from.get(from.size() - 1);
        LogPosition end = new LogPosition(last.index(), last.term());
        promised = new Promised(end, end);
        behindGap.addAll(from.subList(1, from.size()));
        from.clear();
    }

    @Override
    public synchronized void write(WriteBatch batch) {
        HardState state = batch.hardState();
        if (state != null) {
            hardState = state;
        }
        LogBase base = batch.base();
        if (base != null) {
            begin(base);
        }
        if (batch.truncates()) {
            entries.subList((int) (batch.truncateAfter() - baseIndex), entries.size())
                    .clear();
        }
        entries.addAll(batch.entries());
        Promised remembered = batch.promised();
        promised = remembered == null ? promised : remembered;
        if (batch.salvage() == WriteBatch.SalvageFate.ADOPT) {
            entries.addAll(behindGap);
        }
        if (batch.salvage() != WriteBatch.SalvageFate.KEEP) {
            behindGap.clear();
        }
    }

    private void begin(LogBase base) {
        if (base.reset()) {
            entries.clear();
        } else {
            entries.removeIf(entry -> entry.index() <= base.index());
        }
        baseIndex = base.index();
        baseTerm = base.term();
    }

    @Override
    public synchronized void sync() throws IOException {
        if (failSync) {
            throw new IOException("the disk is gone");
        }
        syncs++;
    }

    @Override
    public synchronized List<Entry> read(long fromIndex, long toIndex, int maxBytes) {
        if (!behindGap.isEmpty() && fromIndex >= behindGap.get(0).index()) {
            int at = (int) (fromIndex - behindGap.get(0).index());
            int end = (int) Math.min(behindGap.size(), at + toIndex - fromIndex + 1);
            return List.copyOf(behindGap.subList(at, end));
        }
        int from = (int) (fromIndex - baseIndex - 1);
        return from < 0 || from >= entries.size()
                ? List.of()
                : List.copyOf(entries.subList(from, (int) Math.min(toIndex - baseIndex, entries.size())));
    }

    @Override
    public void close() {}
}
