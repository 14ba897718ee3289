package io.jangada;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.node.SnapshotPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/embedding.md, run over real connections and real files. */
@Timeout(90)
class EmbeddingTest {
    private static final Pattern MARKED = Pattern.compile("// \\[([a-z ]+)\\n(.*?)\\n *// \\1\\]", Pattern.DOTALL);

    private final Path folder;
    private final List<String> addresses = new ArrayList<>();
    private final List<Registers> machines = new ArrayList<>();
    private final List<RaftNode<String>> nodes = new ArrayList<>();

    EmbeddingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void startThree() throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            reserved.add(socket);
            addresses.add("127.0.0.1:" + socket.getLocalPort());
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        for (int id = 1; id <= 3; id++) {
            machines.add(new Registers());
            nodes.add(startOne(id));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(RaftNode::close);
    }

    private RaftNode<String> startOne(int id) throws IOException {
        Jangada<String> builder = Jangada.builder(machines.get(id - 1))
                .directory(folder.resolve("node" + id))
                .snapshots(SnapshotPolicy.ON_REQUEST)
                .snapshotLimits(new SnapshotLimits(5, 1 << 10, 100 << 20))
                .leaseReads(true);
        for (int other = 1; other <= 3; other++) {
            String address = addresses.get(other - 1);
            builder = other == id ? builder.self(NodeId.of(other), address) : builder.peer(NodeId.of(other), address);
        }
        return builder.start();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static byte[] command(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsOfEveryLevelAnswer() throws Exception {
        RaftNode<String> node = nodes.get(0);
        Registers registers = machines.get(0);
        // [propose
        CompletableFuture<String> before = node.propose("greeting=hello".getBytes(StandardCharsets.UTF_8));
        // propose]
        assertThat(get(before)).isEmpty();
        // [reads
        CompletableFuture<String> fresh = node.read(() -> registers.text("greeting"));
        CompletableFuture<String> byLease = node.read(ReadLevel.LEASE, () -> registers.text("greeting"));
        CompletableFuture<String> nearlyFresh =
                node.read(ReadLevel.boundedStale(Duration.ofMillis(200)), () -> registers.text("greeting"));
        CompletableFuture<String> whateverIsHere = node.read(ReadLevel.LOCAL, () -> registers.text("greeting"));
        // reads]
        assertThat(get(fresh)).isEqualTo("hello");
        assertThat(get(byLease)).isEqualTo("hello");
        assertThat(get(nearlyFresh)).isEqualTo("hello");
        assertThat(get(whateverIsHere)).isEqualTo("hello");
    }

    @Test
    void aNodeJoinsARunningGroupGetsItsSnapshotAndReplacesAnother() throws Exception {
        RaftNode<String> node = nodes.get(0);
        for (int i = 0; i < 200; i++) {
            assertThat(get(node.propose(command("name" + i + "=text")))).isEmpty();
        }
        for (RaftNode<String> each : nodes) {
            assertThat(get(each.readBarrier())).isPositive();
            // [snapshot
            CompletableFuture<SnapshotMeta> taken = each.takeSnapshot();
            // snapshot]
            assertThat(get(taken).index()).isPositive();
        }
        Registers state = new Registers();
        machines.add(state);
        String address = addresses.get(3);
        Path data = folder.resolve("node4");
        // [join
        RaftNode<String> fourth = Jangada.builder(state)
                .self(NodeId.of(4), address)
                .directory(data)
                .join()
                .start();
        MembershipChange replace =
                MembershipChange.of(new MembershipStep.Replace(NodeId.of(4), MemberInfo.at(address), NodeId.of(3)));
        CompletableFuture<MembershipAt> replaced = node.changeMembership(replace, Duration.ofMinutes(1));
        // join]
        nodes.add(fourth);
        MembershipAt after = get(replaced);
        assertThat(after.membership().voters()).containsExactly(NodeId.of(1), NodeId.of(2), NodeId.of(4));
        assertThat(get(fourth.read(() -> state.text("name199")))).isEqualTo("text");
        // The first entries are in no log any more.
        assertThat(fourth.status().raft().firstIndex()).isGreaterThan(1);
        nodes.get(2).close();
        assertThat(get(fourth.propose(command("name0=other")))).isEqualTo("text");
        fourth.close();
        machines.set(3, new Registers());
        Registers again = machines.get(3);
        // Its folder says what it belongs to.
        RaftNode<String> restarted = Jangada.builder(again)
                .self(NodeId.of(4), address)
                .directory(data)
                .join()
                .start();
        nodes.set(3, restarted);
        assertThat(get(restarted.read(() -> again.text("name0")))).isEqualTo("other");
    }

    @Test
    void leadershipIsHandedOver() throws Exception {
        assertThat(get(nodes.get(0).propose(command("a=b")))).isEmpty();
        RaftNode<String> leader = nodes.stream()
                .filter(node -> node.status().raft().leads())
                .findFirst()
                .orElseThrow();
        // [transfer
        CompletableFuture<NodeId> next = leader.transferLeadership(NodeId.NONE, Duration.ofSeconds(2));
        // transfer]
        assertThat(get(next)).isNotEqualTo(leader.status().raft().self());
    }

    @Test
    void aNodeRestartsFromItsSnapshot() throws Exception {
        assertThat(get(nodes.get(0).propose(command("a=1")))).isEmpty();
        assertThat(get(nodes.get(0).takeSnapshot()).index()).isPositive();
        assertThat(get(nodes.get(1).propose(command("a=2")))).isEqualTo("1");
        nodes.get(0).close();
        machines.set(0, new Registers());
        nodes.set(0, startOne(1));
        assertThat(get(nodes.get(0).read(() -> machines.get(0).text("a")))).isEqualTo("2");
    }

    /** What the page shows is what is tested here, indentation aside. */
    @Test
    void thePageShowsTheseExamples() throws IOException {
        Path tests = Path.of("src/test/java/io/jangada");
        String page = Files.readString(Path.of("../docs/embedding.md"));
        String sources = Files.readString(tests.resolve("EmbeddingTest.java"))
                + Files.readString(tests.resolve("Registers.java")).replaceFirst("// docs.*\\[", "// [");
        Matcher example = MARKED.matcher(sources);
        int found = 0;
        while (example.find()) {
            found++;
            assertThat(page).contains(example.group(2).stripIndent());
        }
        assertThat(found).isEqualTo(6);
    }
}
