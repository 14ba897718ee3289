package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log in a folder of the file system. */
@Timeout(60)
class SegmentedLogTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
    private static final LogOptions SMALL = LogOptions.DEFAULT.withSegmentBytes(64 << 10);

    private final Path folder;

    SegmentedLogTest(@TempDir Path temporary) throws IOException {
        // What stands beside it is removed with it.
        this.folder = Files.createDirectory(temporary.resolve("log"));
    }

    @Test
    void aNewFolderHoldsAnEmptyLog() throws IOException {
        Path deep = folder.resolve("a").resolve("b");
        try (SegmentedLog log = SegmentedLog.open(deep, OWNER, SMALL)) {
            assertThat(log.recovered().hardState()).isEqualTo(HardState.INITIAL);
            assertThat(log.recovered().lastIndex()).isZero();
            assertThat(log.read(1, 10, 100)).isEmpty();
            assertThat(log.read(0, 10, 100)).isEmpty();
        }
        assertThat(deep).isDirectoryContaining(path -> path.endsWith("IDENTITY"));
    }

    @Test
    void batchesThatShareASynchronisationComeBackInOrder() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(new WriteBatch(1, new HardState(1, NodeId.of(7)), WriteBatch.KEEP_ALL, List.of()));
            log.write(entries(2, 1, 1, 5));
            log.write(new WriteBatch(3, new HardState(2, NodeId.NONE), 3, List.of(entry(4, 2), entry(5, 2))));
            log.sync();
            log.sync();
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().hardState()).isEqualTo(new HardState(2, NodeId.NONE));
            assertThat(log.recovered().terms()).containsExactly(new TermStart(1, 1), new TermStart(4, 2));
            assertThat(log.read(1, 5, 1 << 20))
                    .containsExactly(entry(1, 1), entry(2, 1), entry(3, 1), entry(4, 2), entry(5, 2));
        }
    }

    @Test
    void segmentsFollowOneAnotherAndAreReadAcross() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            for (int i = 0; i < 300; i++) {
                log.write(entries(i + 1, 1 + i * 10L, 1 + i / 100, 10));
                if (i % 7 == 0) {
                    log.sync();
                }
                assertThat(log.read(1 + i * 10L, 10 + i * 10L, 1 << 20)).hasSize(10);
            }
            log.sync();
            requireAll(log, 3_000);
        }
        assertThat(logFiles()).hasSizeGreaterThan(4);
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().terms())
                    .containsExactly(new TermStart(1, 1), new TermStart(1001, 2), new TermStart(2001, 3));
            requireAll(log, 3_000);
        }
    }

    private static void requireAll(SegmentedLog log, int last) throws IOException {
        List<Entry> all = new ArrayList<>();
        while (all.size() < last) {
            List<Entry> some = log.read(all.size() + 1L, last, 9_999);
            assertThat(some).isNotEmpty();
            assertThat(some.stream().mapToInt(entry -> entry.payload().length).sum())
                    .isLessThanOrEqualTo(9_999);
            all.addAll(some);
        }
        for (int i = 0; i < last; i++) {
            assertThat(all.get(i)).isEqualTo(entry(i + 1L, 1 + i / 1000));
        }
    }

    @Test
    void anEntryLargerThanASegmentGetsOneOfItsOwn() throws IOException {
        Entry large = Entry.command(2, 1, new byte[5 << 20]);
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(entry(1, 1), large, entry(3, 1))));
            assertThat(log.read(2, 2, 0)).containsExactly(large);
            log.sync();
            assertThat(log.read(1, 3, 1_000)).containsExactly(entry(1, 1));
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.read(2, 3, Integer.MAX_VALUE)).containsExactly(large, entry(3, 1));
        }
    }

    @Test
    void whatWasNotSynchronisedIsDroppedByClose() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(entries(1, 1, 1, 2));
            log.sync();
            log.write(entries(2, 3, 1, 2));
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(2);
        }
    }

    @Test
    void aBatchThatDoesNotFollowIsABugAndPoisons() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(entries(1, 1, 2, 2));
            assertThatThrownBy(() -> log.write(entries(2, 4, 2, 1))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(log::sync).isInstanceOf(IOException.class).hasMessageContaining("failed before");
        }
    }

    @Test
    void hardStateNeverGoesBack() throws IOException {
        HardState voted = new HardState(5, NodeId.of(1));
        for (HardState bad : List.of(new HardState(4, NodeId.NONE), new HardState(5, NodeId.of(2)))) {
            try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
                log.write(new WriteBatch(1, voted, WriteBatch.KEEP_ALL, List.of()));
                assertThatThrownBy(() -> log.write(new WriteBatch(2, bad, WriteBatch.KEEP_ALL, List.of())))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("hard state");
            }
        }
    }

    @Test
    void aFolderInUseIsRefused() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThatThrownBy(() -> SegmentedLog.open(folder, OWNER, SMALL))
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining(folder.toRealPath().toString())
                    .hasMessageContaining("this process");
            log.write(entries(1, 1, 1, 1));
            log.sync();
        }
        SegmentedLog.open(folder, OWNER, SMALL).close();
    }

    @Test
    void aFolderInUseByAnotherProcessIsRefused() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LogHolder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> SegmentedLog.open(folder, OWNER, SMALL))
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining("process " + other.pid());
            other.outputWriter().close();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            SegmentedLog.open(folder, OWNER, SMALL).close();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void theFolderOfAnotherNodeOrClusterIsRefused() throws IOException {
        SegmentedLog.open(folder, OWNER, SMALL).close();
        for (LogIdentity other : List.of(
                new LogIdentity(OWNER.cluster(), NodeId.of(8)), new LogIdentity(new ClusterId(2), OWNER.node()))) {
            assertThatThrownBy(() -> SegmentedLog.open(folder, other, SMALL))
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining(OWNER.toString())
                    .hasMessageContaining(other.toString());
        }
    }

    @Test
    void aFolderOfSomethingElseIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "chapter 1");
        assertThatThrownBy(() -> SegmentedLog.open(folder, OWNER, SMALL))
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("thesis.txt");
        assertThat(folder).isDirectoryNotContaining(path -> !path.endsWith("thesis.txt"));
        assertThatThrownBy(() -> SegmentedLog.open(folder.resolve("thesis.txt"), OWNER, SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a folder");
    }

    /** The last one is named by the end of the one before it, but nothing names what was in it; any other leaves a gap. */
    @Test
    void aMissingSegmentIsAGapAndTheLastIsRefused() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            for (int i = 0; i < 300; i++) {
                log.write(entries(i + 1, 1 + i * 10L, 1, 10));
                log.sync();
            }
        }
        List<Path> files = logFiles();
        String lastName = files.get(files.size() - 1).getFileName().toString();
        for (int missing = 0; missing < files.size(); missing++) {
            Path copy = copyWithout(files.get(missing));
            if (missing == files.size() - 1) {
                assertThatThrownBy(() -> SegmentedLog.open(copy, OWNER, SMALL))
                        .isInstanceOf(CorruptLogException.class)
                        .hasMessageContaining(lastName)
                        .hasMessageContaining("missing");
                continue;
            }
            try (SegmentedLog log = SegmentedLog.open(copy, OWNER, SMALL)) {
                LogState state = log.recovered();
                Salvage salvage = state.salvage().get(0);
                assertThat(state.salvage()).hasSize(1);
                assertThat(salvage.lastIndex()).isEqualTo(3_000);
                assertThat(salvage.firstIndex() - state.lastIndex()).isGreaterThan(300);
                assertThat(state.promised().possible()).isEqualTo(new LogPosition(3_000, 1));
                assertThat(state.promised().certain().index()).isGreaterThanOrEqualTo(2_990);
                assertThat(log.read(state.lastIndex() + 1, 3_000, 1 << 20)).isEmpty();
                assertThat(log.read(salvage.firstIndex(), 3_000, Integer.MAX_VALUE))
                        .hasSize((int) (3_000 - salvage.firstIndex() + 1));
            }
        }
    }

    private Path copyWithout(Path missing) throws IOException {
        Path copy = Files.createDirectory(
                folder.resolveSibling(folder.getFileName() + "-without-" + missing.getFileName()));
        try (var all = Files.list(folder)) {
            for (Path file : all.filter(each -> !each.equals(missing)).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void aDamagedMiddleIsAGapAndSeenByAReaderToo() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            for (int i = 0; i < 4; i++) {
                log.write(entries(i + 1, 1 + 3L * i, 1, 3));
                log.sync();
            }
            Path file = logFiles().get(0);
            byte[] bytes = Files.readAllBytes(file);
            bytes[8192 + 144 + 30] ^= 1;
            Files.write(file, bytes);
            assertThatThrownBy(() -> log.read(1, 6, 1_000))
                    .isInstanceOfSatisfying(CorruptLogException.class, e -> assertThat(e.offset())
                            .isEqualTo(8192))
                    .hasMessageContaining("0000000000000001.log")
                    .hasMessageContaining("at offset 8192")
                    .hasMessageContaining("checksum of a record body");
        }
        for (int round = 0; round < 2; round++) {
            try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
                assertThat(log.recovered())
                        .isEqualTo(new LogState(
                                HardState.INITIAL,
                                1,
                                0,
                                0,
                                List.of(),
                                List.of(),
                                new Promised(new LogPosition(9, 1), new LogPosition(12, 1)),
                                List.of(new Salvage(4, 12, List.of(new TermStart(4, 1)), List.of()))));
                assertThat(log.read(4, 12, Integer.MAX_VALUE)).hasSize(9);
                assertThat(log.read(1, 12, Integer.MAX_VALUE)).isEmpty();
            }
        }
    }

    /** What a peer has sent fills the gap, and what is behind it is the log again; so it stays after restarts. */
    @Test
    void aGapIsFilledAndTheSalvageAdopted() throws IOException {
        aDamagedMiddleIsAGapAndSeenByAReaderToo();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(entries(1, 1, 1, 2));
            log.sync();
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(2);
            assertThat(log.recovered().salvage()).hasSize(1);
            WriteBatch early =
                    new WriteBatch(1, null, null, WriteBatch.KEEP_ALL, List.of(), null, WriteBatch.SalvageFate.ADOPT);
            assertThatThrownBy(() -> log.write(early))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ends with entry 2")
                    .hasMessageContaining("from entry 4 on");
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, List.of(entry(3, 1)), null, WriteBatch.SalvageFate.ADOPT));
            log.write(entries(2, 13, 2, 5));
            requireWhole(log);
            log.sync();
            requireWhole(log);
        }
        for (int round = 0; round < 2; round++) {
            try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
                assertThat(log.recovered())
                        .isEqualTo(new LogState(
                                HardState.INITIAL, 1, 17, List.of(new TermStart(1, 1), new TermStart(13, 2))));
                requireWhole(log);
            }
        }
    }

    private static void requireWhole(SegmentedLog log) throws IOException {
        List<Entry> entries = log.read(1, 17, Integer.MAX_VALUE);
        assertThat(entries).hasSize(17);
        for (Entry entry : entries) {
            assertThat(entry).isEqualTo(entry(entry.index(), entry.index() < 13 ? 1 : 2));
        }
    }

    /** Records 3 and 6 of eight are damaged, in one place the fill is durable and what adopts is not: each gap is filled by itself. */
    @Test
    void gapsAreFilledOneAfterTheOther() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            for (int i = 1; i <= 8; i++) {
                log.write(new WriteBatch(i, null, WriteBatch.KEEP_ALL, List.of(entry(i, 1))));
                log.sync();
            }
        }
        Path file = logFiles().get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[8192 + 2 * 168 + 100] ^= 1;
        bytes[8192 + 5 * 176 - 8 * 3 + 100] ^= 1;
        Files.write(file, bytes);
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(2);
            assertThat(log.recovered().salvage())
                    .extracting(Salvage::firstIndex, Salvage::lastIndex)
                    .containsExactly(tuple(4L, 5L), tuple(7L, 8L));
            log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(entry(3, 1))));
            log.sync();
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(3);
            assertThat(log.recovered().salvage().get(0).firstIndex())
                    .as("a gap before it, as nobody has said that the log goes on with it")
                    .isEqualTo(5);
            log.write(adopting(entry(4, 1)));
            assertThat(log.read(1, 8, 1_000)).hasSize(5);
            log.sync();
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().lastIndex()).isEqualTo(5);
            assertThat(log.recovered().salvage()).hasSize(1);
            log.write(adopting(entry(6, 1)));
            log.sync();
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered()).isEqualTo(new LogState(HardState.INITIAL, 1, 8, List.of(new TermStart(1, 1))));
            assertThat(log.read(1, 8, 10_000))
                    .isEqualTo(LongStream.rangeClosed(1, 8)
                            .mapToObj(index -> entry(index, 1))
                            .toList());
        }
    }

    /** A snapshot covers the gap, and the entries of the same batch follow what is intact behind it. */
    @Test
    void entriesFollowWhatTheBaseOfTheirBatchHasAdopted() throws IOException {
        aDamagedMiddleIsAGapAndSeenByAReaderToo();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered().salvage())
                    .extracting(Salvage::firstIndex, Salvage::lastIndex)
                    .containsExactly(tuple(4L, 12L));
            log.write(new WriteBatch(
                    1,
                    null,
                    new LogBase(6, 1, false),
                    WriteBatch.KEEP_ALL,
                    List.of(entry(13, 1), entry(14, 1)),
                    null,
                    WriteBatch.SalvageFate.ADOPT));
            log.sync();
            assertThat(log.read(7, 14, Integer.MAX_VALUE)).hasSize(8);
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered())
                    .isEqualTo(new LogState(HardState.INITIAL, 7, 14, 1, List.of(new TermStart(7, 1)), List.of()));
            assertThat(log.read(7, 14, Integer.MAX_VALUE))
                    .isEqualTo(LongStream.rangeClosed(7, 14)
                            .mapToObj(index -> entry(index, 1))
                            .toList());
        }
    }

    private static WriteBatch adopting(Entry entry) {
        return new WriteBatch(1, null, null, WriteBatch.KEEP_ALL, List.of(entry), null, WriteBatch.SalvageFate.ADOPT);
    }

    @Test
    void entriesThatAreWrittenOverTheSalvageDropIt() throws IOException {
        aDamagedMiddleIsAGapAndSeenByAReaderToo();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(entries(1, 1, 2, 5));
            log.sync();
            assertThat(log.read(1, 20, Integer.MAX_VALUE)).hasSize(5);
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered()).isEqualTo(new LogState(HardState.INITIAL, 1, 5, List.of(new TermStart(1, 2))));
        }
    }

    @Test
    void droppedSalvageIsGoneAndItsPlaceTakenByOthers() throws IOException {
        aDamagedMiddleIsAGapAndSeenByAReaderToo();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            log.write(new WriteBatch(
                    1,
                    null,
                    null,
                    WriteBatch.KEEP_ALL,
                    entries(1, 1, 3, 8).entries(),
                    Promised.NOTHING,
                    WriteBatch.SalvageFate.DROP));
            log.sync();
            assertThat(log.read(1, 20, Integer.MAX_VALUE)).hasSize(8);
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            assertThat(log.recovered()).isEqualTo(new LogState(HardState.INITIAL, 1, 8, List.of(new TermStart(1, 3))));
            assertThat(log.read(1, 20, Integer.MAX_VALUE)).hasSize(8);
        }
    }

    /** Readers beside a writer who cuts now and then: whatever they get is a piece of the log as it was at one moment. */
    @Test
    void readersBesideTheWriterSeeContiguousPieces() throws Exception {
        AtomicLong last = new AtomicLong();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, SMALL)) {
            List<CompletableFuture<Long>> readers = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                readers.add(CompletableFuture.supplyAsync(() -> readUntil(log, last, 20_000)));
            }
            long index = 0;
            for (int i = 0; index < 20_000; i++) {
                long term = 1 + i / 40L;
                boolean cut = i % 40 == 0 && index > 30;
                index -= cut ? 15 : 0;
                long from = index + 1;
                List<Entry> entries = new ArrayList<>();
                for (int k = 0; k < 30; k++) {
                    entries.add(stamped(++index, term));
                }
                log.write(new WriteBatch(i + 1, null, cut ? from - 1 : WriteBatch.KEEP_ALL, entries));
                if (i % 3 == 0) {
                    log.sync();
                }
                last.set(index);
            }
            for (CompletableFuture<Long> reader : readers) {
                assertThat(reader.get(50, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    private static long readUntil(SegmentedLog log, AtomicLong last, long end) {
        long reads = 0;
        try {
            for (long known = 0; known < end; known = last.get()) {
                long from = Math.max(1, known - (reads % 400));
                List<Entry> entries = log.read(from, from + 500, 20_000);
                for (int i = 0; i < entries.size(); i++) {
                    Entry entry = entries.get(i);
                    assertThat(entry).isEqualTo(stamped(from + i, entry.term()));
                    assertThat(i == 0 || entries.get(i - 1).term() <= entry.term())
                            .isTrue();
                }
                reads++;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return reads;
    }

    private static Entry stamped(long index, long term) {
        return Entry.command(
                index,
                term,
                ByteBuffer.allocate(100).putLong(index).putLong(term).array());
    }

    private List<Path> logFiles() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static WriteBatch entries(long sequence, long from, long term, int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry(from + i, term));
        }
        return new WriteBatch(sequence, null, WriteBatch.KEEP_ALL, entries);
    }

    private static Entry entry(long index, long term) {
        return Entry.command(index, term, new byte[(int) (index % 173)]);
    }
}
