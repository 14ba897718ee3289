package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerNode;
import io.jangada.verify.process.TreeRemoval;
import io.jangada.verify.process.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stopped member whose snapshots are damaged while its log begins behind them: it comes back without anybody's help. */
final class DamagedSnapshotTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int BATCH = 150;

    private static final List<String> SMALL_LOG = List.of("--snapshot-count", "50", "--snapshot-catchup-entries", "5");

    private final Path folder;

    DamagedSnapshotTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void aMemberWithDamagedSnapshotsComesBackFromItsStoreOrFromTheLeader() throws IOException {
        try (RealCluster cluster = RealCluster.start(3, 0, folder, SMALL_LOG);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            Operator operator = new Operator(cluster, channels, folder);
            int leader = cluster.awaitLeader(channels, LIMIT);
            int victim = (leader + 1) % 3;
            put(operator, leader, 0);
            ServerNode node = cluster.nodes().get(victim);

            node.kill9();
            damageSnapshots(victim);
            put(operator, leader, 1);
            node.start();
            awaitKeys(cluster, channels, victim, 2 * BATCH);
            assertThat(node.log()).contains("was taken from what the state machine has kept");

            node.kill9();
            damageSnapshots(victim);
            TreeRemoval.remove(cluster.storeOf(victim));
            put(operator, leader, 2);
            node.start();
            awaitKeys(cluster, channels, victim, 3 * BATCH);
            assertThat(node.log()).contains("has to be sent a snapshot by a leader");

            assertThat(node.log()).containsPattern("snapshot of index \\d+ received: \\d+ files");

            node.kill9();
            node.start();
            awaitKeys(cluster, channels, victim, 3 * BATCH);
            operator.awaitVoter(victim);
        }
    }

    private static void put(Operator operator, int node, int round) {
        for (int key = 0; key < BATCH; key++) {
            operator.put(node, "key-" + round + "-" + key, "value");
        }
    }

    /** Before the trailer, so that what is damaged is content: the manifest, where the snapshot is one of files. */
    private void damageSnapshots(int node) throws IOException {
        List<Path> snapshots;
        try (Stream<Path> found = Files.list(folder.resolve("n" + (node + 1)).resolve("raft"))) {
            snapshots =
                    found.filter(path -> path.toString().endsWith(".snapshot")).toList();
        }
        assertThat(snapshots).isNotEmpty();
        for (Path snapshot : snapshots) {
            byte[] bytes = Files.readAllBytes(snapshot);
            bytes[bytes.length - 40] ^= 1;
            Files.write(snapshot, bytes);
        }
    }

    /** Waits until this member has so many keys by itself. */
    private static void awaitKeys(RealCluster cluster, MemberChannels channels, int member, long keys) {
        Waiting.until(keys + " keys", LIMIT, () -> count(channels, member) == keys, cluster::logs);
    }

    private static long count(MemberChannels channels, int member) {
        try {
            return channels.kv(member, Duration.ofSeconds(2))
                    .range(RangeRequest.newBuilder()
                            .setKey(ByteString.copyFrom(new byte[1]))
                            .setRangeEnd(ByteString.copyFrom(new byte[1]))
                            .setSerializable(true)
                            .setCountOnly(true)
                            .build())
                    .getCount();
        } catch (StatusRuntimeException e) {
            channels.connectAgain(member);
            return -1;
        }
    }
}
