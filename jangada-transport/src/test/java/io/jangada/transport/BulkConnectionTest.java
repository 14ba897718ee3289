package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.GroupId;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.transport.wire.Frames;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.RefusalReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Snapshots travel beside everything else, on a connection that is there only while there are some. */
@Timeout(60)
class BulkConnectionTest {
    private static final GroupId GROUP = GroupId.FIRST;
    private static final int CHUNK = 1 << 20;

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private final ServerSocket server = listen();
    private final Recorder receiver = new Recorder();

    private static ServerSocket listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReceiveBufferSize(16 << 10);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.setSoTimeout(10_000);
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException("no free port: " + e.getMessage(), e);
        }
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static Message chunk(int number) {
        byte[] bytes = new byte[CHUNK];
        bytes[0] = (byte) number;
        SnapshotMeta meta = new SnapshotMeta(9, 1, new MembershipAt(0, Membership.ofVoters(N1, N2)), 1L << 40, 7);
        return new SnapshotRequest(N1, N2, 1, meta, (long) number * CHUNK, bytes);
    }

    private static Message heartbeat(long round) {
        return new HeartbeatRequest(N1, N2, 1, round, 0);
    }

    @Test
    void snapshotsGoAndAnswersComeBack() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at2 = new Recorder();
        TransportTiming timing = Net.TIMING.withBulkIdleMillis(300);
        try (TcpTransport t1 = TcpTransport.start(Net.config(N1, addresses).withTiming(timing));
                TcpTransport t2 = TcpTransport.start(Net.config(N2, addresses))) {
            t1.register(GROUP, receiver);
            t2.register(GROUP, at2);
            assertThat(receiver.nextConnected()).isEqualTo(N2);
            assertThat(at2.nextConnected()).isEqualTo(N1);
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 3; i++) {
                    t1.send(GROUP, chunk(i));
                }
                for (int i = 0; i < 3; i++) {
                    assertThat(at2.nextMessage()).isEqualTo(chunk(i));
                }
                Message answer = new SnapshotResponse(N2, N1, 1, 9, 7, SnapshotOutcome.WANTS_MORE, 3);
                t2.send(GROUP, answer);
                assertThat(receiver.nextMessage()).isEqualTo(answer);
                assertThat(log.await("for a snapshot")).contains("node 1 connected from");
                assertThat(log.await("connection of node 1")).as("idle").contains("ended: closed by the peer");
            }
            assertThat(t2.stats().connectionsAccepted()).isEqualTo(3);
            assertThat(t2.stats().connectionsOpened()).isEqualTo(1);
            assertThat(t1.stats().dropped() + t2.stats().dropped()).isZero();
        }
    }

    /** A peer that does not read its snapshots: the queue is bounded, and heartbeats flow as if nothing were. */
    @Test
    void heartbeatsDoNotWaitBehindSnapshots() throws Exception {
        TransportLimits limits = new TransportLimits(2 * CHUNK, 32L << 20, 8L << 20, 8, 8);
        TransportConfig config = Net.config(N1, Map.of(N2, Net.at(server.getLocalPort())))
                .withTiming(TransportTiming.ofMillis(2_000, 10, 100, 20_000))
                .withLimits(limits);
        try (TcpTransport node = TcpTransport.start(config);
                RawPeer messages = new RawPeer(server.accept())) {
            node.register(GROUP, receiver);
            assertThat(messages.readHello().kindCode()).isZero();
            messages.send(HelloReply.accepted(0).encode());
            assertThat(receiver.nextConnected()).isEqualTo(N2);
            node.send(GROUP, chunk(0));
            try (RawPeer bulk = new RawPeer(server.accept())) {
                assertThat(bulk.readHello().kindCode()).isEqualTo(1);
                bulk.send(HelloReply.accepted(0).encode());
                // The first piece is on its way, so the connection is ready, and then nobody reads.
                bulk.readExactly(1);
                long slowest = 0;
                long total = 0;
                int beats = 200;
                for (int i = 1; i <= beats; i++) {
                    node.send(GROUP, chunk(i));
                    byte[] expected = Frames.encode(GROUP, heartbeat(i));
                    long began = System.nanoTime();
                    node.send(GROUP, heartbeat(i));
                    assertThat(messages.readExactly(expected.length)).isEqualTo(expected);
                    long took = System.nanoTime() - began;
                    slowest = Math.max(slowest, took);
                    total += took;
                }
                System.out.printf(
                        "heartbeats beside %d MiB of a snapshot that nobody reads: mean %.3f ms, slowest %.3f ms%n",
                        beats, total / 1e6 / beats, slowest / 1e6);
                TransportStats stats = node.stats();
                assertThat(stats.droppedQueueFull()).isGreaterThan(100);
                assertThat(stats.droppedQueueFull() + stats.sentMessages()).isGreaterThan(2L * beats - 10);
                assertThat(total / beats).isLessThan(20_000_000L);
                assertThat(slowest).isLessThan(500_000_000L);
            }
        }
    }

    @Test
    void piecesThatFindNoConnectionAreDroppedAndTheNextTryAgain() throws Exception {
        TransportConfig config = Net.config(N1, Map.of(N2, Net.at(server.getLocalPort())));
        try (TcpTransport node = TcpTransport.start(config);
                RawPeer messages = new RawPeer(server.accept())) {
            node.register(GROUP, receiver);
            messages.readHello();
            messages.send(HelloReply.accepted(0).encode());
            assertThat(receiver.nextConnected()).isEqualTo(N2);
            node.send(GROUP, chunk(1));
            try (RawPeer bulk = new RawPeer(server.accept())) {
                Hello hello = bulk.readHello();
                bulk.send(HelloReply.refused(RefusalReason.UNKNOWN_KIND, "nothing of the kind")
                        .encode());
                assertThat(hello.sender()).isEqualTo(N1);
                assertThat(bulk.awaitEnd()).isZero();
            }
            assertThat(log.await("cannot open a bulk connection, for a snapshot, to node 2"))
                    .startsWith("WARN")
                    .contains("refused with reason 2: nothing of the kind");
            assertThat(node.stats().droppedNotConnected()).isEqualTo(1);
            server.setSoTimeout(20);
            try (RawPeer bulk = acceptAfterSending(node)) {
                assertThat(bulk.readHello().kindCode()).isEqualTo(1);
                bulk.send(HelloReply.accepted(0).encode());
                assertThat(bulk.readExactly(6)[5]).isEqualTo((byte) 15);
            }
            node.send(GROUP, heartbeat(1));
            byte[] expected = Frames.encode(GROUP, heartbeat(1));
            assertThat(messages.readExactly(expected.length)).isEqualTo(expected);
        }
    }

    /** In the pause after the failure pieces are dropped, so the sender repeats, as it does. */
    private RawPeer acceptAfterSending(TcpTransport node) throws IOException {
        while (true) {
            node.send(GROUP, chunk(2));
            try {
                return new RawPeer(server.accept());
            } catch (java.net.SocketTimeoutException stillPausing) {
                assertThat(node.stats().droppedNotConnected()).isPositive();
            }
        }
    }
}
