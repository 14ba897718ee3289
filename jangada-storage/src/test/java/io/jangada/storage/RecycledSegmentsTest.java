package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of segments that a log does not need any more become later ones, and what they held is never taken for what the log holds (trap 42). */
class RecycledSegmentsTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(64 << 10).withSpareSegments(2).deterministic(0x5eed);

    private final Path folder;

    RecycledSegmentsTest(@TempDir Path temporary) throws IOException {
        // What stands beside it is removed with it.
        this.folder = Files.createDirectory(temporary.resolve("log"));
    }

    @Test
    void aFewFilesAreKeptAndTheOthersDeleted() throws IOException {
        try (SegmentedLog log = open(OPTIONS)) {
            fill(log, 1, 400);
            assertThat(files(".spare")).isEmpty();
            compact(log, 399);
            assertThat(files(".spare")).hasSize(2);
            assertThat(files(".log")).hasSize(1);
            fill(log, 401, 520);
            assertThat(files(".spare"))
                    .as("two have become segments or the next one")
                    .hasSizeLessThan(2);
            compact(log, 519);
            assertThat(files(".spare")).hasSize(2);
        }
        try (SegmentedLog log = open(OPTIONS.withSpareSegments(1))) {
            assertThat(files(".spare")).hasSize(1);
            assertThat(log.read(520, 520, 1_000)).containsExactly(entry(520));
        }
        try (SegmentedLog log = open(OPTIONS.withSegmentBytes(32 << 10))) {
            assertThat(files(".spare")).as("of another size").isEmpty();
            assertThat(log.read(520, 520, 1_000)).containsExactly(entry(520));
        }
    }

    /** Wherever the log is cut off by damage, what comes then in the file is what an earlier segment had there: records, intact, in order. */
    @Test
    void whatTheFileHeldBeforeNeverFollows() throws IOException {
        try (SegmentedLog log = open(OPTIONS)) {
            fill(log, 1, 130);
            compact(log, 129);
            fill(log, 131, 250);
            compact(log, 249);
            fill(log, 251, 300);
        }
        Path last = files(".log").get(files(".log").size() - 1);
        byte[] whole = Files.readAllBytes(last);
        byte[] earlier = recordsOfAnEarlierLife(whole);
        for (int from = 8 << 10; from < whole.length; from += 520) {
            byte[] cut = whole.clone();
            System.arraycopy(earlier, from, cut, from, cut.length - from);
            Files.write(last, cut);
            Path copy = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-" + from));
            try (var all = Files.list(folder)) {
                for (Path file : all.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            try (SegmentedLog log = SegmentedLog.open(copy, OWNER, OPTIONS)) {
                long end = log.recovered().lastIndex();
                assertThat(end).isBetween(249L, 300L);
                for (Entry entry : log.read(250, end, Integer.MAX_VALUE)) {
                    assertThat(entry).isEqualTo(entry(entry.index()));
                }
            }
        }
    }

    /** The file as it would be if nothing of the last segment had been written into it behind the headers: full of another segment's records. */
    private byte[] recordsOfAnEarlierLife(byte[] whole) throws IOException {
        byte[] other = Files.readAllBytes(files(".log").get(0));
        byte[] earlier =
                Arrays.equals(other, whole) ? Files.readAllBytes(files(".spare").get(0)) : other;
        assertThat(new String(earlier, 8 << 10, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("JREC");
        return earlier;
    }

    private SegmentedLog open(LogOptions options) throws IOException {
        return SegmentedLog.open(folder, OWNER, options);
    }

    private static void fill(SegmentedLog log, long from, long to) throws IOException {
        for (long index = from; index <= to; index++) {
            log.write(new WriteBatch(index, null, WriteBatch.KEEP_ALL, List.of(entry(index))));
            log.sync();
        }
    }

    private static void compact(SegmentedLog log, long index) throws IOException {
        log.write(new WriteBatch(1, null, new LogBase(index, 1, false), WriteBatch.KEEP_ALL, List.of()));
        log.sync();
    }

    private static Entry entry(long index) {
        byte[] payload = new byte[800];
        Arrays.fill(payload, (byte) index);
        return Entry.command(index, 1, payload);
    }

    private List<Path> files(String end) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }
}
