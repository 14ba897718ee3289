package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.DiskStatus;
import io.jangada.api.StorageSpace;
import io.jangada.api.error.OverloadedException;
import io.jangada.core.model.DiskStall;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SpaceLevel;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.server.api.TestPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a Prometheus gets to read, and that it follows what happens. */
class MetricsEndpointTest {
    /** Each line is a comment with help or type, or a sample: a name, labels or none, a value. Nothing else is in the format. */
    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_]+) (.+)");

    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_]+) (counter|gauge)");
    private static final Pattern SAMPLE =
            Pattern.compile("(([a-z_]+)(\\{[a-z]+=\"[a-z]+\"})?) (\\+Inf|NaN|-?[0-9.]+(?:E[0-9]+)?)");

    private final TestPort port = new TestPort();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        port.close();
    }

    /** A page, taken apart as strictly as the format is. */
    private static final class Page {
        private final Map<String, String> types = new TreeMap<>();
        private final Map<String, Double> samples = new HashMap<>();

        Page(String text) {
            assertThat(text).endsWith("\n");
            Map<String, String> help = new HashMap<>();
            text.lines().forEach(line -> {
                Matcher helping = HELP.matcher(line);
                Matcher typing = TYPE.matcher(line);
                if (helping.matches()) {
                    assertThat(help.put(helping.group(1), helping.group(2)))
                            .as(line)
                            .isNull();
                } else if (typing.matches()) {
                    assertThat(types.put(typing.group(1), typing.group(2)))
                            .as(line)
                            .isNull();
                } else {
                    addSample(line);
                }
            });
            assertThat(help.keySet()).isEqualTo(types.keySet());
        }

        private void addSample(String line) {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            assertThat(types).as(line).containsKey(sample.group(2));
            Double value = Double.valueOf(sample.group(4).replace("+Inf", "Infinity"));
            assertThat(samples.put(sample.group(1), value)).as(line).isNull();
        }

        double of(String sample) {
            return Objects.requireNonNull(samples.get(sample), () -> sample + " is not in " + samples.keySet());
        }
    }

    @Test
    void everyMetricHasItsNameAndItsType() throws Exception {
        HttpResponse<String> answer = get("GET");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        Map<String, String> expected = new TreeMap<>();
        List.of(
                        "etcd_mvcc_db_total_size_in_bytes",
                        "etcd_mvcc_db_total_size_in_use_in_bytes",
                        "etcd_server_has_leader",
                        "etcd_server_is_leader",
                        "etcd_server_is_learner",
                        "jangada_disk_reserve_bytes",
                        "jangada_disk_space_level",
                        "jangada_disk_stalled_seconds",
                        "jangada_disk_usable_bytes",
                        "jangada_log_first_index",
                        "jangada_log_last_index",
                        "jangada_node_failed",
                        "jangada_raft_applied_index",
                        "jangada_raft_commit_index",
                        "jangada_raft_term",
                        "jangada_snapshot_index")
                .forEach(name -> expected.put(name, "gauge"));
        List.of(
                        "etcd_server_leader_changes_seen_total",
                        "etcd_server_proposals_applied_total",
                        "etcd_server_proposals_committed_total",
                        "jangada_requests_refused_total")
                .forEach(name -> expected.put(name, "counter"));
        assertThat(new Page(answer.body()).types).isEqualTo(expected);
    }

    @Test
    void theFiguresOfTheLogFollowIt() throws Exception {
        Page before = page();
        assertThat(before.of("jangada_raft_term")).isEqualTo(3);
        assertThat(before.of("jangada_log_first_index")).isEqualTo(1);
        assertThat(before.of("jangada_snapshot_index")).isZero();
        double index = before.of("jangada_raft_applied_index");
        put("a");
        put("b");
        port.node().lagBehind(5);
        Page after = page();
        assertThat(after.of("jangada_raft_applied_index")).isEqualTo(index + 2);
        assertThat(after.of("etcd_server_proposals_applied_total")).isEqualTo(index + 2);
        assertThat(after.of("jangada_raft_commit_index")).isEqualTo(index + 7);
        assertThat(after.of("etcd_server_proposals_committed_total")).isEqualTo(index + 7);
        assertThat(after.of("jangada_log_last_index")).isEqualTo(index + 2);
        assertThat(after.of("etcd_mvcc_db_total_size_in_bytes"))
                .isGreaterThan(before.of("etcd_mvcc_db_total_size_in_bytes"))
                .isGreaterThanOrEqualTo(after.of("etcd_mvcc_db_total_size_in_use_in_bytes"));
    }

    @Test
    void leadersAreSeenComeAndGo() throws Exception {
        Page first = page();
        assertThat(first.of("etcd_server_has_leader")).isEqualTo(1);
        assertThat(first.of("etcd_server_is_leader")).isEqualTo(1);
        assertThat(first.of("etcd_server_is_learner")).isZero();
        assertThat(first.of("etcd_server_leader_changes_seen_total")).isEqualTo(1);
        port.node().lead(NodeId.NONE, 4);
        Page without = page();
        assertThat(without.of("etcd_server_has_leader")).isZero();
        assertThat(without.of("etcd_server_is_leader")).isZero();
        assertThat(without.of("etcd_server_leader_changes_seen_total")).isEqualTo(1);
        assertThat(without.of("jangada_raft_term")).isEqualTo(4);
        port.node().lead(NodeId.of(0x22), 5);
        port.node().lead(NodeId.of(0x22), 6);
        Page other = page();
        assertThat(other.of("etcd_server_has_leader")).isEqualTo(1);
        assertThat(other.of("etcd_server_is_leader")).isZero();
        assertThat(other.of("etcd_server_leader_changes_seen_total")).isEqualTo(2);
    }

    @Test
    void aNodeThatHasFailedNeitherLeadsNorKnowsALeader() throws Exception {
        assertThat(page().of("jangada_node_failed")).isZero();
        port.node().fail(new IOException("no space left on device"));
        Page failed = page();
        assertThat(failed.of("jangada_node_failed")).isEqualTo(1);
        assertThat(failed.of("etcd_server_has_leader")).isZero();
        assertThat(failed.of("etcd_server_is_leader")).isZero();
    }

    @Test
    void theDiskIsAtOneLevelOfSpace() throws Exception {
        Page unlimited = page();
        assertThat(unlimited.of("jangada_disk_usable_bytes")).isInfinite();
        assertLevel(unlimited, SpaceLevel.AMPLE);
        for (SpaceLevel level : SpaceLevel.values()) {
            port.node().standOn(new DiskStatus(new StorageSpace("/data", 12, 345, level), DiskStall.NONE));
            Page page = page();
            assertLevel(page, level);
            assertThat(page.of("jangada_disk_usable_bytes")).isEqualTo(12);
            assertThat(page.of("jangada_disk_reserve_bytes")).isEqualTo(345);
            assertThat(page.of("jangada_disk_stalled_seconds")).isZero();
        }
    }

    @Test
    void aDiskThatHangsSaysForHowLong() throws Exception {
        port.node().standOn(new DiskStatus(StorageSpace.UNLIMITED, new DiskStall(1_500_000_000, 3)));
        assertThat(page().of("jangada_disk_stalled_seconds")).isEqualTo(1.5);
    }

    private static void assertLevel(Page page, SpaceLevel present) {
        assertThat(page.of("jangada_disk_space_level{level=\"ample\"}")).isEqualTo(present == SpaceLevel.AMPLE ? 1 : 0);
        assertThat(page.of("jangada_disk_space_level{level=\"scarce\"}"))
                .isEqualTo(present == SpaceLevel.SCARCE ? 1 : 0);
        assertThat(page.of("jangada_disk_space_level{level=\"exhausted\"}"))
                .isEqualTo(present == SpaceLevel.EXHAUSTED ? 1 : 0);
    }

    @Test
    void refusedRequestsAreCountedByLimitAndOthersAreNot() throws Exception {
        port.node().failNext(new OverloadedException(OverloadedException.Limit.SPACE, "no room"));
        assertThatThrownBy(() -> put("a")).hasMessageContaining("mvcc: database space exceeded");
        port.node().failNext(new OverloadedException(OverloadedException.Limit.SPACE, "no room"));
        assertThatThrownBy(() -> put("a")).hasMessageContaining("mvcc: database space exceeded");
        port.node().failNext(new OverloadedException("full"));
        assertThatThrownBy(() -> kv().range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("a"))
                        .build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("too many requests");
        assertThatThrownBy(() -> put("")).hasMessageContaining("key is not provided");
        put("b");
        Page page = page();
        assertThat(page.of("jangada_requests_refused_total{limit=\"space\"}")).isEqualTo(2);
        assertThat(page.of("jangada_requests_refused_total{limit=\"work\"}")).isEqualTo(1);
    }

    @Test
    void itIsOnlyRead() throws Exception {
        assertThat(get("DELETE").statusCode()).isEqualTo(405);
    }

    private KVGrpc.KVBlockingStub kv() {
        return port.client().build(KVGrpc.KVBlockingStub.class);
    }

    private void put(String key) {
        kv().put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build());
    }

    private Page page() throws IOException, InterruptedException {
        return new Page(get("GET").body());
    }

    private HttpResponse<String> get(String verb) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + port.authority() + "/metrics");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(verb, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
