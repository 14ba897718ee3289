package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The beginning of a log: compaction and reset; the memberships in it; the number of its folder. */
@Timeout(60)
class CompactionTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
    private static final LogOptions SMALL =
            LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0x5eed);
    private static final Membership ONE = Membership.ofVoters(NodeId.of(1));
    private static final Membership TWO = Membership.ofVoters(NodeId.of(1), NodeId.of(2));

    private final Path folder;

    CompactionTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aCompactedLogBeginsBehindItsBaseAndItsFilesGo() throws IOException {
        try (SegmentedLog log = open()) {
            fill(log, 1, 1_000);
            int before = logFiles().size();
            log.write(base(600, 6, false));
            assertThat(logFiles()).as("not durable yet").hasSize(before);
            assertThat(log.read(600, 700, 1_000)).isEmpty();
            log.sync();
            assertThat(logFiles().size()).isLessThan(before / 2 + 1);
            requireEntries(log, 601, 1_000);
        }
        try (SegmentedLog log = open()) {
            LogState state = log.recovered();
            assertThat(state.firstIndex()).isEqualTo(601);
            assertThat(state.prevTerm()).isEqualTo(6);
            assertThat(state.terms().get(0)).isEqualTo(new TermStart(601, 7));
            assertThat(log.read(1, 1_000, 100)).isEmpty();
            requireEntries(log, 601, 1_000);
            log.write(base(1_000, 10, false));
            log.write(entries(1_001, 1_010));
            log.sync();
            requireEntries(log, 1_001, 1_010);
            assertThat(logFiles()).hasSizeLessThanOrEqualTo(2);
        }
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().firstIndex()).isEqualTo(1_001);
            requireEntries(log, 1_001, 1_010);
        }
    }

    @Test
    void aLogThatEndsAtItsBaseIsEmptyAndKnowsItsTerm() throws IOException {
        try (SegmentedLog log = open()) {
            fill(log, 1, 150);
            log.write(base(150, 2, false));
            log.sync();
        }
        try (SegmentedLog log = open()) {
            assertThat(log.recovered()).isEqualTo(new LogState(HardState.INITIAL, 151, 150, 2, List.of(), List.of()));
            assertThatThrownBy(() -> log.write(new WriteBatch(1, null, -1, List.of(Entry.noOp(151, 1)))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("entry 151 of term 2");
        }
    }

    /** All entries are cut in a later segment; the earlier ones go, and with them the last entry whose term could be looked at. */
    @Test
    void aLogCutBackToItsBaseKnowsItsTermWithoutTheOldSegments() throws IOException {
        try (SegmentedLog log = open()) {
            fill(log, 1, 300);
            log.write(base(120, 2, false));
            fill(log, 301, 600);
            log.write(new WriteBatch(3, null, 120, List.of()));
            log.sync();
        }
        for (int round = 0; round < 2; round++) {
            try (SegmentedLog log = open()) {
                assertThat(log.recovered())
                        .isEqualTo(new LogState(HardState.INITIAL, 121, 120, 2, List.of(), List.of()));
                log.sync();
            }
            assertThat(logFiles()).hasSize(1);
        }
        try (SegmentedLog log = open()) {
            assertThatThrownBy(() -> log.write(new WriteBatch(1, null, -1, List.of(Entry.noOp(121, 1)))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("entry 121 of term 2");
        }
    }

    @Test
    void aResetLogIsEmptyBehindItsBase() throws IOException {
        for (long index : List.of(400L, 5_000L)) {
            Path here = folder.resolve("reset-" + index);
            try (SegmentedLog log = SegmentedLog.open(here, OWNER, SMALL)) {
                fill(log, 1, 1_000);
                log.write(base(index, 77, true));
                assertThat(log.read(401, 1_000, 1_000)).isEmpty();
                log.write(new WriteBatch(1, null, -1, List.of(Entry.noOp(index + 1, 77))));
                log.sync();
            }
            try (SegmentedLog log = SegmentedLog.open(here, OWNER, SMALL)) {
                assertThat(log.recovered())
                        .isEqualTo(new LogState(
                                HardState.INITIAL,
                                index + 1,
                                index + 1,
                                77,
                                List.of(new TermStart(index + 1, 77)),
                                List.of()));
                assertThat(log.read(index + 1, index + 9, 100)).containsExactly(Entry.noOp(index + 1, 77));
            }
        }
    }

    /** Its snapshot was lost, and a leader sends what it had compacted: from the first entry on, or behind an older base. */
    @Test
    void aLogMayBeginAnewBeforeItsBase() throws IOException {
        for (LogBase earlier : List.of(new LogBase(0, 0, true), new LogBase(120, 2, true))) {
            Path here = folder.resolve("earlier-" + earlier.index());
            long first = earlier.index() + 1;
            try (SegmentedLog log = SegmentedLog.open(here, OWNER, SMALL)) {
                fill(log, 1, 1_000);
                log.write(base(600, 6, false));
                log.sync();
                log.write(new WriteBatch(2, null, earlier, WriteBatch.KEEP_ALL, List.of(Entry.noOp(first, 11))));
                log.write(new WriteBatch(3, null, -1, List.of(Entry.noOp(first + 1, 11))));
                log.sync();
            }
            for (int round = 0; round < 2; round++) {
                try (SegmentedLog log = SegmentedLog.open(here, OWNER, SMALL)) {
                    assertThat(log.recovered())
                            .isEqualTo(new LogState(
                                    HardState.INITIAL,
                                    first,
                                    first + 1,
                                    earlier.term(),
                                    List.of(new TermStart(first, 11)),
                                    List.of()));
                    assertThat(log.read(first, first + 1, 1_000))
                            .containsExactly(Entry.noOp(first, 11), Entry.noOp(first + 1, 11));
                }
            }
        }
    }

    @Test
    void oneBatchMayResetVoteAndAppend() throws IOException {
        HardState state = new HardState(9, NodeId.of(3));
        List<Entry> entries = List.of(Entry.membership(51, 9, TWO), Entry.noOp(52, 9));
        try (SegmentedLog log = open()) {
            fill(log, 1, 40);
            log.write(new WriteBatch(1, state, new LogBase(50, 8, true), 50, entries));
            log.sync();
        }
        try (SegmentedLog log = open()) {
            assertThat(log.recovered())
                    .isEqualTo(new LogState(
                            state, 51, 52, 8, List.of(new TermStart(51, 9)), List.of(new MembershipAt(51, TWO))));
            assertThat(log.read(51, 52, 1_000)).isEqualTo(entries);
        }
    }

    @Test
    void aBaseThatDoesNotFitIsABug() throws IOException {
        for (LogBase bad : List.of(new LogBase(301, 3, false), new LogBase(150, 1, false), new LogBase(99, 1, false))) {
            Path here = folder.resolve("bad-" + bad.index() + bad.term() + bad.reset());
            try (SegmentedLog log = SegmentedLog.open(here, OWNER, SMALL)) {
                fill(log, 1, 300);
                log.write(base(100, 1, false));
                assertThatThrownBy(() -> log.write(new WriteBatch(2, null, bad, WriteBatch.KEEP_ALL, List.of())))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("begins behind 100@1 and ends with 300@3");
            }
        }
        try (SegmentedLog log = SegmentedLog.open(folder.resolve("cut"), OWNER, SMALL)) {
            fill(log, 1, 300);
            log.write(base(100, 1, false));
            assertThatThrownBy(() -> log.write(new WriteBatch(2, null, 99, List.of())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("it holds 101..300");
        }
    }

    /** Of a compacted log, a file that it still needs is missed as before: the last is refused, another leaves a gap, the first one behind the base. */
    @Test
    void aMissingSegmentOfACompactedLogIsMissed(@TempDir Path copies) throws IOException {
        try (SegmentedLog log = open()) {
            fill(log, 1, 1_000);
            log.write(base(400, 4, false));
            log.sync();
        }
        List<Path> files = logFiles();
        assertThat(files).hasSizeGreaterThan(3);
        for (Path file : files) {
            Path copy = Files.createDirectory(copies.resolve(file.getFileName()));
            try (var all = Files.list(folder)) {
                for (Path each : all.filter(other -> !other.equals(file)).toList()) {
                    Files.copy(each, copy.resolve(each.getFileName()));
                }
            }
            if (file.equals(files.get(files.size() - 1))) {
                assertThatThrownBy(() -> SegmentedLog.open(copy, OWNER, SMALL))
                        .isInstanceOf(CorruptLogException.class)
                        .hasMessageContaining(file.getFileName().toString())
                        .hasMessageContaining("missing");
                continue;
            }
            try (SegmentedLog log = SegmentedLog.open(copy, OWNER, SMALL)) {
                LogState state = log.recovered();
                assertThat(state.firstIndex()).isEqualTo(401);
                assertThat(state.lastIndex() == 400).isEqualTo(file.equals(files.get(0)));
                assertThat(state.salvage()).hasSize(1);
                assertThat(state.salvage().get(0).last()).isEqualTo(new LogPosition(1_000, 10));
                assertThat(state.promised().possible()).isEqualTo(new LogPosition(1_000, 10));
            }
        }
        open().close();
    }

    /** A crash in the middle of a deletion leaves some of the files, in any combination. */
    @Test
    void leftoversOfACompactionAreDeleted(@TempDir Path copies) throws IOException {
        List<Path> old;
        try (SegmentedLog log = open()) {
            fill(log, 1, 1_000);
            old = logFiles();
            for (Path file : old) {
                Files.copy(file, copies.resolve(file.getFileName()));
            }
            log.write(base(800, 8, false));
            log.sync();
        }
        List<Path> needed = logFiles();
        List<Path> gone = old.stream().filter(file -> !needed.contains(file)).toList();
        assertThat(gone).hasSizeGreaterThan(3);
        for (Path file : List.of(gone.get(0), gone.get(2), gone.get(gone.size() - 1))) {
            Files.copy(copies.resolve(file.getFileName()), file);
        }
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().firstIndex()).isEqualTo(801);
            requireEntries(log, 801, 1_000);
            log.sync();
        }
        assertThat(logFiles()).isEqualTo(needed);
    }

    @Test
    void membershipsAreRecoveredUnlessCutOrCompacted() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(
                    1,
                    null,
                    -1,
                    List.of(
                            Entry.membership(1, 1, ONE),
                            Entry.noOp(2, 1),
                            Entry.membership(3, 1, TWO),
                            Entry.membership(4, 1, ONE))));
            log.write(new WriteBatch(2, null, 3, List.of(Entry.noOp(4, 2))));
            log.sync();
        }
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().memberships())
                    .containsExactly(new MembershipAt(1, ONE), new MembershipAt(3, TWO));
            log.write(base(1, 1, false));
            log.sync();
        }
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().memberships()).containsExactly(new MembershipAt(3, TWO));
        }
    }

    @Test
    void anUndecodableMembershipIsRefusedByFileAndEntry() throws IOException {
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(
                    1, null, -1, List.of(Entry.noOp(1, 1), new Entry(2, 1, EntryType.MEMBERSHIP, new byte[] {99, 1}))));
            log.sync();
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("0000000000000001.log")
                .hasMessageContaining("entry 2 is no membership")
                .hasMessageContaining("format 99");
    }

    @Test
    void aFolderHasOneIncarnationForEverAndEachAnother() throws IOException {
        Path other = folder.resolve("other");
        long first;
        try (SegmentedLog log = SegmentedLog.open(folder.resolve("one"), OWNER, LogOptions.DEFAULT)) {
            first = log.incarnation();
            assertThat(first).isNotZero();
        }
        try (SegmentedLog log = SegmentedLog.open(folder.resolve("one"), OWNER, LogOptions.DEFAULT)) {
            assertThat(log.incarnation()).isEqualTo(first);
        }
        try (SegmentedLog log = SegmentedLog.open(other, OWNER, LogOptions.DEFAULT)) {
            assertThat(log.incarnation()).isNotZero().isNotEqualTo(first);
        }
        try (SegmentedLog log = SegmentedLog.open(folder.resolve("zero"), OWNER, LogOptions.DEFAULT.deterministic(0))) {
            assertThat(log.incarnation()).isNotZero();
        }
    }

    /** Files vanish under readers; a reader gets a piece of the log, or nothing of what is gone. */
    @Test
    void readersBesideCompactionSeeWhatIsThere() throws Exception {
        LogOptions asynchronous = LogOptions.DEFAULT.withSegmentBytes(32 << 10);
        AtomicLong last = new AtomicLong();
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, asynchronous)) {
            CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> readUntil(log, last, 20_000));
            for (long index = 0; index < 20_000; index += 40) {
                log.write(entries(index + 1, index + 40));
                if (index % 400 == 0 && index > 800) {
                    log.write(base(index - 400, termOf(index - 400), false));
                }
                log.sync();
                last.set(index + 40);
            }
            assertThat(reader.get(50, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(logFiles()).hasSizeLessThan(30);
    }

    private static long readUntil(SegmentedLog log, AtomicLong last, long end) {
        long found = 0;
        try {
            for (long known = 0; known < end; known = last.get()) {
                long from = Math.max(1, known - (found % 1_200));
                List<Entry> entries = log.read(from, from + 100, 9_000);
                for (int i = 0; i < entries.size(); i++) {
                    assertThat(entries.get(i)).isEqualTo(entry(from + i));
                }
                found += 1 + entries.size();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    private SegmentedLog open() throws IOException {
        return SegmentedLog.open(folder, OWNER, SMALL);
    }

    private static void fill(SegmentedLog log, long from, long to) throws IOException {
        for (long index = from; index <= to; index += 10) {
            log.write(entries(index, Math.min(to, index + 9)));
            log.sync();
        }
    }

    private static void requireEntries(SegmentedLog log, long from, long to) throws IOException {
        assertThat(log.read(from, to, Integer.MAX_VALUE))
                .isEqualTo(LongStream.rangeClosed(from, to)
                        .mapToObj(CompactionTest::entry)
                        .toList());
    }

    private static WriteBatch base(long index, long term, boolean reset) {
        return new WriteBatch(1, null, new LogBase(index, term, reset), WriteBatch.KEEP_ALL, List.of());
    }

    private static WriteBatch entries(long from, long to) {
        return new WriteBatch(
                1,
                null,
                WriteBatch.KEEP_ALL,
                LongStream.rangeClosed(from, to).mapToObj(CompactionTest::entry).toList());
    }

    private static Entry entry(long index) {
        return Entry.command(index, termOf(index), new byte[(int) (index % 173)]);
    }

    private static long termOf(long index) {
        return 1 + (index - 1) / 100;
    }

    private List<Path> logFiles() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}
