package io.jangada.core.step;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One piece of the ordered stream of writes: vote, term and log together, so that they cannot be reordered (trap 3).
 *
 * <p>Carried out in this order: the hard state if there is one; the log begins behind {@code base} if there is one; the log is cut after
 * {@code truncateAfter} unless that is {@link #KEEP_ALL}; the entries are appended. Entries are contiguous and follow the (cut) log.
 *
 * @param sequence counts up by one for each batch of a core's run, from 1
 * @param base entries up to this one may be forgotten, and with {@link LogBase#reset} all others are: the next entry follows it
 */
public record WriteBatch(
        long sequence,
        @Nullable HardState hardState,
        @Nullable LogBase base,
        long truncateAfter,
        List<Entry> entries) {
    /** The value of {@code truncateAfter} that cuts nothing. */
    public static final long KEEP_ALL = -1;

    public WriteBatch {
        entries = List.copyOf(entries);
    }

    /** A batch that leaves the beginning of the log where it is. */
    public WriteBatch(long sequence, @Nullable HardState hardState, long truncateAfter, List<Entry> entries) {
        this(sequence, hardState, null, truncateAfter, entries);
    }

    public boolean truncates() {
        return truncateAfter != KEEP_ALL;
    }
}
