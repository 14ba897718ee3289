package io.jangada.testkit.check;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Salvage;
import io.jangada.core.step.WriteBatch;
import io.jangada.core.step.WriteBatch.SalvageFate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Hard state and log at one moment, with what is intact behind gaps of the log. */
final class MirrorImage {
    /** What follows a gap. */
    private record Island(long firstIndex, List<Slot> slots) {
        long lastIndex() {
            return firstIndex + slots.size() - 1;
        }
    }

    private HardState hardState = HardState.INITIAL;
    private long baseIndex;
    private long baseTerm;
    private final List<Slot> slots = new ArrayList<>();
    private final Deque<Island> islands = new ArrayDeque<>();
    /** Whether the base of the present batch has filled the first gap. */
    private boolean adopted;

    /** What a log holds, with these entries; those of the salvage are in the order of its parts. */
    static MirrorImage of(LogState state, List<Entry> log, List<Entry> salvage) {
        MirrorImage image = new MirrorImage();
        image.hardState = state.hardState();
        image.baseIndex = state.firstIndex() - 1;
        image.baseTerm = state.prevTerm();
        log.forEach(entry -> image.slots.add(Slot.of(entry)));
        int at = 0;
        for (Salvage part : state.salvage()) {
            int length = (int) (part.lastIndex() - part.firstIndex() + 1);
            List<Slot> intact =
                    salvage.subList(at, at + length).stream().map(Slot::of).toList();
            image.islands.add(new Island(part.firstIndex(), intact));
            at += length;
        }
        return image;
    }

    HardState hardState() {
        return hardState;
    }

    long base() {
        return baseIndex;
    }

    long baseTerm() {
        return baseTerm;
    }

    long last() {
        return baseIndex + slots.size();
    }

    LogPosition lastPosition() {
        return position(last());
    }

    /** The position of this index, which is from the base to the last. */
    LogPosition position(long index) {
        return new LogPosition(
                index, index == baseIndex ? baseTerm : slot(index).term());
    }

    boolean holds(long index) {
        return index > baseIndex && index <= last();
    }

    Slot slot(long index) {
        return slots.get((int) (index - baseIndex) - 1);
    }

    /** Whether the log may begin behind this entry: it is in the log, or there is a gap in which or behind which it lies. */
    boolean canBeginBehind(long index) {
        return index <= last() || !islands.isEmpty();
    }

    void apply(WriteBatch batch) {
        hardState(batch);
        begin(batch);
        truncate(batch);
        batch.entries().forEach(this::append);
        settle(batch);
    }

    void hardState(WriteBatch batch) {
        HardState next = batch.hardState();
        if (next != null) {
            hardState = next;
        }
    }

    void begin(WriteBatch batch) {
        adopted = false;
        LogBase base = batch.base();
        if (base == null) {
            return;
        }
        if (base.reset()) {
            slots.clear();
            islands.clear();
        } else if (base.index() > last()) {
            slots.clear();
            forgetIslandsUpTo(base.index());
        } else if (base.index() > baseIndex) {
            slots.subList(0, (int) (base.index() - baseIndex)).clear();
        }
        baseIndex = base.index();
        baseTerm = base.term();
        if (batch.salvage() == SalvageFate.ADOPT && joinsFirstIsland()) {
            adopt();
        }
    }

    private boolean joinsFirstIsland() {
        Island next = islands.peekFirst();
        return next != null && next.firstIndex() == last() + 1;
    }

    private void adopt() {
        slots.addAll(islands.removeFirst().slots());
        adopted = true;
    }

    /** The log begins in a gap or behind one, and is empty until what follows there is adopted. */
    private void forgetIslandsUpTo(long index) {
        while (!islands.isEmpty() && islands.getFirst().lastIndex() <= index) {
            islands.removeFirst();
        }
        Island next = islands.peekFirst();
        if (next != null && next.firstIndex() <= index) {
            islands.removeFirst();
            int gone = (int) (index + 1 - next.firstIndex());
            islands.addFirst(new Island(
                    index + 1, next.slots().subList(gone, next.slots().size())));
        }
    }

    void truncate(WriteBatch batch) {
        if (batch.truncates()) {
            islands.clear();
            if (batch.truncateAfter() < last()) {
                slots.subList((int) (batch.truncateAfter() - baseIndex), slots.size())
                        .clear();
            }
        }
    }

    void append(Entry entry) {
        slots.add(Slot.of(entry));
    }

    /** What becomes of what is behind the first gap, after everything else. */
    void settle(WriteBatch batch) {
        if (batch.salvage() == SalvageFate.DROP) {
            islands.clear();
        } else if (batch.salvage() == SalvageFate.ADOPT && !adopted) {
            adopt();
        }
    }

    /** What would keep this batch from adopting what is behind the first gap; empty if nothing. */
    String adoptionFault(WriteBatch batch) {
        if (batch.salvage() != SalvageFate.ADOPT || adopted || joinsFirstIsland()) {
            return "";
        }
        Island next = islands.peekFirst();
        return "adopts what is behind a gap, but there is " + (next == null ? "none" : next.firstIndex() + "..")
                + " behind " + last();
    }

    MirrorImage copy() {
        MirrorImage copy = new MirrorImage();
        copy.hardState = hardState;
        copy.baseIndex = baseIndex;
        copy.baseTerm = baseTerm;
        copy.adopted = adopted;
        copy.slots.addAll(slots);
        copy.islands.addAll(islands);
        return copy;
    }

    /** Whether the two agree on all entries that both hold. */
    boolean agreesWith(MirrorImage other) {
        long from = Math.max(baseIndex, other.baseIndex) + 1;
        long to = Math.min(last(), other.last());
        return from > to
                || slots.subList((int) (from - baseIndex - 1), (int) (to - baseIndex))
                        .equals(other.slots.subList((int) (from - other.baseIndex - 1), (int) (to - other.baseIndex)));
    }

    /** What is in the log and behind its gaps, by index. */
    Map<Long, Slot> everything() {
        Map<Long, Slot> all = new TreeMap<>();
        for (Slot slot : slots) {
            all.put(baseIndex + all.size() + 1, slot);
        }
        for (Island island : islands) {
            for (long index = island.firstIndex(); index <= island.lastIndex(); index++) {
                all.put(index, island.slots().get((int) (index - island.firstIndex())));
            }
        }
        return all;
    }

    /** The first entry behind a gap that none of these logs holds, nor is among these that were not seen at an earlier start; null if there is none. */
    @Nullable
    String strangerIn(List<MirrorImage> others, Map<Long, Slot> unseen) {
        for (Island island : islands) {
            for (long index = island.firstIndex(); index <= island.lastIndex(); index++) {
                Slot slot = island.slots().get((int) (index - island.firstIndex()));
                long at = index;
                if (!slot.equals(unseen.get(at)) && others.stream().noneMatch(other -> other.knows(at, slot))) {
                    return "entry " + index + " (" + slot + ")";
                }
            }
        }
        return null;
    }

    private boolean knows(long index, Slot slot) {
        if (holds(index)) {
            return slot(index).equals(slot);
        }
        return index <= baseIndex
                || islands.stream()
                        .anyMatch(island -> island.firstIndex() <= index
                                && index <= island.lastIndex()
                                && island.slots()
                                        .get((int) (index - island.firstIndex()))
                                        .equals(slot));
    }

    @Override
    public String toString() {
        String end = slots.isEmpty() ? "" : ", the last of " + slots.get(slots.size() - 1);
        StringBuilder behind = new StringBuilder();
        islands.forEach(island -> behind.append(", behind a gap ")
                .append(island.firstIndex())
                .append("..")
                .append(island.lastIndex()));
        return "[term " + hardState.term() + ", vote " + hardState.votedFor() + ", entries " + (baseIndex + 1) + ".."
                + last() + end + behind + "]";
    }
}
