package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that are kept to be written over, and cannot be read any more: the log never has to read what it writes over, whatever the sizes of segments and entries are. */
class UnreadableSparesTest {
    private static final int LIVES = 40;
    private static final int BATCHES = 120;

    private final SimDisk disk = new SimDisk("sim");

    @Test
    void whatIsWrittenOverIsNeverRead() throws IOException {
        int spoilt = 0;
        for (int life = 0; life < LIVES; life++) {
            spoilt += live(new SimDisk("life " + life), new Random(life));
        }
        assertThat(spoilt).as("spare files spoilt").isGreaterThan(2 * LIVES);
    }

    /** Returns how many spare files have been made unreadable. */
    private static int live(SimDisk disk, Random chance) throws IOException {
        LogOptions options = ScriptRun.OPTIONS.withSegmentBytes((16 << 10) + chance.nextInt(24 << 10));
        List<Entry> written = new ArrayList<>();
        int spoilt = 0;
        long base = 0;
        SegmentedLog log = SegmentedLog.open(disk, ScriptRun.OWNER, options);
        try {
            for (int batch = 0; batch < BATCHES; batch++) {
                List<Entry> entries = entries(written.size() + 1, chance);
                written.addAll(entries);
                log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, entries));
                log.sync();
                if (chance.nextInt(8) == 0) {
                    base = (long) written.size() - chance.nextInt(2);
                    log.write(new WriteBatch(1, null, new LogBase(base, 1, false), WriteBatch.KEEP_ALL, List.of()));
                    log.sync();
                    spoilt += spoilSpares(disk);
                }
                if (chance.nextInt(20) == 0) {
                    log.close();
                    disk.crash(Survival.EVERYTHING);
                    log = SegmentedLog.open(disk, ScriptRun.OWNER, options);
                    assertThat(log.recovered().lastIndex()).isEqualTo(written.size());
                }
            }
            assertThat(log.read(base + 1, written.size(), Integer.MAX_VALUE))
                    .isEqualTo(written.subList((int) base, written.size()));
        } finally {
            log.close();
        }
        return spoilt;
    }

    /** Some small ones, more than are gathered for one write, or one that is larger than a segment. */
    private static List<Entry> entries(long first, Random chance) {
        boolean isLarge = chance.nextInt(25) == 0;
        int count = isLarge ? 1 : 1 + chance.nextInt(6);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int bytes = isLarge ? 60_000 : chance.nextInt(chance.nextBoolean() ? 300 : 3_000);
            byte[] payload = new byte[bytes];
            chance.nextBytes(payload);
            entries.add(Entry.command(first + i, 1, payload));
        }
        return entries;
    }

    private static int spoilSpares(SimDisk disk) throws IOException {
        List<String> spares =
                disk.list().stream().filter(name -> name.endsWith(".spare")).toList();
        for (String spare : spares) {
            for (Sector sector : disk.sectors(spare)) {
                disk.decay().unreadable(sector);
            }
        }
        return spares.size();
    }

    @Test
    void aSegmentThatIsKnownToBeUnreadableSomewhereIsNotKept() throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            append(log, 1);
        }
        String first = Mutation.lastSegment(disk.list());
        List<Sector> sectors = disk.sectors(first);
        disk.decay().unreadable(sectors.get(sectors.size() - 1));
        try (SegmentedLog log = ScriptRun.open(disk)) {
            append(log, 2);
            log.write(new WriteBatch(1, null, new LogBase(1, 1, false), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
            assertThat(disk.list()).doesNotContain(first).noneMatch(name -> name.endsWith(".spare"));
        }
    }

    private static void append(SegmentedLog log, long index) throws IOException {
        log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(Entry.command(index, 1, new byte[100]))));
        log.sync();
    }
}
