package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.storage.CorruptLogException;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.StorageRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files never give a wrong log, nor a shorter one without a word: what was synchronised is there or is named as missing, or the log is refused by file and offset.
 *
 * <p>The one exception, by nature of the format (docs/log-format.md): damage from a record on through the mark of the last synchronised write takes what it lies
 * on and the only thing that names it. No damage to a single block does.
 */
class MutatedLogTest {
    private static final int MUTATIONS = 30_000;
    private static final int LOGS = 30;

    /** A finished log, and after each synchronisation the last segment, the end of its data and the position in the run's history. */
    private record Base(ScriptRun run, List<Mark> marks) {}

    private record Mark(String segment, int end, int state) {}

    @Test
    void thousandsOfMutationsAreSeenOrHarmless() {
        int[] outcomes = new int[4];
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int log = 0; log < LOGS; log++) {
                Base base = base(log);
                for (int i = 0; i < MUTATIONS / LOGS; i++) {
                    outcomes[outcome(base, (long) log * MUTATIONS + i)]++;
                }
            }
        });
        System.out.println("MutatedLogTest: " + MUTATIONS + " mutations: " + outcomes[0] + " harmless, " + outcomes[1]
                + " refused, " + outcomes[2] + " with what is missing named, " + outcomes[3]
                + " without what they took together with its name");
        assertThat(outcomes[0]).isPositive();
        assertThat(outcomes[2]).isGreaterThan(MUTATIONS / 8);
        assertThat(outcomes[1] + outcomes[3]).isLessThan(MUTATIONS / 3);
    }

    private static Base base(int seed) throws IOException {
        ScriptRun run = new ScriptRun(new SimDisk("sim"));
        List<Mark> marks = new ArrayList<>();
        run.play(Script.random(seed, 4 + seed * 2, 100 + 60 * (seed % 12)), () -> add(mark(run), marks));
        return new Base(run, marks);
    }

    /** A synchronisation with nothing new writes nothing: the write before it is still the last. */
    private static void add(Mark mark, List<Mark> marks) {
        Mark last = marks.isEmpty() ? new Mark("", 0, 0) : marks.get(marks.size() - 1);
        if (!last.segment().equals(mark.segment()) || last.end() != mark.end()) {
            marks.add(mark);
        }
    }

    private static Mark mark(ScriptRun run) {
        String segment = Mutation.lastSegment(run.disk.list());
        try {
            ByteBuffer content = ByteBuffer.wrap(run.disk.contents(segment));
            int end = 8192; // docs/log-format.md
            while (content.getInt(end) == 0x4a524543 && (content.getInt(end + 52) & (4 | 32)) == 0) {
                end += 144 + ((content.getInt(end + 8) + 7) & -8);
            }
            return new Mark(segment, end, run.promised());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int outcome(Base base, long seed) throws IOException {
        SimDisk disk = base.run().disk.copy();
        Mutation mutation = Mutation.apply(disk, new Random(seed));
        String when = "seed " + seed + ", " + mutation;
        LogImage image;
        try (SegmentedLog log = ScriptRun.open(disk)) {
            image = LogImage.of(log);
            if (image.equals(base.run().told())) {
                return 0;
            }
            if (takesTheName(base, mutation)) {
                requireSinceOrNamed(base.run(), firstLosable(base, mutation), image, when);
                return 3;
            }
            requireNamed(base.run().told(), image, LogImage.salvaged(log), when);
        } catch (CorruptLogException e) {
            assertThat(e).as(when).hasMessageContaining(e.file()).hasMessageContaining("at offset " + e.offset());
            return 1;
        } catch (StorageRefusedException e) {
            assertThat(e).as(when).hasMessageContaining("sim refused: found ").hasMessageContaining("expected");
            return 1;
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(when, e);
        }
        requireTheSameAgain(disk, image, when);
        return 2;
    }

    /** Term and vote are there, what is there of the entries is right, and the position of the last one is known. */
    private static void requireNamed(LogImage told, LogImage image, List<Entry> salvaged, String when) {
        assertThat(image.hardState()).as(when).isEqualTo(told.hardState());
        assertThat(image.baseIndex()).as(when).isEqualTo(told.baseIndex());
        assertThat(image.baseTerm()).as(when).isEqualTo(told.baseTerm());
        assertThat(told.entries().subList(0, image.entries().size())).as(when).isEqualTo(image.entries());
        assertThat(image.promised().possible()).as(when).isEqualTo(new LogPosition(told.lastIndex(), told.lastTerm()));
        for (Entry entry : salvaged) {
            assertThat(told.entries().get((int) (entry.index() - told.baseIndex() - 1)))
                    .as(when)
                    .isEqualTo(entry);
        }
    }

    /** The image has what was durable before the damage begins; or the position of a later time is known, as files that only a lost record made superfluous are gone. */
    private static void requireSinceOrNamed(ScriptRun run, int position, LogImage image, String when) {
        boolean named = false;
        for (int later = position; run.isState(later); later++) {
            LogImage state = run.state(later);
            named |= image.promised().possible().equals(new LogPosition(state.lastIndex(), state.lastTerm()));
        }
        if (!named) {
            run.requireSince(position, image, when);
        }
    }

    /** What has been found once is found again, though it was repaired in between and goes on elsewhere. */
    private static void requireTheSameAgain(SimDisk disk, LogImage image, String when) throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            assertThat(LogImage.of(log)).as(when + ", opened again").isEqualTo(image);
        }
    }

    /** Whether the damage lies on a record of the last segment and goes on through the mark of the last write. */
    private static boolean takesTheName(Base base, Mutation mutation) {
        Mark last = base.marks().get(base.marks().size() - 1);
        int mark = (last.end() + 4095) & -4096;
        return mutation.file().equals(last.segment()) && mutation.from() < last.end() && mutation.to() > mark;
    }

    /** The state before the synchronised write in which the damage begins. */
    private static int firstLosable(Base base, Mutation mutation) {
        int before = 0;
        String segment = "";
        int end = 0;
        for (Mark mark : base.marks()) {
            boolean beginsHere = mutation.file().equals(mark.segment())
                    && mutation.from() >= (mark.segment().equals(segment) ? end : 0)
                    && mutation.from() < mark.end();
            if (beginsHere) {
                return before;
            }
            before = mark.state();
            segment = mark.segment();
            end = mark.end();
        }
        return before;
    }

    @Test
    void theSameOnARealDisk(@TempDir Path folder) throws IOException {
        for (int seed = 0; seed < 150; seed++) {
            Base base = base(seed % LOGS);
            SimDisk disk = base.run().disk.copy();
            Mutation mutation = Mutation.apply(disk, new Random(seed + 1_000_000L));
            Path copy = Files.createDirectory(folder.resolve("log" + seed));
            for (String name : disk.list()) {
                Files.write(copy.resolve(name), disk.contents(name));
            }
            String when = "seed " + seed + ", " + mutation;
            try (SegmentedLog log = SegmentedLog.open(copy, ScriptRun.OWNER, ScriptRun.OPTIONS)) {
                LogImage image = LogImage.of(log);
                if (takesTheName(base, mutation)) {
                    requireSinceOrNamed(base.run(), firstLosable(base, mutation), image, when);
                } else if (!image.equals(base.run().told())) {
                    requireNamed(base.run().told(), image, LogImage.salvaged(log), when);
                }
            } catch (CorruptLogException | StorageRefusedException e) {
                assertThat(e).as(when).hasMessageContaining(copy.getFileName().toString());
            }
        }
    }
}
