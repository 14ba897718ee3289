package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.verify.process.HealthProbe;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.MetricsProbe;
import io.jangada.verify.process.Mount;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerNode;
import io.jangada.verify.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trap 46 with real disks: each node has a small file system of its own, and they fill up. Nobody is started again. */
final class FullDiskTest {
    private static final int DISK_MEGABYTES = 700;
    private static final long MEGABYTE = 1 << 20;
    private static final long RESERVE = 128 * MEGABYTE;
    private static final int MAX_PUTS = 400;
    private static final String REFUSED_FOR_SPACE = "jangada_requests_refused_total{limit=\"space\"}";
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final List<Mount> disks = new ArrayList<>();
    private final Set<Integer> acknowledged = new TreeSet<>();
    private final ByteString value = ByteString.copyFrom(new byte[(int) MEGABYTE]);
    private int next;

    FullDiskTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void fullDisksRefuseWritesServeReadsLoseNothingAndResumeByThemselves() {
        try {
            for (int node = 1; node <= 3; node++) {
                disks.add(Mount.small(folder.resolve("n" + node), DISK_MEGABYTES));
            }
            List<String> flags = List.of("--disk-reserve", Long.toString(RESERVE));
            try (RealCluster cluster = RealCluster.start(3, 0, folder, flags);
                    MemberChannels channels = new MemberChannels(cluster.endpoints())) {
                allDisksFillUp(cluster, channels);
                oneDiskIsFullToTheLastByte(cluster, channels);
                assertThat(cluster.nodes()).allMatch(ServerNode::isRunning);
            }
        } finally {
            disks.forEach(Mount::close);
        }
    }

    private void allDisksFillUp(RealCluster cluster, MemberChannels channels) {
        // So much is left that the log's next segments and the store use it up.
        disks.forEach(disk -> disk.leave(RESERVE + 80 * MEGABYTE));
        int asked = 0;
        Status refusal = Status.OK;
        while (refusal.isOk() && asked < MAX_PUTS) {
            refusal = put(channels, asked++ % 3);
        }
        assertThat(refusal.getCode()).as(cluster.logs()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refusal.getDescription()).isEqualTo("etcdserver: mvcc: database space exceeded");
        long left = disks.stream().mapToLong(Mount::usableBytes).min().orElseThrow();
        System.out.println("FullDiskTest: refused after " + acknowledged.size() + " MiB, with " + left
                + " bytes usable on the fullest disk and a reserve of " + RESERVE);
        int leader = cluster.awaitLeader(channels, CHANGE_LIMIT);
        for (int member = 0; member < 3; member++) {
            assertThat(put(channels, member).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            requireAll(channels, member);
        }
        StatusResponse status = channels.status(leader, CALL_LIMIT);
        assertThat(status.getErrorsList()).anyMatch(error -> error.startsWith("alarm:NOSPACE"));
        assertThat(HealthProbe.isHealthy(cluster.endpoints().get(leader))).isFalse();
        metricsSayThatAllRefuse(cluster, leader);
        disks.forEach(Mount::free);
        awaitPut(cluster, channels, leader);
        assertThat(channels.status(leader, CALL_LIMIT).getErrorsList()).isEmpty();
        assertThat(MetricsProbe.read(cluster.endpoints().get(leader)))
                .containsEntry(level("ample"), 1.0)
                .containsEntry(level("scarce"), 0.0);
        assertThat(cluster.nodes().get(leader).log())
                .containsOnlyOnce("takes no commands when it leads")
                .containsOnlyOnce("has room again");
    }

    /** Nobody has failed, and whoever looks only at the figures sees that there is no room and that clients are told so. */
    private static void metricsSayThatAllRefuse(RealCluster cluster, int leader) {
        for (String endpoint : cluster.endpoints()) {
            assertThat(MetricsProbe.read(endpoint))
                    .as(endpoint)
                    .hasEntrySatisfying(
                            REFUSED_FOR_SPACE, count -> assertThat(count).isGreaterThanOrEqualTo(1))
                    .containsEntry("jangada_node_failed", 0.0);
        }
        assertThat(MetricsProbe.read(cluster.endpoints().get(leader)))
                .containsEntry("etcd_server_is_leader", 1.0)
                .containsEntry(level("ample"), 0.0)
                .hasEntrySatisfying(
                        "jangada_disk_reserve_bytes", bytes -> assertThat(bytes).isGreaterThanOrEqualTo(RESERVE))
                .hasEntrySatisfying("jangada_disk_usable_bytes", bytes -> assertThat(bytes)
                        .isBetween(1.0, (double) DISK_MEGABYTES * MEGABYTE));
    }

    private static String level(String name) {
        return "jangada_disk_space_level{level=\"" + name + "\"}";
    }

    /** The others go on; the full one falls behind without failing, and catches up. */
    private void oneDiskIsFullToTheLastByte(RealCluster cluster, MemberChannels channels) {
        int leader = cluster.awaitLeader(channels, CHANGE_LIMIT);
        int full = (leader + 1) % 3;
        disks.get(full).fill();
        Waiting.until(
                "the node sees that its disk is full",
                CHANGE_LIMIT,
                () -> channels.state(full, CALL_LIMIT).getDisk().getLevel().equals("EXHAUSTED"),
                cluster::logs);
        for (int i = 0; i < 20; i++) {
            assertThat(put(channels, leader)).as(cluster.logs()).isEqualTo(Status.OK);
        }
        assertThat(put(channels, full).getDescription()).isEqualTo("etcdserver: mvcc: database space exceeded");
        assertThat(MetricsProbe.read(cluster.endpoints().get(full))).containsEntry(level("exhausted"), 1.0);
        requireAll(channels, leader);
        disks.get(full).free();
        awaitPut(cluster, channels, full);
        requireAll(channels, full);
    }

    /** Writes a megabyte, and remembers it if it was acknowledged. */
    private Status put(MemberChannels channels, int member) {
        int key = next++;
        try {
            channels.kv(member, CALL_LIMIT)
                    .put(PutRequest.newBuilder()
                            .setKey(key(key))
                            .setValue(value)
                            .build());
            acknowledged.add(key);
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private void awaitPut(RealCluster cluster, MemberChannels channels, int member) {
        Waiting.until(
                "writes are taken again",
                CHANGE_LIMIT,
                () -> put(channels, member).isOk(),
                cluster::logs);
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8(String.format("disk/%06d", number));
    }

    /** Linearizably, from this member. */
    private void requireAll(MemberChannels channels, int member) {
        RangeResponse all = channels.kv(member, CALL_LIMIT)
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("disk/"))
                        .setRangeEnd(ByteString.copyFromUtf8("disk0"))
                        .setKeysOnly(true)
                        .build());
        List<ByteString> found =
                all.getKvsList().stream().map(each -> each.getKey()).toList();
        assertThat(found)
                .containsAll(acknowledged.stream().map(FullDiskTest::key).toList());
    }
}
