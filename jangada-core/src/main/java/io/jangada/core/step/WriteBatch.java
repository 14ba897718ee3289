package io.jangada.core.step;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One piece of the ordered stream of writes: vote, term and log together, so that they cannot be reordered (trap 3).
 *
 * <p>Carried out in this order: the hard state if there is one; the log begins behind {@code base} if there is one; the log is cut after
 * {@code truncateAfter} unless that is {@link #KEEP_ALL}; the entries are appended. Entries are contiguous and follow the (cut) log.
 *
 * @param sequence counts up by one for each batch of a core's run, from 1
 * @param promised what the node may have acknowledged beyond its log, to be remembered until the log reaches it; null to leave that as it is
 * @param salvage what becomes of the intact entries behind a gap
 * @param base entries up to this one may be forgotten, and with {@link LogBase#reset} all others are: the next entry follows it
 */
public record WriteBatch(
        long sequence,
        @Nullable HardState hardState,
        @Nullable LogBase base,
        long truncateAfter,
        List<Entry> entries,
        @Nullable Promised promised,
        SalvageFate salvage) {
    /** What becomes of {@link Salvage} behind a gap. */
    public enum SalvageFate {
        /** It stays what it is; entries are appended before it. Always, when there is none. */
        KEEP,
        /**
         * The gap before the first part is filled: the log goes on with that part, up to the next gap. Filled by the base of the batch, so that its entries follow that part, or by its
         * entries.
         */
        ADOPT,
        /** Nothing of it is needed any more: the log ends with the last entry that was appended. */
        DROP
    }

    /** The value of {@code truncateAfter} that cuts nothing. */
    public static final long KEEP_ALL = -1;

    public WriteBatch {
        entries = List.copyOf(entries);
    }

    /** A batch of a log without damage. */
    public WriteBatch(
            long sequence,
            @Nullable HardState hardState,
            @Nullable LogBase base,
            long truncateAfter,
            List<Entry> entries) {
        this(sequence, hardState, base, truncateAfter, entries, null, SalvageFate.KEEP);
    }

    /** A batch that leaves the beginning of the log where it is. */
    public WriteBatch(long sequence, @Nullable HardState hardState, long truncateAfter, List<Entry> entries) {
        this(sequence, hardState, null, truncateAfter, entries);
    }

    public boolean truncates() {
        return truncateAfter != KEEP_ALL;
    }
}
