package io.jangada.bench;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A log as a node uses it, and the batches it is given; those are made outside of what is measured. */
@State(Scope.Thread)
public class MeasuredLog {
    private static final int BASE_EVERY_BYTES = 32 << 20;

    private final Path folder = BenchFolder.begin();
    private final SegmentedLog log = open(folder);
    private final byte[] payload = new byte[LogBenchmark.ENTRY_BYTES];
    private WriteBatch next = new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of());
    private long sequence;
    private long lastIndex;
    private long sinceBase;

    private static SegmentedLog open(Path folder) {
        try {
            return SegmentedLog.open(folder, new LogIdentity(new ClusterId(1), NodeId.of(1)), LogOptions.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the next batch; one that compacts lets go of old segments now and then, as a snapshot would. */
    void prepare(int size, boolean compacts) {
        long from = lastIndex + 1;
        List<Entry> entries = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            entries.add(Entry.command(++lastIndex, 1, payload));
        }
        sinceBase += (long) size * payload.length;
        boolean moves = compacts && sinceBase >= BASE_EVERY_BYTES && from > 1;
        sinceBase = moves ? 0 : sinceBase;
        next = new WriteBatch(
                ++sequence, null, moves ? new LogBase(from - 1, 1, false) : null, WriteBatch.KEEP_ALL, entries);
    }

    /** Appends what was prepared, and waits for the disk. */
    void append() throws IOException {
        log.write(next);
        log.sync();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        log.close();
        BenchFolder.end(folder);
    }
}
