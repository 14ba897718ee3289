package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerNode;
import io.jangada.verify.process.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node's folder decays while it is stopped and the others work: bits flip, sectors turn to noise, files are cut short. It comes back and repairs itself, or says which file is
 * damaged and what to do; either way nothing that was acknowledged is lost.
 */
final class DamagedFolderTest {
    private static final int CLIENTS = 8;
    private static final long CHANGES_BETWEEN = 60;
    private static final Duration COME_BACK_LIMIT = Duration.ofSeconds(60);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private final Path folder;
    private int served;
    private int refused;

    DamagedFolderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void aFewFolders() throws IOException {
        damageAndStart(9);
    }

    @Test
    @Tag("long")
    @Timeout(value = 3_600, unit = TimeUnit.SECONDS)
    void aHundredFolders() throws IOException {
        damageAndStart(100);
    }

    private void damageAndStart(int rounds) throws IOException {
        HistoryRecorder<Op, Answer> recorder = new HistoryRecorder<>(System::nanoTime);
        Random random = new Random(rounds);
        List<String> flags = List.of("--snapshot-count", "400", "--snapshot-catchup-entries", "100");
        try (RealCluster cluster = RealCluster.start(3, 0, folder, flags);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            try (Workload load = Workload.start(channels, recorder, CLIENTS, CALL_LIMIT)) {
                for (int round = 0; round < rounds; round++) {
                    load.beginRound(round);
                    awaitChanges(cluster, load);
                    oneFolder(cluster, channels, load, round % 3, random);
                }
                awaitChanges(cluster, load);
                load.stop();
            }
            Verdict.readEverything(channels, recorder, CLIENTS, rounds);
            Verdict.judge(recorder);
            Verdict.stopAndCompare(cluster);
        }
        System.out.printf(
                "DamagedFolderTest: %d damaged folders, %d nodes came back by themselves, %d said what was damaged; %d operations, %d answered; nothing acknowledged"
                        + " was lost%n",
                rounds, served, refused, recorder.invocations(), recorder.successes());
    }

    private void oneFolder(RealCluster cluster, MemberChannels channels, Workload load, int victim, Random random)
            throws IOException {
        ServerNode node = cluster.nodes().get(victim);
        node.kill9();
        FileDamage damage = FileDamage.inLogOf(cluster.dataOf(victim).resolve("raft"), random);
        awaitChanges(cluster, load);
        int before = node.log().length();
        node.start();
        Waiting.until(
                node.name() + " serves or says why not; " + damage,
                COME_BACK_LIMIT,
                () -> node.isServing() || !node.isRunning(),
                cluster::logs);
        if (node.isRunning()) {
            served++;
        } else {
            String said = node.log().substring(before);
            assertThat(node.awaitEnd(Duration.ofSeconds(1))).as(said).isNotZero();
            assertThat(said)
                    .as("what %s says of %s", node.name(), damage)
                    .contains(cluster.dataOf(victim).getFileName().toString())
                    .contains(damage.file().getFileName().toString());
            refused++;
            // Whoever has a copy of the file puts it back: the refused start has changed nothing.
            damage.undo();
            node.start();
            Waiting.until(node.name() + " serves again", COME_BACK_LIMIT, node::isServing, cluster::logs);
        }
        channels.connectAgain(victim);
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
