package io.jangada.bench;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long the start of a node takes to read back a log of 1 GiB, from the disk: the memory of the operating system is emptied before, where that may be. */
final class RecoveryBench {
    private static final long LOG_BYTES = 1L << 30;
    private static final int BATCH = 64;
    private static final int STARTS = 5;
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(1), NodeId.of(1));

    private RecoveryBench() {}

    static void run(PrintStream out, String parent) throws IOException {
        System.setProperty(BenchFolder.PROPERTY, parent);
        Path folder = BenchFolder.begin();
        try {
            long entries = fill(folder);
            out.println();
            out.println("A start reads " + entries + " entries in 1 GiB of log from the disk" + emptyMemory() + ":");
            for (int start = 0; start < STARTS; start++) {
                emptyMemory();
                out.println(String.format(Locale.ROOT, "  %5.2f s", secondsToOpen(folder)));
            }
        } finally {
            BenchFolder.end(folder);
        }
    }

    private static long fill(Path folder) throws IOException {
        byte[] payload = new byte[LogBenchmark.ENTRY_BYTES];
        long index = 0;
        long bytes = 0;
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, LogOptions.DEFAULT)) {
            for (long sequence = 1; bytes < LOG_BYTES; sequence++) {
                List<Entry> batch = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    Entry entry = Entry.command(++index, 1, payload);
                    bytes += entry.weight();
                    batch.add(entry);
                }
                log.write(new WriteBatch(sequence, null, WriteBatch.KEEP_ALL, batch));
                if (sequence % BATCH == 0) {
                    log.sync();
                }
            }
            log.sync();
        }
        return index;
    }

    private static double secondsToOpen(Path folder) throws IOException {
        long begin = System.nanoTime();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, LogOptions.DEFAULT)) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (log.recovered().lastIndex() == 0) {
                throw new IOException("the log in " + folder + " came back empty");
            }
            return seconds;
        }
    }

    /** Only the administrator of a Linux machine may do this; says so where it may not be done. */
    private static String emptyMemory() {
        try {
            Files.write(DROP_CACHES, "1".getBytes(StandardCharsets.US_ASCII));
            return "";
        } catch (IOException e) {
            return " (or the file cache, which cannot be emptied here)";
        }
    }
}
