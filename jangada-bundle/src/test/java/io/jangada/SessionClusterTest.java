package io.jangada;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.RaftNode;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.model.NodeId;
import io.jangada.node.SnapshotPolicy;
import io.jangada.session.Proposer;
import io.jangada.session.ResultCodec;
import io.jangada.session.Session;
import io.jangada.session.SessionClock;
import io.jangada.session.SessionOptions;
import io.jangada.session.SessionReply;
import io.jangada.session.SessionStateMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions in front of a real group of three whose leaders are closed and come back: every line stands there once. */
@Timeout(90)
class SessionClusterTest {
    private static final Pattern MARKED = Pattern.compile("// \\[([a-z ]+)\\n(.*?)\\n *// \\1\\]", Pattern.DOTALL);

    private static final int CLIENTS = 3;
    private static final int COMMANDS = 300;

    private final Path folder;
    private final List<String> addresses = new ArrayList<>();
    private final List<Lines> machines = new ArrayList<>();
    private final List<RaftNode<SessionReply<String>>> nodes = new CopyOnWriteArrayList<>();

    SessionClusterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void startThree() throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            reserved.add(socket);
            addresses.add("127.0.0.1:" + socket.getLocalPort());
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        for (int id = 1; id <= 3; id++) {
            machines.add(new Lines());
            nodes.add(startOne(id));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(RaftNode::close);
    }

    private RaftNode<SessionReply<String>> startOne(int id) throws IOException {
        Lines lines = machines.get(id - 1);
        // [wrap
        SessionStateMachine<String> machine = new SessionStateMachine<>(lines, ResultCodec.TEXT);
        Jangada<SessionReply<String>> builder = Jangada.builder(machine);
        // wrap]
        for (int other = 1; other <= 3; other++) {
            String address = addresses.get(other - 1);
            builder = other == id ? builder.self(NodeId.of(other), address) : builder.peer(NodeId.of(other), address);
        }
        return builder.directory(folder.resolve("node" + id))
                .snapshots(new SnapshotPolicy(200, 1 << 20))
                .snapshotLimits(new SnapshotLimits(20, 1 << 16, 100 << 20))
                .start();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private int leader() {
        for (int i = 0; i < 3; i++) {
            if (nodes.get(i).status().raft().leads()) {
                return i;
            }
        }
        return 0;
    }

    private void restart(int i) throws IOException {
        machines.set(i, new Lines());
        nodes.set(i, startOne(i + 1));
    }

    @Test
    void everyLineStandsThereOnceAlthoughLeadersAreClosedUnderLoad() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        // [any node
        Proposer<String> anyNode =
                command -> nodes.get(turn.getAndIncrement() % nodes.size()).propose(command);
        // any node]
        List<Session<String>> sessions = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            sessions.add(get(Session.open(anyNode, SessionOptions.DEFAULT, SessionClock.system())));
        }
        Map<String, CompletableFuture<String>> results = new LinkedHashMap<>();
        int closed = -1;
        for (int i = 0; i < COMMANDS; i++) {
            for (int client = 0; client < CLIENTS; client++) {
                String line = client + " " + i;
                results.put(line, sessions.get(client).submit(line.getBytes(StandardCharsets.UTF_8)));
                if (i >= 32) {
                    // So that there are always many in flight, and never too many.
                    assertThat(get(results.getOrDefault(client + " " + (i - 32), new CompletableFuture<>())))
                            .isNotEmpty();
                }
            }
            if (i == COMMANDS / 4 || i == COMMANDS * 3 / 4) {
                closed = leader();
                nodes.get(closed).close();
            } else if (i == COMMANDS / 2 || i == COMMANDS - 1) {
                restart(closed);
            }
        }
        Map<String, String> answers = new LinkedHashMap<>();
        for (Map.Entry<String, CompletableFuture<String>> each : results.entrySet()) {
            answers.put(each.getKey(), get(each.getValue()));
        }
        sessions.forEach(Session::close);
        for (int i = 0; i < 3; i++) {
            Lines lines = machines.get(i);
            List<String> all = get(nodes.get(i).read(lines::all));
            assertThat(all).containsExactlyInAnyOrderElementsOf(results.keySet());
            answers.forEach((line, number) ->
                    assertThat(all.get(Integer.parseInt(number) - 1)).isEqualTo(line));
        }
    }

    @Test
    void aSessionAtOneNode() throws Exception {
        RaftNode<SessionReply<String>> node = nodes.get(1);
        // [session
        Session<String> session = Session.open(node, SessionOptions.DEFAULT).get(30, TimeUnit.SECONDS);
        CompletableFuture<String> number = session.submit("a line".getBytes(StandardCharsets.UTF_8));
        // session]
        assertThat(get(number)).isEqualTo("1");
        assertThat(session.isOver()).isFalse();
        session.close();
        assertThat(get(nodes.get(2).read(machines.get(2)::all))).containsExactly("a line");
    }

    /** What the page shows is what is tested here, indentation aside. */
    @Test
    void thePageShowsTheseExamples() throws IOException {
        String page = Files.readString(Path.of("../docs/sessions.md"));
        Matcher example = MARKED.matcher(Files.readString(Path.of("src/test/java/io/jangada/SessionClusterTest.java")));
        int found = 0;
        while (example.find()) {
            found++;
            assertThat(page).contains(example.group(2).stripIndent());
        }
        assertThat(found).isEqualTo(3);
    }
}
