package io.jangada.verify.cluster;

import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed with {@code kill -9} under load, one, two or all at once, again and again: nothing that was acknowledged is lost. */
final class KillLoopTest {
    private static final int CLIENTS = 8;
    private static final long CHANGES_BETWEEN = 40;
    private static final int SNAPSHOT_COUNT = 300;
    private static final Duration COME_BACK_LIMIT = Duration.ofSeconds(60);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private final Path folder;

    KillLoopTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void aFewCycles() throws IOException {
        killAndStart(6);
    }

    @Test
    @Tag("long")
    @Timeout(value = 3_600, unit = TimeUnit.SECONDS)
    void twoHundredCycles() throws IOException {
        killAndStart(200);
    }

    private void killAndStart(int cycles) throws IOException {
        HistoryRecorder<Op, Answer> recorder = new HistoryRecorder<>(System::nanoTime);
        Random random = new Random(cycles);
        int kills = 0;
        List<String> flags =
                List.of("--snapshot-count", Integer.toString(SNAPSHOT_COUNT), "--snapshot-catchup-entries", "50");
        try (RealCluster cluster = RealCluster.start(3, 0, folder, flags);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            try (Workload load = Workload.start(channels, recorder, CLIENTS, CALL_LIMIT)) {
                for (int cycle = 0; cycle < cycles; cycle++) {
                    load.beginRound(cycle);
                    awaitChanges(cluster, load);
                    LockSupport.parkNanos(random.nextInt(200_000_000));
                    List<Integer> victims = victims(random);
                    victims.forEach(victim -> cluster.nodes().get(victim).kill9());
                    kills += victims.size();
                    for (int victim : victims) {
                        cluster.nodes().get(victim).start();
                    }
                    cluster.awaitServing(COME_BACK_LIMIT);
                    victims.forEach(channels::connectAgain);
                }
                awaitChanges(cluster, load);
                load.stop();
            }
            Verdict.readEverything(channels, recorder, CLIENTS, cycles);
            Verdict.judge(recorder);
            Verdict.stopAndCompare(cluster);
        }
        System.out.printf(
                "KillLoopTest: %d cycles, %d processes killed under %d clients: %d operations, %d answered; nothing acknowledged was lost%n",
                cycles, kills, CLIENTS, recorder.invocations(), recorder.successes());
    }

    /** Mostly one, now and then two of the three, which are then no majority any more, or all. */
    private static List<Integer> victims(Random random) {
        List<Integer> nodes = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(nodes, random);
        int dice = random.nextInt(10);
        return nodes.subList(0, dice < 6 ? 1 : dice < 8 ? 2 : 3);
    }

    private static void awaitChanges(RealCluster cluster, Workload load) {
        long enough = load.acknowledgedChanges() + CHANGES_BETWEEN;
        Waiting.until(
                CHANGES_BETWEEN + " acknowledged changes",
                COME_BACK_LIMIT,
                () -> load.acknowledgedChanges() >= enough,
                cluster::logs);
    }
}
