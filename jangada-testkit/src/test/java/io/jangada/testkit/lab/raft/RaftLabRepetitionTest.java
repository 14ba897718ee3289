package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every scenario of the Raft labs a thousand times, with seeds that nobody has run before; -Dlab.from=... and -Dlab.count=... choose others. */
class RaftLabRepetitionTest {
    private static final int THREADS = 2;
    private static final int COUNT = 1_000;

    @Test
    @Tag("long")
    void passesEachTimeInVirtualTime() throws Exception {
        long fresh = ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L);
        long first = Long.getLong("lab.from", fresh);
        int count = Integer.getInteger("lab.count", COUNT);
        long last = first + count - 1;
        System.out.printf("labs: each scenario with the seeds from %d to %d%n", first, last);
        List<String> failures = new ArrayList<>();
        long runs = 0;
        long began = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Scenario scenario : RaftScenarios.all()) {
                long begins = System.nanoTime();
                List<Future<LabRun>> all = new ArrayList<>();
                for (long seed = first; seed <= last; seed++) {
                    long one = seed;
                    all.add(threads.submit(() -> LabRun.of(scenario, LabMode.VIRTUAL, one, Trace.NONE)));
                }
                for (Future<LabRun> each : all) {
                    LabRun run = each.get();
                    run.failure().ifPresent(failure -> failures.add(describe(run, failure)));
                    runs++;
                }
                System.out.printf(
                        "labs: %s %s, %d runs in %.1f s%n",
                        scenario.part().label(), scenario.name(), all.size(), (System.nanoTime() - begins) / 1e9);
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf(
                "labs: %d runs with seeds from %d to %d in %.1f s, %d failed%n",
                runs, first, last, (System.nanoTime() - began) / 1e9, failures.size());
        assertThat(failures).isEmpty();
        assertThat(runs).isEqualTo((long) count * RaftScenarios.all().size());
    }

    private static String describe(LabRun run, Throwable failure) {
        String line = run.scenario().name() + ", seed " + run.seed() + ", after "
                + String.format(Locale.ROOT, "%.3f", run.seconds()) + " s: " + failure.getMessage()
                + "\nreplay with:\n  ./jangada lab " + run.scenario().name() + " --seed " + run.seed();
        System.out.println("labs: FAILED " + line);
        return line;
    }
}
