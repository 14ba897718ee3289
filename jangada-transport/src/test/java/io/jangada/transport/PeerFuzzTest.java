package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.FrameDecoder;
import io.jangada.transport.wire.FrameLayout;
import io.jangada.transport.wire.Frames;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.MalformedFrameException;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * More than 100,000 damaged frames, and some thousand damaged greetings, at the real port of a running node with a small heap.
 *
 * <p>Each connection greets, sends damaged frames up to the first that must be refused (which a decoder of the test's own decides), and
 * closes its sending half. The node must answer every such connection with an end, must have accepted exactly the frames the test counts as
 * accepted, must have logged a bounded number of lines, and must still serve a healthy peer.
 */
@Timeout(120)
class PeerFuzzTest {
    private static final int FRAMES = 100_000;
    private static final int GREETINGS = 4_000;
    private static final int MAX_FRAMES_PER_CONNECTION = 64;
    private static final long SEED = 20_26_11;
    private static final NodeId HEALTHY = NodeId.of(0x77);

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private final LongAdder frames = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unfinished = new LongAdder();
    private final LongAdder connections = new LongAdder();

    @Test
    void damagedFramesHurtNobody() throws Exception {
        long began = System.nanoTime();
        NodeId left = NodeId.of(0x21);
        NodeId right = NodeId.of(0x22);
        InetSocketAddress nowhere = Net.at(Net.freePort());
        Map<NodeId, InetSocketAddress> healthy = Net.freeAddresses(HEALTHY);
        Map<NodeId, InetSocketAddress> peers =
                Map.of(left, nowhere, right, nowhere, HEALTHY, healthy.getOrDefault(HEALTHY, nowhere));
        LongAdder received = new LongAdder();
        try (TcpTransport node = TcpTransport.start(Net.config(N1, peers))) {
            node.register(GroupId.FIRST, counting(received));
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                List<Callable<Integer>> attackers = List.of(
                        () -> attack(node.localAddress(), left, new SplittableRandom(SEED)),
                        () -> attack(node.localAddress(), right, new SplittableRandom(SEED + 1)));
                for (Future<Integer> attacker : threads.invokeAll(attackers)) {
                    assertThat(attacker.get()).isGreaterThanOrEqualTo(FRAMES / 2);
                }
            } finally {
                threads.shutdownNow();
            }
            int greetings = damagedGreetings(node.localAddress(), left);
            TransportStats stats = node.stats();
            report(began, greetings, stats);
            assertThat(stats.receivedMessages()).isEqualTo(accepted.sum());
            assertThat(received.sum() + stats.droppedNoReceiver()).isEqualTo(accepted.sum());
            assertThat(stats.malformedFrames()).isEqualTo(refused.sum());
            assertThat(stats.receiverFailures()).isZero();
            aHealthyPeerIsServed(node, healthy);
        }
        assertThat(log.lines()).hasSizeLessThan(500);
    }

    private void report(long began, int greetings, TransportStats stats) {
        System.out.printf(
                "fuzz: %,d damaged frames over %,d connections in %.1f s: %,d accepted as valid, %,d refused, %,d cut off"
                        + " by the end of their connection; %,d damaged greetings, %,d refused; seed %d%n",
                frames.sum(),
                connections.sum(),
                (System.nanoTime() - began) / 1e9,
                accepted.sum(),
                refused.sum(),
                unfinished.sum(),
                greetings,
                stats.connectionsRefused(),
                SEED);
    }

    private static MessageReceiver counting(LongAdder received) {
        return new MessageReceiver() {
            @Override
            public void receive(Message message) {
                received.increment();
            }

            @Override
            public void peerConnected(NodeId peer, long incarnation) {}
        };
    }

    private int attack(InetSocketAddress target, NodeId self, SplittableRandom random) throws Exception {
        FrameDecoder oracle = new FrameDecoder(self, N1);
        int maxFrameBytes = TransportLimits.DEFAULT.maxFrameBytes();
        List<byte[]> corpus = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            corpus.add(Frames.encode(GroupId.FIRST, Frames.randomMessage(random, self, N1)));
        }
        int sent = 0;
        while (sent < FRAMES / 2) {
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            burst.write(RawPeer.hello(0, Net.CLUSTER.value(), self, N1));
            int inBurst = 0;
            boolean inStep = true;
            while (inStep && inBurst < MAX_FRAMES_PER_CONNECTION) {
                byte[] frame = Frames.mutate(random, pick(corpus, random), pick(corpus, random));
                burst.write(frame);
                inBurst++;
                inStep = judge(oracle, frame, maxFrameBytes);
            }
            sent += inBurst;
            frames.add(inBurst);
            try (RawPeer peer = RawPeer.connect(target)) {
                connections.increment();
                peer.sendAndFinish(burst.toByteArray());
                peer.awaitEnd();
            }
        }
        return sent;
    }

    /** What the node must do with the frame; whether the next byte is the beginning of another one. */
    private boolean judge(FrameDecoder oracle, byte[] frame, int maxFrameBytes) {
        if (frame.length < FrameLayout.LENGTH_BYTES) {
            unfinished.increment();
            return false;
        }
        try {
            int size = FrameLayout.sizeOf(ByteBuffer.wrap(frame).getInt(0), maxFrameBytes);
            if (size > frame.length) {
                unfinished.increment();
                return false;
            }
            oracle.decode(ByteBuffer.wrap(frame, 0, size));
            accepted.increment();
            if (size == frame.length) {
                return true;
            }
            // A frame that ends before its bytes do: what is left is judged as the node will see it.
            byte[] rest = java.util.Arrays.copyOfRange(frame, size, frame.length);
            return judge(oracle, rest, maxFrameBytes);
        } catch (MalformedFrameException e) {
            refused.increment();
            return false;
        }
    }

    private static byte[] pick(List<byte[]> corpus, SplittableRandom random) {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private static int damagedGreetings(InetSocketAddress target, NodeId self) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        for (int i = 0; i < GREETINGS; i++) {
            byte[] hello = RawPeer.hello(0, Net.CLUSTER.value(), self, N1);
            hello[random.nextInt(Hello.MIN_BYTES)] ^= (byte) (1 << random.nextInt(8));
            byte[] damaged =
                    switch (random.nextInt(4)) {
                        case 0 -> hello;
                        case 1, 2 -> Frames.withChecksum(hello);
                        default -> java.util.Arrays.copyOf(hello, random.nextInt(Hello.MIN_BYTES));
                    };
            try (RawPeer peer = RawPeer.connect(target)) {
                peer.sendAndFinish(damaged);
                peer.awaitEnd();
            }
        }
        return GREETINGS;
    }

    private static void aHealthyPeerIsServed(TcpTransport node, Map<NodeId, InetSocketAddress> addresses)
            throws Exception {
        Recorder ofNode = new Recorder();
        Recorder ofPeer = new Recorder();
        GroupId group = new GroupId(9);
        node.register(group, ofNode);
        InetSocketAddress nodeAddress = Net.at(node.localAddress().getPort());
        TransportConfig config = TransportConfig.of(
                        Net.CLUSTER, HEALTHY, addresses.getOrDefault(HEALTHY, Net.at(0)), Map.of(N1, nodeAddress))
                .withTiming(Net.TIMING);
        try (TcpTransport peer = TcpTransport.start(config)) {
            peer.register(group, ofPeer);
            assertThat(ofPeer.nextConnected()).isEqualTo(N1);
            assertThat(ofNode.nextConnected()).isEqualTo(HEALTHY);
            peer.send(group, new HeartbeatRequest(HEALTHY, N1, 1, 1, 0));
            assertThat(ofNode.nextMessage()).isEqualTo(new HeartbeatRequest(HEALTHY, N1, 1, 1, 0));
            node.send(group, new HeartbeatRequest(N1, HEALTHY, 1, 2, 0));
            assertThat(ofPeer.nextMessage()).isEqualTo(new HeartbeatRequest(N1, HEALTHY, 1, 2, 0));
        }
    }
}
