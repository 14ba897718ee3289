package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Thousands of lives of a node on its disk, each another one, each with a misfortune or two: what was acknowledged is there afterwards. */
class RandomLivesTest {
    private static final int LIVES = 5_000;

    /** What happens in a life. */
    private enum Misfortune {
        /** The power fails. */
        POWER_FAILURE,
        /** The process is killed; the power fails a little later. */
        KILL_AND_POWER_FAILURE,
        /** One operation fails, and then they work again. */
        ONE_FAILURE,
        /** A synchronisation fails, and what it should have written is gone at once. */
        DROPPED_PAGES,
        /** No operation works any more. */
        DEAD_DISK,
        /** There is no space any more, until the next process begins. */
        FULL_DISK,
        /** Files cannot be closed without an error. */
        CLOSING
    }

    @Test
    void fiveThousandLives() throws IOException {
        Map<Misfortune, Integer> met = new EnumMap<>(Misfortune.class);
        long deeds = 0;
        for (long seed = 1; seed <= LIVES; seed++) {
            Random random = new Random(seed);
            Misfortune misfortune = Misfortune.values()[random.nextInt(Misfortune.values().length)];
            LifeScript script = LifeScript.random(seed, 20 + random.nextInt(160), 100 + random.nextInt(1_500));
            deeds += script.deeds().size();
            if (live(script, misfortune, random, "life " + seed + ", " + misfortune)) {
                met.merge(misfortune, 1, Integer::sum);
            }
        }
        System.out.println("RandomLivesTest: " + LIVES + " lives with " + deeds + " deeds, met in the middle of it: "
                + met + "; nothing acknowledged was lost");
        for (Misfortune misfortune : Misfortune.values()) {
            assertThat(met.getOrDefault(misfortune, 0)).as(misfortune.name()).isGreaterThan(LIVES / 30);
        }
    }

    /** Whether the misfortune came before the end. */
    private static boolean live(LifeScript script, Misfortune misfortune, Random random, String when)
            throws IOException {
        LifeRun run = new LifeRun(new SimDisk("sim"), script);
        run.disk.setFailedForce(
                misfortune == Misfortune.DROPPED_PAGES || random.nextBoolean()
                        ? FailedForce.DROPS_PAGES
                        : FailedForce.KEEPS_PAGES);
        run.disk.setFaults(
                faults(misfortune, 1 + random.nextInt(4 * script.deeds().size())));
        boolean met = false;
        try {
            run.play();
        } catch (IOException | ScriptRun.PowerCut failure) {
            met = true;
            if (failure instanceof IOException environment && !isPowerCut(misfortune)) {
                run.disk.setFaults(Faults.NONE);
                run.requireNothingMoreIsAcknowledged(environment);
            }
        }
        run.disk.setFaults(Faults.NONE);
        LifeRun.Promise promise = run.promise();
        if (misfortune == Misfortune.POWER_FAILURE || random.nextInt(4) == 0) {
            run.disk.crash(Survival.random(random));
        } else {
            run.disk.kill();
        }
        LogImage shown = run.requireKept(run.disk, promise, when);
        run.disk.crash(random.nextBoolean() ? Survival.NOTHING : Survival.random(random));
        assertThat(run.requireKept(run.disk, promise, when + ", then power failure"))
                .as(when)
                .isEqualTo(shown);
        LifeRun.goOn(run.disk, shown, when);
        return met;
    }

    private static boolean isPowerCut(Misfortune misfortune) {
        return misfortune == Misfortune.POWER_FAILURE || misfortune == Misfortune.KILL_AND_POWER_FAILURE;
    }

    private static Faults faults(Misfortune misfortune, long at) {
        return switch (misfortune) {
            case POWER_FAILURE, KILL_AND_POWER_FAILURE -> ScriptRun.powerCutAt(at);
            case ONE_FAILURE -> Faults.at(number -> number == at);
            case DROPPED_PAGES -> failingForce(at);
            case DEAD_DISK -> Faults.at(number -> number >= at);
            case FULL_DISK -> Faults.fullFrom(at);
            case CLOSING -> Faults.closingFrom(1 + at / 8);
        };
    }

    /** The first synchronisation from this operation on fails, and no other. */
    private static Faults failingForce(long from) {
        boolean[] failed = new boolean[1];
        return (operation, number, file) -> {
            if (operation == DiskOperation.FORCE && number >= from && !failed[0]) {
                failed[0] = true;
                throw new IOException("simulated failure of operation " + number + ", the force of " + file);
            }
        };
    }
}
