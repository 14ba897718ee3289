package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.PutRequest;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The leader is killed under load, again and again, and at last all nodes at once: nothing that was acknowledged is lost. */
final class LeaderKillTest {
    private static final int ROUNDS = 20;
    private static final int CLIENTS = 16;
    private static final long CHANGES_BEFORE_KILL = 100;
    private static final Duration FAILOVER_LIMIT = Duration.ofSeconds(2);
    private static final Duration COME_BACK_LIMIT = Duration.ofSeconds(30);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);
    private static final Duration PROBE_LIMIT = Duration.ofMillis(200);

    private final Path folder;

    LeaderKillTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void nothingAcknowledgedIsLost() throws IOException {
        HistoryRecorder<Op, Answer> recorder = new HistoryRecorder<>(System::nanoTime);
        List<Duration> failovers = new ArrayList<>();
        List<Duration> comebacks = new ArrayList<>();
        try (RealCluster cluster = RealCluster.start(3, folder);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            try (Workload load = Workload.start(channels, recorder, CLIENTS, CALL_LIMIT)) {
                for (int round = 0; round < ROUNDS; round++) {
                    killLeader(cluster, channels, load, round, failovers, comebacks);
                }
                killAll(cluster, channels, load);
                load.stop();
            }
            Verdict.readEverything(channels, recorder, CLIENTS, ROUNDS + 1);
            Verdict.judge(recorder);
            report(recorder, failovers, comebacks);
            assertThat(failovers).as("times to a new leader").allMatch(time -> time.compareTo(FAILOVER_LIMIT) <= 0);
            Verdict.stopAndCompare(cluster);
        }
    }

    private static void killLeader(
            RealCluster cluster,
            MemberChannels channels,
            Workload load,
            int round,
            List<Duration> failovers,
            List<Duration> comebacks) {
        load.beginRound(round);
        awaitChanges(cluster, load);
        int leader = cluster.awaitLeader(channels, COME_BACK_LIMIT);
        ServerNode node = cluster.nodes().get(leader);
        long killed = System.nanoTime();
        node.kill9();
        int survivor = (leader + 1 + round % 2) % 3;
        Waiting.until(
                "a put at " + cluster.nodes().get(survivor).name() + " after " + node.name() + " was killed",
                COME_BACK_LIMIT,
                () -> probe(channels, survivor),
                cluster::logs);
        failovers.add(Duration.ofNanos(System.nanoTime() - killed));
        node.start();
        comebacks.add(Waiting.until(node.name() + " serves again", COME_BACK_LIMIT, node::isServing, cluster::logs));
        channels.connectAgain(leader);
    }

    /** All three at once: what they promised must be on their disks. */
    private static void killAll(RealCluster cluster, MemberChannels channels, Workload load) {
        load.beginRound(ROUNDS);
        awaitChanges(cluster, load);
        cluster.nodes().forEach(ServerNode::kill9);
        cluster.nodes().forEach(ServerNode::start);
        cluster.awaitServing(COME_BACK_LIMIT);
        for (int member = 0; member < channels.size(); member++) {
            channels.connectAgain(member);
        }
        awaitChanges(cluster, load);
    }

    private static void awaitChanges(RealCluster cluster, Workload load) {
        long enough = load.acknowledgedChanges() + CHANGES_BEFORE_KILL;
        Waiting.until(
                CHANGES_BEFORE_KILL + " acknowledged changes",
                COME_BACK_LIMIT,
                () -> load.acknowledgedChanges() >= enough,
                cluster::logs);
    }

    private static boolean probe(MemberChannels channels, int member) {
        try {
            ByteString probe = ByteString.copyFromUtf8("probe");
            channels.kv(member, PROBE_LIMIT)
                    .put(PutRequest.newBuilder().setKey(probe).setValue(probe).build());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private static void report(
            HistoryRecorder<Op, Answer> recorder, List<Duration> failovers, List<Duration> comebacks) {
        System.out.printf(
                "%d kills of the leader under %d clients: %d operations, %d answered%n",
                ROUNDS, CLIENTS, recorder.invocations(), recorder.successes());
        System.out.println("  until the next acknowledged put: " + distribution(failovers));
        System.out.println("  until the killed node serves again: " + distribution(comebacks));
    }

    private static String distribution(List<Duration> times) {
        List<Duration> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return "median " + sorted.get(sorted.size() / 2).toMillis() + " ms, least "
                + sorted.get(0).toMillis() + " ms, most "
                + sorted.get(sorted.size() - 1).toMillis() + " ms, all "
                + times.stream().map(Duration::toMillis).toList();
    }
}
