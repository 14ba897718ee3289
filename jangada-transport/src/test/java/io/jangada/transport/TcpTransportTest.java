package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static io.jangada.transport.Net.N3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TcpTransportTest {
    private static final GroupId GROUP = GroupId.FIRST;

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private static TcpTransport start(TransportConfig config, MessageReceiver receiver) throws IOException {
        TcpTransport transport = TcpTransport.start(config);
        transport.register(GROUP, receiver);
        return transport;
    }

    private static Message heartbeat(NodeId from, NodeId to, long round) {
        return new HeartbeatRequest(from, to, 1, round, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesArriveInTheOrderInWhichTheyWereSent(boolean epoll) throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        boolean available = epoll && NetThreads.epollAvailable();
        try (TcpTransport t1 = TcpTransport.start(Net.config(N1, addresses), available);
                TcpTransport t2 = TcpTransport.start(Net.config(N2, addresses), available)) {
            t1.register(GROUP, at1);
            t2.register(GROUP, at2);
            assertThat(at1.nextConnected()).isEqualTo(N2);
            assertThat(at2.nextConnected()).isEqualTo(N1);
            int count = 20_000;
            for (int i = 0; i < count; i++) {
                t1.send(GROUP, i % 10 == 0 ? append(i) : heartbeat(N1, N2, i));
            }
            for (int i = 0; i < count; i++) {
                assertThat(at2.nextMessage()).isEqualTo(i % 10 == 0 ? append(i) : heartbeat(N1, N2, i));
            }
            t2.send(GROUP, heartbeat(N2, N1, 5));
            assertThat(at1.nextMessage()).isEqualTo(heartbeat(N2, N1, 5));
            assertThat(t1.stats().sentMessages()).isEqualTo(count);
            assertThat(t1.stats().dropped()).isZero();
            assertThat(t2.stats().receivedBytes()).isEqualTo(t1.stats().sentBytes());
        }
    }

    private static Message append(int round) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            entries.add(Entry.command(round + i, 1, new byte[(round * 31 + i * 97) % 5_000]));
        }
        return new AppendRequest(N1, N2, 1, round, 1, entries, 0);
    }

    @Test
    void threeNodesTalkToEachOther() throws Exception {
        List<NodeId> nodes = List.of(N1, N2, N3);
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2, N3);
        List<Recorder> receivers = List.of(new Recorder(), new Recorder(), new Recorder());
        try (TcpTransport t1 = start(Net.config(N1, addresses).withIoThreads(2), receivers.get(0));
                TcpTransport t2 = start(Net.config(N2, addresses), receivers.get(1));
                TcpTransport t3 = start(Net.config(N3, addresses), receivers.get(2))) {
            for (Recorder receiver : receivers) {
                assertThat(receiver.nextConnected()).isNotEqualTo(receiver.nextConnected());
            }
            List<TcpTransport> transports = List.of(t1, t2, t3);
            for (int from = 0; from < 3; from++) {
                for (int to = 0; to < 3; to++) {
                    if (from != to) {
                        transports.get(from).send(GROUP, heartbeat(nodes.get(from), nodes.get(to), from * 10 + to));
                    }
                }
            }
            for (Recorder receiver : receivers) {
                assertThat(receiver.nextMessage().from())
                        .isNotEqualTo(receiver.nextMessage().from());
            }
        }
    }

    @Test
    void aPeerThatComesBackIsConnectedAgain() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at1 = new Recorder();
        try (TcpTransport t1 = start(Net.config(N1, addresses), at1)) {
            for (int run = 1; run <= 3; run++) {
                Recorder at2 = new Recorder();
                try (TcpTransport t2 = start(Net.config(N2, addresses), at2)) {
                    assertThat(at1.nextConnected()).isEqualTo(N2);
                    assertThat(at2.nextConnected()).isEqualTo(N1);
                    t1.send(GROUP, heartbeat(N1, N2, run));
                    assertThat(at2.nextMessage()).isEqualTo(heartbeat(N1, N2, run));
                    assertThat(t2.stats().connectionsAccepted()).isEqualTo(1);
                }
                assertThat(log.await("lost the connection to node 2")).startsWith("INFO");
            }
            t1.send(GROUP, heartbeat(N1, N2, 99));
            assertThat(t1.stats().droppedNotConnected()).isEqualTo(1);
            assertThat(log.await("cannot connect to node 2")).startsWith("WARN").contains("refused");
        }
    }

    @Test
    void aLateReceiverIsToldOfTheConnectionsThatAreThere() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder early = new Recorder();
        Recorder late = new Recorder();
        try (TcpTransport t1 = start(Net.config(N1, addresses), early);
                TcpTransport t2 = start(Net.config(N2, addresses), new Recorder())) {
            assertThat(early.nextConnected()).isEqualTo(N2);
            t1.register(new GroupId(7), late);
            assertThat(late.nextConnected()).isEqualTo(N2);
            assertThatThrownBy(() -> t1.register(GROUP, late))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("group 1 has a receiver already");
            t1.send(new GroupId(8), heartbeat(N1, N2, 1));
            t1.send(GROUP, heartbeat(N1, N2, 2));
            assertThat(log.await("connected to node 2")).contains("127.0.0.1:");
            assertThat(t2.stats().malformedFrames()).isZero();
        }
    }

    @Test
    void messagesOfAGroupWithoutAReceiverAreDroppedAndTheConnectionStays() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        try (TcpTransport t1 = start(Net.config(N1, addresses), at1);
                TcpTransport t2 = start(Net.config(N2, addresses), at2)) {
            at1.nextConnected();
            t1.send(new GroupId(8), heartbeat(N1, N2, 1));
            t1.send(GROUP, heartbeat(N1, N2, 2));
            assertThat(at2.nextMessage()).isEqualTo(heartbeat(N1, N2, 2));
            assertThat(t2.stats().droppedNoReceiver()).isEqualTo(1);
            assertThat(at2.waiting()).isZero();
        }
    }

    @Test
    void aReceiverThatThrowsCostsNobodyTheConnection() throws Exception {
        log.expectErrors();
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at1 = new Recorder();
        Recorder other = new Recorder();
        MessageReceiver broken = new MessageReceiver() {
            @Override
            public void receive(Message message) {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void peerConnected(NodeId peer, long incarnation) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        try (TcpTransport t1 = start(Net.config(N1, addresses), at1);
                TcpTransport t2 = start(Net.config(N2, addresses), broken)) {
            t2.register(new GroupId(2), other);
            at1.nextConnected();
            t1.send(GROUP, heartbeat(N1, N2, 1));
            t1.send(new GroupId(2), heartbeat(N1, N2, 2));
            assertThat(other.nextMessage()).isEqualTo(heartbeat(N1, N2, 2));
            assertThat(t2.stats().receiverFailures()).isPositive();
            assertThat(log.await("a receiver failed")).startsWith("ERROR");
        }
    }

    @Test
    void whatCannotBeSentIsDroppedAndCounted() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at1 = new Recorder();
        try (TcpTransport t1 =
                        start(Net.config(N1, addresses).withLimits(new TransportLimits(4_096, 1 << 20, 8)), at1);
                TcpTransport t2 = start(Net.config(N2, addresses), new Recorder())) {
            at1.nextConnected();
            t1.send(GROUP, heartbeat(N1, N3, 1));
            t1.send(GROUP, heartbeat(N1, N1, 1));
            assertThat(t1.stats().droppedNotConnected()).isEqualTo(2);
            Message large = new AppendRequest(N1, N2, 1, 0, 0, List.of(Entry.command(1, 1, new byte[4_096])), 0);
            t1.send(GROUP, large);
            assertThat(t1.stats().droppedTooLarge()).isEqualTo(1);
            assertThat(log.await("dropped a message of")).contains("at most 4096", "maxFrameBytes");
            assertThatThrownBy(() -> t1.send(GROUP, heartbeat(N2, N1, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot send in another's name");
            assertThat(t2.stats().receivedMessages()).isZero();
        }
    }

    @Test
    void aBusyPortIsReportedWithTheWayOut() throws Exception {
        try (TcpTransport t1 = TcpTransport.start(Net.config(N1, Map.of()))) {
            InetSocketAddress taken = t1.localAddress();
            assertThat(taken.getPort()).isPositive();
            TransportConfig same = Net.config(N2, Map.of(N2, taken));
            assertThatThrownBy(() -> TcpTransport.start(same))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getPort())
                    .hasMessageContaining("listen address of node 2")
                    .hasMessageContaining("give this node another address");
            assertThat(threadsOf(N2)).isEmpty();
        }
        TransportConfig nowhere = Net.config(N2, Map.of(N2, InetSocketAddress.createUnresolved("no.such.invalid", 1)));
        assertThatThrownBy(() -> TcpTransport.start(nowhere))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("'no.such.invalid' cannot be resolved");
    }

    @Test
    void closingEndsTheThreadsAndFreesThePort() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        for (int run = 0; run < 5; run++) {
            Recorder at1 = new Recorder();
            TcpTransport t1 = start(Net.config(N1, addresses), at1);
            TcpTransport t2 = start(Net.config(N2, addresses), new Recorder());
            at1.nextConnected();
            for (int i = 0; i < 1_000; i++) {
                t1.send(GROUP, heartbeat(N1, N2, i));
            }
            long began = System.nanoTime();
            t1.close();
            t1.close();
            t1.send(GROUP, heartbeat(N1, N2, 1));
            assertThat(t1.stats().droppedNotConnected()).isPositive();
            assertThat(threadsOf(N1)).isEmpty();
            t2.close();
            assertThat(threadsOf(N2)).isEmpty();
            assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
        }
    }

    private static List<String> threadsOf(NodeId node) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("jangada-" + node + "-net-"))
                .toList();
    }

    @Test
    void aNameThatCannotBeResolvedIsTriedAgain() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Map.of(N2, InetSocketAddress.createUnresolved("no.such.invalid", 7));
        try (TcpTransport t1 = TcpTransport.start(Net.config(N1, addresses))) {
            assertThat(log.await("cannot connect to node 2"))
                    .startsWith("WARN")
                    .contains("host name 'no.such.invalid' cannot be resolved", "trying again");
            assertThat(t1.stats().connectFailures()).isPositive();
        }
    }
}
