package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that releases have written, under src/test/resources: every later release must load them. Nobody changes these files; a new version adds a folder. */
class LogFixturesTest {
    private static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0x5eed);
    private static final Membership MEMBERSHIP = Membership.ofVoters(NodeId.of(7), NodeId.of(8), NodeId.of(9));

    private final Path folder;

    LogFixturesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theFolderOfVersion2() throws IOException {
        copy("log-v2");
        LogState expected = new LogState(
                new HardState(4, NodeId.of(9)),
                4,
                9,
                2,
                List.of(new TermStart(4, 2), new TermStart(8, 4)),
                List.of(new MembershipAt(5, MEMBERSHIP)));
        for (int round = 0; round < 2; round++) {
            try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
                assertThat(log.incarnation()).isEqualTo(0x5eed);
                assertThat(log.recovered()).isEqualTo(expected);
                assertThat(log.read(4, 9, Integer.MAX_VALUE)).isEqualTo(entries(4, 9));
            }
        }
    }

    /** In segment 1 a record is damaged, in segment 2 it was noticed: entry 6 is missing. */
    @Test
    void theFolderOfVersion3() throws IOException {
        copy("log-v3");
        LogState expected = new LogState(
                new HardState(4, NodeId.of(9)),
                4,
                5,
                2,
                List.of(new TermStart(4, 2)),
                List.of(new MembershipAt(5, MEMBERSHIP)),
                new Promised(new LogPosition(8, 4), new LogPosition(9, 4)),
                List.of(new Salvage(7, 9, List.of(new TermStart(7, 2), new TermStart(8, 4)), List.of())));
        for (int round = 0; round < 2; round++) {
            try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
                assertThat(log.incarnation()).isEqualTo(0x5eed);
                assertThat(log.recovered()).isEqualTo(expected);
                assertThat(log.read(4, 9, Integer.MAX_VALUE)).isEqualTo(entries(4, 5));
                assertThat(log.read(7, 9, Integer.MAX_VALUE)).isEqualTo(entries(7, 9));
            }
        }
        try (SegmentedLog log = SegmentedLog.open(folder, OWNER, OPTIONS)) {
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, entries(6, 6), null, WriteBatch.SalvageFate.ADOPT));
            log.sync();
            assertThat(log.read(4, 9, Integer.MAX_VALUE)).isEqualTo(entries(4, 9));
        }
    }

    /** What was done to get the folders, by each version's release; for version 3 a bit of entry 6 was then changed, and the log opened. */
    static void write(SegmentedLog log) throws IOException {
        log.write(new WriteBatch(1, new HardState(2, NodeId.of(7)), WriteBatch.KEEP_ALL, entries(1, 5)));
        log.sync();
        log.write(new WriteBatch(2, null, WriteBatch.KEEP_ALL, entries(6, 6)));
        log.sync();
        log.write(new WriteBatch(3, null, WriteBatch.KEEP_ALL, entries(7, 7)));
        log.sync();
        log.write(new WriteBatch(
                4,
                new HardState(3, NodeId.NONE),
                WriteBatch.KEEP_ALL,
                List.of(Entry.noOp(8, 3), Entry.noOp(9, 3), Entry.noOp(10, 3))));
        log.sync();
        log.write(new WriteBatch(5, new HardState(4, NodeId.of(9)), 7, entries(8, 8)));
        log.sync();
        log.write(new WriteBatch(6, null, new LogBase(3, 2, false), WriteBatch.KEEP_ALL, entries(9, 9)));
        log.sync();
    }

    private static List<Entry> entries(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(index -> index == 5
                        ? Entry.membership(5, 2, MEMBERSHIP)
                        : Entry.command(index, index < 8 ? 2 : 4, new byte[(int) index * 10]))
                .toList();
    }

    private void copy(String fixture) throws IOException {
        Path source = Path.of("src", "test", "resources", fixture);
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }
}
