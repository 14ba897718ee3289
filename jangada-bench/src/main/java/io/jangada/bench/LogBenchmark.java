package io.jangada.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Batches of entries of 256 bytes, each followed by a synchronisation: through the log, and as bare bytes, in turns. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LogBenchmark {
    static final int ENTRY_BYTES = 256;

    /** What an entry takes in the file besides its payload, and what a record of up to 64 KiB of entries does ({@code docs/log-format.md}). */
    private static final int ENTRY_HEADER_BYTES = 21;

    private static final int RECORD_HEADER_BYTES = 144;
    private static final int RECORD_BYTES = 64 << 10;

    /** How many entries there are in a batch. */
    @State(Scope.Thread)
    public static class Batch {
        @Param({"1", "64", "1024"})
        int size;

        /** What the log writes for such a batch, or a little less. */
        int fileBytes() {
            int body = size * (ENTRY_BYTES + ENTRY_HEADER_BYTES);
            return body + (body / RECORD_BYTES + 1) * RECORD_HEADER_BYTES;
        }
    }

    /** A log that only grows: every segment is a new file. */
    @State(Scope.Thread)
    public static class Growing extends MeasuredLog {
        @Setup(Level.Invocation)
        public void prepare(Batch batch) {
            prepare(batch.size, false);
        }
    }

    /** A log that is compacted: segments become free and are used again, if the log does that. */
    @State(Scope.Thread)
    public static class Compacted extends MeasuredLog {
        @Setup(Level.Invocation)
        public void prepare(Batch batch) {
            prepare(batch.size, true);
        }
    }

    @Benchmark
    public void fresh(Batch batch, BareFile file, Growing log, Turns turns) throws IOException {
        inTurns(batch, file, log, turns);
    }

    @Benchmark
    public void recycled(Batch batch, BareFile file, Compacted log, Turns turns) throws IOException {
        inTurns(batch, file, log, turns);
    }

    private static void inTurns(Batch batch, BareFile file, MeasuredLog log, Turns turns) throws IOException {
        long begin = System.nanoTime();
        file.write(batch.fileBytes());
        long between = System.nanoTime();
        log.append();
        turns.took(between - begin, System.nanoTime() - between);
    }
}
