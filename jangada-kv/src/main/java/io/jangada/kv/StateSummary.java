package io.jangada.kv;

import io.jangada.kv.mvcc.Meta;
import io.jangada.kv.mvcc.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a snapshot of a store holds, read from it without a store.
 *
 * @param appliedIndex the last entry of the log that has changed it
 * @param appliedTerm the term of the last command in it
 * @param revision the number of the last change
 * @param compactRevision reads before it are refused; −1 before the first compaction
 * @param keys how many keys have a value
 */
public record StateSummary(long appliedIndex, long appliedTerm, long revision, long compactRevision, long keys) {

    /** Reads the stream to its end, and throws {@link IOException} with what is wrong if a store could not be filled from it. */
    public static StateSummary read(InputStream state) throws IOException {
        SnapshotReader.Contents contents = SnapshotReader.check(state);
        Meta meta = contents.meta();
        return new StateSummary(
                meta.appliedIndex(), meta.appliedTerm(), meta.revision(), meta.compactRevision(), contents.keys());
    }
}
