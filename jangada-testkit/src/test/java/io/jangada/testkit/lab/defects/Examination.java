package io.jangada.testkit.lab.defects;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.kv.KvScenarios;
import io.jangada.testkit.lab.raft.RaftScenarios;
import io.jangada.testkit.lab.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Plays one scenario with the code that it was loaded with. */
final class Examination {
    /** What a run says that has passed. */
    static final String PASSED = "";

    private Examination() {}

    /** All scenarios, in the order of the course. */
    static List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>(RaftScenarios.all());
        all.addAll(KvScenarios.all());
        return all;
    }

    /** Why the scenario failed, or {@link #PASSED}. One that has not ended after so many seconds of the machine's clock is ended. */
    static String examine(String scenario, String mode, long seed, long limitSeconds) {
        Scenario wanted = scenarios().stream()
                .filter(each -> each.name().equals(scenario))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no scenario " + scenario));
        CompletableFuture<String> verdict = new CompletableFuture<>();
        Thread player = new Thread(
                () -> verdict.complete(verdictOf(LabRun.of(wanted, LabMode.valueOf(mode), seed, Trace.NONE))),
                "examination of " + scenario);
        player.setDaemon(true);
        player.start();
        try {
            player.join(TimeUnit.SECONDS.toMillis(limitSeconds));
            return player.isAlive() ? end(player, limitSeconds) : verdict.getNow("ended without a verdict");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + scenario + " was played", e);
        }
    }

    private static String verdictOf(LabRun run) {
        return run.failure().map(Throwable::toString).orElse(PASSED);
    }

    private static String end(Thread player, long limitSeconds) throws InterruptedException {
        String where = Arrays.stream(player.getStackTrace())
                .map(frame -> frame.getClassName().replaceFirst(".*\\.", "") + "." + frame.getMethodName())
                .filter(frame -> frame.startsWith("Lab"))
                .findFirst()
                .orElse("nothing of ours");
        for (int tries = 0; tries < 100 && player.isAlive(); tries++) {
            player.interrupt();
            player.join(100);
        }
        return "still waited after " + limitSeconds + " s in " + where + (player.isAlive() ? ", and for ever" : "");
    }
}
