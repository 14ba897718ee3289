package io.jangada.core;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;

/** A log as batches leave it: the entries that follow a base. */
final class LogImage {
    final List<Entry> entries = new ArrayList<>();
    final Losses losses = new Losses();
    private long baseIndex;
    private long baseTerm;

    void copyFrom(LogImage other) {
        baseIndex = other.baseIndex;
        baseTerm = other.baseTerm;
        entries.clear();
        entries.addAll(other.entries);
        losses.copyFrom(other.losses);
    }

    long baseIndex() {
        return baseIndex;
    }

    long lastIndex() {
        return baseIndex + entries.size();
    }

    LogPosition last() {
        return lastIndex() == 0 ? new LogPosition(0, 0) : new LogPosition(lastIndex(), termAt(lastIndex()));
    }

    boolean has(long index) {
        return index > baseIndex && index <= lastIndex();
    }

    Entry at(long index) {
        return entries.get((int) (index - baseIndex - 1));
    }

    long termAt(long index) {
        return index == baseIndex ? baseTerm : at(index).term();
    }

    void apply(WriteBatch write) {
        LogBase base = write.base();
        if (base != null) {
            moveTo(base);
        }
        if (write.truncates()) {
            losses.cut();
            if (write.truncateAfter() < baseIndex || write.truncateAfter() > lastIndex()) {
                throw new AssertionError(write + " cuts a log of " + baseIndex + ".." + lastIndex());
            }
            entries.subList((int) (write.truncateAfter() - baseIndex), entries.size())
                    .clear();
        }
        for (Entry entry : write.entries()) {
            if (entry.index() != lastIndex() + 1) {
                throw new AssertionError(entry + " does not follow " + lastIndex());
            }
            entries.add(entry);
        }
        losses.end(write, entries, lastIndex());
    }

    private void moveTo(LogBase base) {
        losses.begin(base);
        if (base.reset()) {
            entries.clear();
        } else if (base.index() > lastIndex() && !losses.salvage().isEmpty()) {
            entries.clear();
        } else {
            if (base.index() <= baseIndex || base.index() > lastIndex() || termAt(base.index()) != base.term()) {
                throw new AssertionError(base + " is not in a log of " + baseIndex + ".." + lastIndex());
            }
            entries.subList(0, (int) (base.index() - baseIndex)).clear();
        }
        baseIndex = base.index();
        baseTerm = base.term();
    }

    LogState state(HardState hardState) {
        return new LogState(
                hardState,
                baseIndex + 1,
                lastIndex(),
                baseTerm,
                CoreNode.termsOf(entries),
                CoreNode.membershipsOf(entries),
                losses.promised(),
                losses.salvage());
    }
}
