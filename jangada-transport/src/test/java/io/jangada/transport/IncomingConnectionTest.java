package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static io.jangada.transport.Net.N3;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.GroupId;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.transport.wire.Frames;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.Protocol;
import io.jangada.transport.wire.RefusalReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node does with whatever comes in at its peer port. */
@Timeout(60)
class IncomingConnectionTest {
    private static final long CLUSTER = Net.CLUSTER.value();
    private static final byte[] GOOD_HELLO = RawPeer.hello(0, CLUSTER, N2, N1);

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private final Recorder receiver = new Recorder();
    private TcpTransport node = startedLater();

    private static TcpTransport startedLater() {
        try {
            return TcpTransport.start(Net.config(N1, Map.of(N2, Net.at(1)))
                    .withLimits(new TransportLimits(4_096, 1 << 20, 1 << 20, 3, 4))
                    .withTiming(TransportTiming.ofMillis(300, 500, 500, 2_000)));
        } catch (IOException e) {
            throw new IllegalStateException("cannot start the node under test: " + e.getMessage(), e);
        }
    }

    @BeforeEach
    void register() {
        node.register(GroupId.FIRST, receiver);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private RawPeer connect() throws IOException {
        return RawPeer.connect(node.localAddress());
    }

    private void refused(byte[] hello, RefusalReason reason, String... parts) throws Exception {
        long before = node.stats().connectionsRefused();
        try (RawPeer peer = connect().send(hello)) {
            HelloReply reply = peer.reply();
            assertThat(reply.code()).isEqualTo(reason.code());
            assertThat(reply.text()).contains(parts);
            assertThat(peer.awaitEnd()).isZero();
        }
        assertThat(log.await("refused a connection from /127.0.0.1:"))
                .startsWith("WARN")
                .contains(parts);
        assertThat(node.stats().connectionsRefused()).isEqualTo(before + 1);
        assertThat(node.stats().connectionsAccepted()).isZero();
    }

    @Test
    void anotherClusterIsRefused() throws Exception {
        refused(
                RawPeer.hello(0, 0xBAD, N2, N1),
                RefusalReason.OTHER_CLUSTER,
                "node 2 of cluster bad",
                "node 1 belongs to cluster c1",
                "correct the peer addresses");
    }

    @Test
    void whoHasNoIdentityOrThatOfThisNodeIsRefused() throws Exception {
        refused(
                RawPeer.hello(0, CLUSTER, NodeId.NONE, N1),
                RefusalReason.UNKNOWN_SENDER,
                "it says that it is node none",
                "node id 0 is reserved");
        refused(
                RawPeer.hello(0, CLUSTER, N1, N1),
                RefusalReason.UNKNOWN_SENDER,
                "it says that it is node 1, and that is the node that answers here",
                "an id of its own");
    }

    /** Servers process requests without consulting their membership (thesis §4.1). */
    @Test
    void aNodeThatIsNoMemberIsHeard() throws Exception {
        try (RawPeer stranger = connect().send(RawPeer.hello(0, CLUSTER, N3, N1))) {
            assertThat(stranger.reply().isAccepted()).isTrue();
            stranger.send(heartbeat(N3, N1, 4));
            assertThat(receiver.nextMessage()).isEqualTo(new HeartbeatRequest(N3, N1, 1, 4, 0));
        }
    }

    @Test
    void onlySoManyNodesMayBeUnknown() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (RawPeer stranger = connect().send(RawPeer.hello(0, CLUSTER, NodeId.of(100 + i), N1))) {
                HelloReply reply = stranger.reply();
                assertThat(reply.isAccepted()).isEqualTo(i < 4);
                if (i == 4) {
                    assertThat(reply.code()).isEqualTo(RefusalReason.UNKNOWN_SENDER.code());
                    assertThat(reply.text()).contains("node 68 is not known to node 1", "4 others", "maxUnknownPeers");
                }
            }
        }
        try (RawPeer known = connect().send(RawPeer.hello(0, CLUSTER, NodeId.of(100), N1));
                RawPeer peer = connect().send(GOOD_HELLO)) {
            assertThat(known.reply().isAccepted()).isTrue();
            assertThat(peer.reply().isAccepted()).isTrue();
        }
    }

    @Test
    void messagesAndSnapshotsHaveConnectionsOfTheirOwn() throws Exception {
        try (RawPeer messages = connect().send(GOOD_HELLO);
                RawPeer bulk = connect().send(RawPeer.hello(1, CLUSTER, N2, N1))) {
            assertThat(messages.reply().isAccepted()).isTrue();
            assertThat(bulk.reply().isAccepted()).isTrue();
            SnapshotMeta meta = new SnapshotMeta(1, 1, new MembershipAt(0, Membership.ofVoters(N1)), 9, 9);
            Message chunk = new SnapshotRequest(N2, N1, 1, meta, 0, new byte[5]);
            bulk.send(Frames.encode(GroupId.FIRST, chunk));
            assertThat(receiver.nextMessage()).isEqualTo(chunk);
            messages.send(heartbeat(N2, N1, 4));
            assertThat(receiver.nextMessage()).isEqualTo(new HeartbeatRequest(N2, N1, 1, 4, 0));
            try (RawPeer newer = connect().send(RawPeer.hello(1, CLUSTER, N2, N1))) {
                assertThat(newer.reply().isAccepted()).isTrue();
                assertThat(bulk.awaitEnd()).isZero();
                messages.send(heartbeat(N2, N1, 5));
                assertThat(receiver.nextMessage()).isEqualTo(new HeartbeatRequest(N2, N1, 1, 5, 0));
            }
        }
    }

    @Test
    void anAddressBeyondTheLimitIsRefusedBeforeItIsThere() throws Exception {
        byte[] hello = GOOD_HELLO.clone();
        hello[6] = 2;
        refused(hello, RefusalReason.MALFORMED, "greeting with an address of 512 bytes; at most 300");
    }

    @Test
    void whoLooksForAnotherNodeIsRefused() throws Exception {
        refused(
                RawPeer.hello(0, CLUSTER, N2, N3),
                RefusalReason.WRONG_RECEIVER,
                "node 2 looks for node 3, this is node 1",
                "correct the address of node 3");
    }

    @Test
    void anotherVersionIsRefusedWhateverFollowsIt() throws Exception {
        refused(
                new byte[] {'J', 'N', 'G', 'D', 9},
                RefusalReason.UNSUPPORTED_VERSION,
                "version 9 of the peer protocol, node 1 speaks " + Protocol.VERSION);
    }

    @Test
    void anUnknownKindOfConnectionIsRefused() throws Exception {
        refused(RawPeer.hello(2, CLUSTER, N2, N1), RefusalReason.UNKNOWN_KIND, "a connection of kind 2");
    }

    @Test
    void aDamagedGreetingIsRefused() throws Exception {
        byte[] damaged = GOOD_HELLO.clone();
        damaged[20] ^= 1;
        refused(damaged, RefusalReason.MALFORMED, "greeting with checksum");
    }

    @Test
    void aWebBrowserIsRefused() throws Exception {
        refused(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                RefusalReason.MALFORMED,
                "47455420 (\"GET \")",
                "this port is for the nodes of a cluster only");
    }

    @Test
    void whoSaysNothingIsClosedInTime() throws Exception {
        try (RawPeer silent = connect();
                RawPeer halfway = connect().send(new byte[] {'J', 'N', 'G', 'D', Protocol.VERSION, 0, 0})) {
            assertThat(silent.awaitEnd()).isZero();
            assertThat(halfway.awaitEnd()).isZero();
        }
        assertThat(log.await("did not say who it is within 300 ms")).startsWith("WARN refused a connection");
        assertThat(node.stats().connectionsRefused()).isEqualTo(2);
    }

    @Test
    void whoHangsUpAtOnceIsCounted() throws Exception {
        connect().close();
        assertThat(log.await("hung up before")).startsWith("WARN refused a connection");
    }

    @Test
    void onlySoManyMayTakeTheirTime() throws Exception {
        List<RawPeer> silent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            silent.add(connect());
        }
        assertThat(log.await("too many connections")).contains("maxPendingHandshakes, 3");
        for (RawPeer peer : silent) {
            assertThat(peer.awaitEnd()).isZero();
            peer.close();
        }
        try (RawPeer good = connect().send(GOOD_HELLO)) {
            assertThat(good.reply().isAccepted()).isTrue();
        }
    }

    @Test
    void identicalRefusalsAreLoggedOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawPeer peer = connect().send(RawPeer.hello(0, CLUSTER, N2, N3))) {
                assertThat(peer.reply().isAccepted()).isFalse();
            }
        }
        assertThat(log.lines())
                .filteredOn(line -> line.contains("looks for node 3"))
                .hasSize(1);
        assertThat(node.stats().connectionsRefused()).isEqualTo(20);
    }

    @Test
    void aNewerConnectionOfTheSameNodeReplacesTheOlder() throws Exception {
        try (RawPeer older = connect().send(GOOD_HELLO)) {
            assertThat(older.reply().isAccepted()).isTrue();
            try (RawPeer newer = connect().send(GOOD_HELLO)) {
                assertThat(newer.reply().isAccepted()).isTrue();
                assertThat(older.awaitEnd()).isZero();
                assertThat(log.await("connection of node 2")).contains("replaced by a newer one");
                newer.send(heartbeat(N2, N1, 4));
                assertThat(receiver.nextMessage()).isEqualTo(new HeartbeatRequest(N2, N1, 1, 4, 0));
            }
        }
    }

    private static byte[] heartbeat(NodeId from, NodeId to, long round) {
        return Frames.encode(GroupId.FIRST, new HeartbeatRequest(from, to, 1, round, 0));
    }

    /** Sends a good message, then the bad bytes: the first arrives, the connection ends with a warning, and the node goes on. */
    private void closedOver(byte[] bad, String... parts) throws Exception {
        long before = node.stats().malformedFrames();
        try (RawPeer peer = connect().send(GOOD_HELLO)) {
            assertThat(peer.reply().isAccepted()).isTrue();
            peer.send(heartbeat(N2, N1, 1)).send(bad);
            assertThat(peer.awaitEnd()).isZero();
        }
        assertThat(receiver.nextMessage()).isEqualTo(new HeartbeatRequest(N2, N1, 1, 1, 0));
        assertThat(log.await("closing the connection of node 2 from /127.0.0.1:"))
                .startsWith("WARN")
                .contains("malformed input")
                .contains(parts);
        assertThat(node.stats().malformedFrames()).isEqualTo(before + 1);
        try (RawPeer good = connect().send(GOOD_HELLO)) {
            assertThat(good.reply().isAccepted()).isTrue();
            good.send(heartbeat(N2, N1, 2));
            assertThat(receiver.nextMessage()).isEqualTo(new HeartbeatRequest(N2, N1, 1, 2, 0));
        }
    }

    @Test
    void messagesInAnotherNodesNameAreRefused() throws Exception {
        closedOver(heartbeat(N3, N1, 1), "'from' = 3", "handshake says 2");
    }

    @Test
    void messagesForAnotherNodeAreRefused() throws Exception {
        closedOver(heartbeat(N2, N3, 1), "'to' = 3", "handshake says 1");
    }

    /** Four bytes are enough: nothing is awaited and nothing is allocated for what they announce. */
    @Test
    void aLengthBeyondTheLimitEndsTheConnectionAtOnce() throws Exception {
        closedOver(
                ByteBuffer.allocate(4).putInt(0x7FFF_FFF0).array(),
                "frame of 2147483636 bytes; at most 4096 are allowed",
                "maxFrameBytes");
    }

    @Test
    void aNegativeLengthEndsTheConnection() throws Exception {
        closedOver(ByteBuffer.allocate(4).putInt(-1).array(), "frame of 4294967299 bytes");
    }

    @Test
    void aLengthBelowAnyFrameEndsTheConnection() throws Exception {
        closedOver(ByteBuffer.allocate(4).putInt(3).array(), "frame of 7 bytes; the smallest possible one has 42");
    }

    @Test
    void aDamagedFrameEndsTheConnection() throws Exception {
        byte[] frame = heartbeat(N2, N1, 1);
        frame[40] ^= 4;
        closedOver(frame, "frame with checksum");
    }

    @Test
    void anUnknownMessageEndsTheConnection() throws Exception {
        byte[] frame = heartbeat(N2, N1, 1);
        frame[5] = 77;
        closedOver(Frames.withChecksum(frame), "message type 77");
    }

    @Test
    void aFrameOfAnotherVersionEndsTheConnection() throws Exception {
        byte[] frame = heartbeat(N2, N1, 1);
        frame[4] = Protocol.VERSION + 1;
        closedOver(Frames.withChecksum(frame), "frame of version " + (Protocol.VERSION + 1));
    }

    @Test
    void aPeerThatDiesInTheMiddleOfAFrameIsNoAlarm() throws Exception {
        byte[] frame = heartbeat(N2, N1, 1);
        try (RawPeer peer = connect().send(GOOD_HELLO)) {
            assertThat(peer.reply().isAccepted()).isTrue();
            peer.send(java.util.Arrays.copyOf(frame, 20));
        }
        assertThat(log.await("connection of node 2")).startsWith("INFO").contains("ended: ");
        assertThat(node.stats().malformedFrames()).isZero();
        Message none = new HeartbeatRequest(N2, N1, 1, 1, 0);
        assertThat(receiver.waiting()).as("no " + none).isZero();
    }
}
