package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Salvage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recovery makes of everything that may happen to a log: the table in docs/log-format.md, which has a row for each combination, done. */
class RecoveryTableTest {
    private static final Path PAGE = Path.of("..", "docs", "log-format.md");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\|.*\\| (same|named|gap|refused) \\|");

    private final Path folder;

    RecoveryTableTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void thePageHasOneRowForEachCombinationAndItHolds() throws IOException {
        Map<String, String> done = new TreeMap<>();
        for (DamagedLog.Kind kind : DamagedLog.Kind.values()) {
            for (DamagedLog.Place place : DamagedLog.Place.values()) {
                String name = name(place) + "-" + name(kind);
                done.put(name, outcome(new DamagedLog(folder.resolve(name), kind, place).happen(), name));
            }
        }
        assertThat(done).hasSize(36);
        assertThat(rows()).isEqualTo(done);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(rows.put(row.group(1), row.group(2))).as(line).isNull();
            }
        }
        return rows;
    }

    private static String outcome(DamagedLog damaged, String name) throws IOException {
        LogState state;
        try (SegmentedLog log = damaged.open()) {
            state = log.recovered();
            requireRight(log, name);
        } catch (CorruptLogException | StorageRefusedException e) {
            return "refused";
        }
        assertThat(state.hardState()).as(name).isEqualTo(damaged.state());
        try (SegmentedLog log = damaged.open()) {
            assertThat(log.recovered()).as(name + ", opened again").isEqualTo(state);
            requireRight(log, name);
        }
        if (state.promised().isNothing()) {
            assertThat(state.lastIndex()).as(name).isEqualTo(DamagedLog.LAST);
            return "same";
        }
        LogPosition last = new LogPosition(DamagedLog.LAST, 2);
        assertThat(state.promised().possible()).as(name).isEqualTo(last);
        if (state.salvage().isEmpty()) {
            return "named";
        }
        assertThat(state.salvage().get(state.salvage().size() - 1).last())
                .as(name)
                .isEqualTo(last);
        assertThat(state.promised().certain().index())
                .as(name)
                .isGreaterThanOrEqualTo(state.salvage().get(0).firstIndex() - 1);
        return "gap";
    }

    /** Whatever is there has been written. */
    private static void requireRight(SegmentedLog log, String name) throws IOException {
        LogState state = log.recovered();
        List<Entry> entries = new ArrayList<>(log.read(state.firstIndex(), state.lastIndex(), Integer.MAX_VALUE));
        assertThat(entries).as(name).isEqualTo(entries(state.firstIndex(), state.lastIndex()));
        for (Salvage part : state.salvage()) {
            assertThat(log.read(part.firstIndex(), part.lastIndex(), Integer.MAX_VALUE))
                    .as(name)
                    .isEqualTo(entries(part.firstIndex(), part.lastIndex()));
        }
    }

    private static List<Entry> entries(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(DamagedLog::entry).toList();
    }
}
