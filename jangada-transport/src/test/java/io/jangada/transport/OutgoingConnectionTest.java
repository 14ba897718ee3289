package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.api.GroupId;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.RefusalReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node does when the peer it dials is slow, silent, hostile or somebody else. The peer is played by the test. */
@Timeout(60)
class OutgoingConnectionTest {
    @RegisterExtension
    final LogCapture log = new LogCapture();

    private final ServerSocket server = listen();
    private final Recorder receiver = new Recorder();

    private static ServerSocket listen() {
        try {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
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

    private TcpTransport start(TransportTiming timing, TransportLimits limits) throws IOException {
        return start(timing, limits, NetThreads.epollAvailable());
    }

    private TcpTransport start(TransportTiming timing, TransportLimits limits, boolean epoll) throws IOException {
        TransportConfig config = Net.config(N1, Map.of(N2, Net.at(server.getLocalPort())))
                .withTiming(timing)
                .withLimits(limits);
        TcpTransport transport = TcpTransport.start(config, epoll);
        transport.register(GroupId.FIRST, receiver);
        return transport;
    }

    private TcpTransport start() throws IOException {
        return start(Net.TIMING, TransportLimits.DEFAULT);
    }

    private RawPeer accept() throws Exception {
        RawPeer peer = new RawPeer(server.accept());
        Hello hello = peer.readHello();
        assertThat(hello.address()).startsWith("127.0.0.1:");
        assertThat(hello).isEqualTo(new Hello(0, Net.CLUSTER, N1, N2, 0, hello.address()));
        return peer;
    }

    @Test
    void aRefusalIsLoggedWithItsReason() throws Exception {
        try (TcpTransport node = start();
                RawPeer peer = accept()) {
            peer.send(HelloReply.refused(RefusalReason.WRONG_RECEIVER, "this is the baker's shop")
                    .encode());
            assertThat(log.await("cannot connect to node 2 at 127.0.0.1:"))
                    .startsWith("WARN")
                    .contains("refused with reason 4: this is the baker's shop", "trying again");
            assertThat(peer.awaitEnd()).isZero();
            accept().close();
            assertThat(node.stats().connectionsOpened()).isZero();
            assertThat(node.stats().connectFailures()).isPositive();
        }
    }

    @Test
    void twoClustersDoNotMixAndBothSidesSayWhy() throws Exception {
        Map<io.jangada.core.model.NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        TransportConfig other = TransportConfig.of(
                        new ClusterId(0xD2), N2, addresses.getOrDefault(N2, Net.at(0)), addresses)
                .withTiming(Net.TIMING);
        try (TcpTransport t1 = TcpTransport.start(Net.config(N1, addresses));
                TcpTransport t2 = TcpTransport.start(other)) {
            String text = "it is node 2 of cluster d2, node 1 belongs to cluster c1";
            log.awaitAny("WARN refused a connection from", text);
            log.awaitAny("WARN cannot connect to node 1", text);
            log.awaitAny("WARN refused a connection from", "it is node 1 of cluster c1, node 2 belongs to cluster d2");
            log.awaitAny("WARN cannot connect to node 2", "it is node 1 of cluster c1, node 2 belongs to cluster d2");
            assertThat(t1.stats().connectionsOpened() + t2.stats().connectionsOpened())
                    .isZero();
        }
    }

    @Test
    void anAnswerThatIsNoneIsAFailure() throws Exception {
        try (TcpTransport node = start();
                RawPeer peer = accept()) {
            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(log.await("cannot connect to node 2")).contains("48545450 are not the answer of a node");
            assertThat(peer.awaitEnd()).isZero();
            assertThat(node.stats().connectionsOpened()).isZero();
        }
    }

    @Test
    void aPeerThatDoesNotAnswerIsTriedAgain() throws Exception {
        try (TcpTransport node = start(TransportTiming.ofMillis(200, 10, 50, 2_000), TransportLimits.DEFAULT);
                RawPeer first = accept()) {
            assertThat(log.await("cannot connect to node 2")).contains("did not answer the greeting within 200 ms");
            assertThat(first.awaitEnd()).isZero();
            try (RawPeer second = accept()) {
                second.send(HelloReply.accepted(0).encode());
                assertThat(receiver.nextConnected()).isEqualTo(N2);
                assertThat(log.await("connected to node 2")).contains("failed attempts before: ");
            }
            assertThat(node.stats().connectionsOpened()).isEqualTo(1);
        }
    }

    @Test
    void aPeerThatSpeaksOutOfTurnLosesTheConnection() throws Exception {
        try (TcpTransport node = start();
                RawPeer peer = accept()) {
            peer.send(HelloReply.accepted(0).encode());
            assertThat(receiver.nextConnected()).isEqualTo(N2);
            peer.send(new byte[] {1});
            assertThat(log.await("lost the connection to node 2")).contains("on which it has nothing to say");
            assertThat(peer.awaitEnd()).isZero();
            assertThat(node.stats().connectionsOpened()).isEqualTo(1);
        }
    }

    /** A peer that accepts and never reads: senders return at once, memory is bounded, and the connection is given up in the end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatNeverReadsHoldsUpNobody(boolean epoll) throws Exception {
        // More than the kernel's buffers at both ends can hold.
        long queue = 32L << 20;
        server.setReceiveBufferSize(16 << 10);
        Message append = new AppendRequest(N1, N2, 1, 0, 0, List.of(Entry.command(1, 1, new byte[64 << 10])), 0);
        try (TcpTransport node = start(
                        TransportTiming.ofMillis(2_000, 10, 50, 300),
                        new TransportLimits(1 << 20, queue, 8),
                        epoll && NetThreads.epollAvailable());
                RawPeer peer = accept()) {
            peer.send(HelloReply.accepted(0).encode());
            assertThat(receiver.nextConnected()).isEqualTo(N2);
            long slowest = 0;
            int sends = 3_000;
            for (int i = 0; i < sends; i++) {
                long began = System.nanoTime();
                node.send(GroupId.FIRST, append);
                slowest = Math.max(slowest, System.nanoTime() - began);
            }
            assertThat(slowest).isLessThan(1_000_000_000L);
            assertThat(node.stats().droppedQueueFull()).isPositive();
            String lost = log.await("lost the connection to node 2");
            if (epoll) {
                assertThat(lost)
                        .as("by whichever notices first, the kernel or we")
                        .containsAnyOf("timed out", "taken no bytes for 300 ms");
            } else {
                assertThat(lost).contains("taken no bytes for 300 ms");
            }
            try (RawPeer again = accept()) {
                again.send(HelloReply.accepted(0).encode());
                assertThat(receiver.nextConnected()).isEqualTo(N2);
                node.send(GroupId.FIRST, new HeartbeatRequest(N1, N2, 1, 1, 0));
                assertThat(again.readExactly(4)).containsExactly(0, 0, 0, 0x36);
            }
            TransportStats stats = node.stats();
            assertThat(stats.sentMessages() + stats.dropped()).isEqualTo(sends + 1L);
        }
    }

    /** On a slow link a large message takes longer than the patience with a peer that takes nothing; it is on its way all the same. */
    @Test
    void aPeerThatReadsSlowlyKeepsItsConnection() throws Exception {
        int size = 16 << 20;
        server.setReceiveBufferSize(16 << 10);
        Message large = new AppendRequest(N1, N2, 1, 0, 0, List.of(Entry.command(1, 1, new byte[size])), 0);
        ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
        try (TcpTransport node = start(
                        TransportTiming.ofMillis(2_000, 10, 50, 600),
                        new TransportLimits(2 * size, 4L * size, 8),
                        false);
                RawPeer peer = accept()) {
            peer.send(HelloReply.accepted(0).encode());
            assertThat(receiver.nextConnected()).isEqualTo(N2);
            node.send(GroupId.FIRST, large);
            node.send(GroupId.FIRST, large);
            int piece = 192 << 10;
            CountDownLatch left = new CountDownLatch(2 * size / piece);
            Future<?> reading = reader.scheduleAtFixedRate(
                    () -> {
                        try {
                            peer.readExactly(piece);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        left.countDown();
                    },
                    0,
                    20,
                    TimeUnit.MILLISECONDS);
            boolean readAll = left.await(20, TimeUnit.SECONDS);
            reading.cancel(false);
            assertThat(readAll).as("all arrives; log: " + log.lines()).isTrue();
            assertThat(log.lines()).noneMatch(line -> line.contains("lost the connection"));
        } finally {
            reader.shutdownNow();
        }
    }
}
