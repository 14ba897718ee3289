package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

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
 * Damaged files never give a wrong log: either everything that was synchronised is there, or the log is refused by file and offset.
 *
 * <p>The one exception, by nature of the format (docs/log-format.md): damage that reaches into the last synchronised write of the log may
 * look as a torn write does, and is cut from where the damage begins. Damage that ends before the last synchronised write is always seen.
 */
class MutatedLogTest {
    private static final int MUTATIONS = 30_000;
    private static final int LOGS = 30;

    /** A finished log, and after each synchronisation the last segment, the end of its data and the position in the run's history. */
    private record Base(ScriptRun run, List<Mark> marks) {}

    private record Mark(String segment, int end, int state) {}

    @Test
    void thousandsOfMutationsAreSeenOrHarmless() {
        int[] outcomes = new int[3];
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int log = 0; log < LOGS; log++) {
                Base base = base(log);
                for (int i = 0; i < MUTATIONS / LOGS; i++) {
                    outcomes[outcome(base, (long) log * MUTATIONS + i)]++;
                }
            }
        });
        System.out.println("MutatedLogTest: " + MUTATIONS + " mutations: " + outcomes[0] + " harmless, " + outcomes[1]
                + " refused, " + outcomes[2] + " cut within or from before the last write");
        assertThat(outcomes[0]).isPositive();
        assertThat(outcomes[1]).isGreaterThan(MUTATIONS / 2);
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
            int end = 128;
            while (content.limit() - end >= 56 && content.getInt(end) == 0x4a524543) {
                end += 56 + ((content.getInt(end + 8) + 7) & -8); // the length of the body, padded: docs/log-format.md
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
        try (SegmentedLog log = ScriptRun.open(disk)) {
            LogImage image = LogImage.of(log);
            if (image.equals(base.run().told())) {
                return 0;
            }
            base.run().requireSince(firstLosable(base, mutation), image, when);
            return 2;
        } catch (CorruptLogException e) {
            assertThat(e).as(when).hasMessageContaining(e.file()).hasMessageContaining("at offset " + e.offset());
            return 1;
        } catch (StorageRefusedException e) {
            assertThat(e).as(when).hasMessageContaining("sim refused: found ").hasMessageContaining("expected");
            return 1;
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(when, e);
        }
    }

    /** The state before the synchronised write in which the damage begins, if it reaches into the last one; else the last. */
    private static int firstLosable(Base base, Mutation mutation) {
        List<Mark> marks = base.marks();
        Mark last = marks.get(marks.size() - 1);
        int everything = last.state();
        int before = 0;
        String segment = "";
        int end = 0;
        for (Mark mark : marks) {
            boolean beginsHere = mutation.file().equals(mark.segment())
                    && mutation.from() >= (mark.segment().equals(segment) ? end : 0)
                    && mutation.from() < mark.end();
            boolean isLast = mark.equals(last);
            boolean reachesLast =
                    mutation.file().equals(last.segment()) && (isLast || mutation.to() > lastStart(marks));
            if (beginsHere && reachesLast) {
                return before;
            }
            before = mark.state();
            segment = mark.segment();
            end = mark.end();
        }
        return everything;
    }

    /** Where the last synchronised write of the last segment begins. */
    private static int lastStart(List<Mark> marks) {
        Mark last = marks.get(marks.size() - 1);
        Mark previous = marks.size() > 1 ? marks.get(marks.size() - 2) : last;
        return !previous.equals(last) && previous.segment().equals(last.segment()) ? previous.end() : 0;
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
                base.run().requireSince(firstLosable(base, mutation), LogImage.of(log), when);
            } catch (CorruptLogException | StorageRefusedException e) {
                assertThat(e).as(when).hasMessageContaining(copy.getFileName().toString());
            }
        }
    }
}
