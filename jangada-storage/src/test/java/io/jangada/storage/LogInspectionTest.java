package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are shown of a log is what a start makes of it, and showing it changes nothing. */
class LogInspectionTest {
    private final Path folder;

    LogInspectionTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void tellsOfEveryDamageWhatTheNextStartFinds() throws IOException {
        int refused = 0;
        int missing = 0;
        for (DamagedLog.Kind kind : DamagedLog.Kind.values()) {
            for (DamagedLog.Place place : DamagedLog.Place.values()) {
                String name = place + "-" + kind;
                Path here = folder.resolve(name);
                DamagedLog damaged = new DamagedLog(here, kind, place).happen();
                Map<String, ByteBuffer> before = contents(here);
                LogInspection.Verdict verdict;
                boolean sound;
                try (LogInspection inspection = LogInspection.open(damaged.disk())) {
                    verdict = inspection.verdict();
                    sound = inspection.segments().stream()
                            .allMatch(line ->
                                    line.header().isEmpty() && line.holes().isEmpty());
                }
                assertThat(contents(here)).as(name).isEqualTo(before);
                LogState state = startOf(damaged);
                assertThat(verdict.log()).as(name).isEqualTo(state);
                if (state == null) {
                    refused++;
                    assertThat(verdict.refusal()).as(name).contains(".log");
                } else if (!state.promised().isNothing()) {
                    missing++;
                    assertThat(sound).as(name).isFalse();
                    assertThat(verdict.gaps()).as(name).isNotEmpty();
                }
            }
        }
        assertThat(refused).isBetween(1, 5);
        assertThat(missing).isGreaterThan(10);
    }

    private static @Nullable LogState startOf(DamagedLog damaged) throws IOException {
        try (SegmentedLog log = damaged.open()) {
            return log.recovered();
        } catch (CorruptLogException | StorageRefusedException e) {
            return null;
        }
    }

    private static Map<String, ByteBuffer> contents(Path folder) throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void listsEveryRecordOfAWholeLog() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(folder, DamagedLog.OWNER, DamagedLog.OPTIONS)) {
            for (int index = 1; index <= DamagedLog.LAST; index++) {
                log.write(new WriteBatch(
                        index,
                        index == 1 ? DamagedLog.VOTED : null,
                        WriteBatch.KEEP_ALL,
                        List.of(DamagedLog.entry(index))));
                log.sync();
            }
        }
        List<LogInspection.RecordLine> records = new ArrayList<>();
        try (LogInspection inspection = LogInspection.open(folder)) {
            inspection.records(records::add);
            assertThat(inspection.owner()).isEqualTo(DamagedLog.OWNER);
            assertThat(inspection.verdict().isWhole()).isTrue();
            assertThat(inspection.segments()).allSatisfy(line -> {
                assertThat(line.header()).isEmpty();
                assertThat(line.holes()).isEmpty();
            });
        }
        assertThat(records).hasSize(DamagedLog.LAST);
        assertThat(records.get(0).does()).isEqualTo("term 3, vote for 2; 1 command of 1500 bytes");
        assertThat(records).extracting(LogInspection.RecordLine::sequence).isSorted();
        assertThat(records.get(DamagedLog.LAST - 1).firstIndex()).isEqualTo(DamagedLog.LAST);
    }

    @Test
    void refusesAFolderThatIsOpenOrNoneOfALog() throws IOException {
        Path log = folder.resolve("raft");
        try (SegmentedLog open = SegmentedLog.open(log, DamagedLog.OWNER, DamagedLog.OPTIONS)) {
            assertThat(open.recovered().lastIndex()).isZero();
            assertThatThrownBy(() -> LogInspection.open(folder))
                    .isInstanceOf(StorageRefusedException.class)
                    .hasMessageContaining("a live user")
                    .hasMessageContaining("Stop that process first");
        }
        try (LogInspection inspection = LogInspection.open(folder)) {
            assertThat(inspection.location()).endsWith("raft");
        }
        assertThatThrownBy(() -> LogInspection.open(folder.resolve("elsewhere")))
                .isInstanceOf(StorageRefusedException.class)
                .hasMessageContaining("no file IDENTITY");
    }
}
