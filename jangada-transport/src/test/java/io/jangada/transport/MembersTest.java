package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static io.jangada.transport.Net.N3;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.GroupId;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers come, move and go with the memberships of the groups. */
@Timeout(60)
class MembersTest {
    private static final GroupId GROUP = GroupId.FIRST;
    private static final GroupId OTHER_GROUP = new GroupId(2);
    private static final TransportTiming HASTY = Net.TIMING.withFarewellMillis(200);

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private static TcpTransport start(TransportConfig config, Recorder receiver) throws IOException {
        TcpTransport transport = TcpTransport.start(config);
        transport.register(GROUP, receiver);
        return transport;
    }

    private static TcpTransport alone(NodeId self, Recorder receiver) throws IOException {
        return start(Net.config(self, Map.of()).withTiming(HASTY), receiver);
    }

    private static MemberInfo at(TcpTransport node) {
        return MemberInfo.at("127.0.0.1:" + node.localAddress().getPort());
    }

    private static Message heartbeat(NodeId from, NodeId to, long round) {
        return new HeartbeatRequest(from, to, 1, round, 0);
    }

    /** The node that joins knows nothing but where it listens. */
    @Test
    void aNodeThatJoinsAnswersTheLeaderThatFindsIt() throws Exception {
        Recorder atLeader = new Recorder();
        Recorder atJoiner = new Recorder();
        try (TcpTransport leader = alone(N1, atLeader);
                TcpTransport joiner = alone(N2, atJoiner)) {
            joiner.members(GROUP, Membership.NONE);
            Membership membership = new Membership(
                    List.of(N1), List.of(N2), List.of(), new TreeMap<>(), new TreeMap<>(Map.of(N2, at(joiner))));
            leader.members(GROUP, membership);
            assertThat(atLeader.nextConnected()).isEqualTo(N2);
            assertThat(atJoiner.nextConnected()).isEqualTo(N1);
            leader.send(GROUP, heartbeat(N1, N2, 7));
            assertThat(atJoiner.nextMessage()).isEqualTo(heartbeat(N1, N2, 7));
            Message answer = new HeartbeatResponse(N2, N1, 1, 7, 0);
            joiner.send(GROUP, answer);
            assertThat(atLeader.nextMessage()).isEqualTo(answer);
            // What it learns of the leader by the log has no address; the one from the greeting still does.
            joiner.members(GROUP, membership);
            Message more = AppendResponse.matched(N2, N1, 1, 3);
            joiner.send(GROUP, more);
            assertThat(atLeader.nextMessage()).isEqualTo(more);
            assertThat(joiner.stats().dropped()).isZero();
        }
    }

    @Test
    void aNodeThatListensOnAllAddressesIsReachedWhereItsConnectionComesFrom() throws Exception {
        Recorder atLeader = new Recorder();
        Recorder atJoiner = new Recorder();
        TransportConfig everywhere = TransportConfig.of(
                        Net.CLUSTER, N1, InetSocketAddress.createUnresolved("0.0.0.0", 0), Map.of())
                .withTiming(HASTY);
        try (TcpTransport leader = start(everywhere, atLeader);
                TcpTransport joiner = alone(N2, atJoiner)) {
            leader.members(GROUP, Membership.ofVoters(Map.of(N1, MemberInfo.UNKNOWN, N2, at(joiner))));
            assertThat(atLeader.nextConnected()).isEqualTo(N2);
            assertThat(atJoiner.nextConnected()).isEqualTo(N1);
            log.awaitAny("connected to node 1 at 127.0.0.1:", "INFO");
        }
    }

    @Test
    void aMemberThatMovesIsReachedAtItsNewAddress() throws Exception {
        Recorder at1 = new Recorder();
        Recorder before = new Recorder();
        Recorder after = new Recorder();
        try (TcpTransport t1 = alone(N1, at1);
                TcpTransport old = alone(N2, before);
                TcpTransport fresh = alone(N2, after)) {
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1), N2, at(old))));
            assertThat(at1.nextConnected()).isEqualTo(N2);
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1), N2, at(fresh))));
            assertThat(at1.nextConnected()).isEqualTo(N2);
            assertThat(log.await("node 2 is reached at"))
                    .contains(":" + fresh.localAddress().getPort());
            t1.send(GROUP, heartbeat(N1, N2, 1));
            assertThat(after.nextMessage()).isEqualTo(heartbeat(N1, N2, 1));
            log.awaitAny("connection of node 1 from", "ended: closed by the peer");
            // The same membership again changes nothing.
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1), N2, at(fresh))));
            t1.send(GROUP, heartbeat(N1, N2, 2));
            assertThat(after.nextMessage()).isEqualTo(heartbeat(N1, N2, 2));
            assertThat(t1.stats().connectionsOpened()).isEqualTo(2);
            assertThat(before.waiting()).isZero();
        }
    }

    @Test
    void aMemberThatLeavesIsLetGoAfterItsLastMessages() throws Exception {
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        try (TcpTransport t1 = alone(N1, at1);
                TcpTransport t2 = alone(N2, at2)) {
            Membership both = Membership.ofVoters(Map.of(N1, at(t1), N2, at(t2)));
            t1.members(GROUP, both);
            t2.members(GROUP, both);
            assertThat(at1.nextConnected()).isEqualTo(N2);
            assertThat(at2.nextConnected()).isEqualTo(N1);
            Membership one = Membership.ofVoters(Map.of(N1, at(t1)));
            t1.members(GROUP, one);
            t1.send(GROUP, heartbeat(N1, N2, 1));
            assertThat(at2.nextMessage()).isEqualTo(heartbeat(N1, N2, 1));
            assertThat(log.await("let go of node")).contains("let go of node 2, which is no member");
            t1.send(GROUP, heartbeat(N1, N2, 2));
            assertThat(t1.stats().droppedNotConnected()).isEqualTo(1);
            // It has not heard of it yet, asks, and gets its answer.
            t2.send(GROUP, heartbeat(N2, N1, 3));
            assertThat(at1.nextMessage()).isEqualTo(heartbeat(N2, N1, 3));
            assertThat(at1.nextConnected()).isEqualTo(N2);
            t1.send(GROUP, heartbeat(N1, N2, 4));
            assertThat(at2.nextMessage()).isEqualTo(heartbeat(N1, N2, 4));
            assertThat(log.await("let go of node")).contains("let go of node 2");
        }
    }

    /** Neither keeps the way to the other only because the other keeps its own. */
    @Test
    void twoNodesThatAreNothingToEachOtherPart() throws Exception {
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        try (TcpTransport t1 = alone(N1, at1);
                TcpTransport t2 = alone(N2, at2)) {
            Membership both = Membership.ofVoters(Map.of(N1, at(t1), N2, at(t2)));
            t1.members(GROUP, both);
            t2.members(GROUP, both);
            assertThat(at1.nextConnected()).isEqualTo(N2);
            assertThat(at2.nextConnected()).isEqualTo(N1);
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1))));
            t2.members(GROUP, Membership.ofVoters(Map.of(N2, at(t2))));
            log.awaitAny("let go of node 1", "INFO");
            log.awaitAny("let go of node 2", "INFO");
            log.awaitAny("connection of node 1 from", "ended");
            log.awaitAny("connection of node 2 from", "ended");
        }
    }

    @Test
    void aMemberOfAnyGroupStays() throws Exception {
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        try (TcpTransport t1 = start(Net.config(N1, addresses).withTiming(HASTY), at1);
                TcpTransport t2 = start(Net.config(N2, addresses), at2)) {
            t1.members(GROUP, Membership.ofVoters(N1, N2));
            t1.members(OTHER_GROUP, Membership.ofVoters(N1, N2, N3));
            assertThat(log.await("the address of member 3 is not known")).startsWith("INFO");
            assertThat(at1.nextConnected()).isEqualTo(N2);
            t1.members(GROUP, Membership.ofVoters(N1));
            t1.members(OTHER_GROUP, Membership.ofVoters(N1, N2));
            t1.members(GROUP, Membership.ofVoters(N1, N2));
            t1.members(OTHER_GROUP, Membership.NONE);
            t1.send(GROUP, heartbeat(N1, N2, 1));
            assertThat(at2.nextMessage()).isEqualTo(heartbeat(N1, N2, 1));
            assertThat(t1.stats().connectionsOpened()).isEqualTo(1);
            assertThat(t2.stats().connectionsAccepted()).isEqualTo(1);
            t1.send(GROUP, heartbeat(N1, N3, 1));
            assertThat(t1.stats().droppedNotConnected()).isEqualTo(1);
        }
    }

    /** The address is whatever the people of the cluster write there. */
    @Test
    void theAddressOfAMemberIsReadAsConfigured() throws Exception {
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        AddressReader reader = text -> {
            if (text.equals("broken")) {
                throw new IllegalStateException("cannot read this");
            }
            return AddressText.parse(text.substring(text.indexOf('@') + 1));
        };
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        try (TcpTransport t1 = start(
                        Net.config(N1, Map.of(N2, addresses.getOrDefault(N2, Net.at(0))))
                                .withAddresses(reader),
                        at1);
                TcpTransport t2 = alone(N2, at2)) {
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1), N2, MemberInfo.at("broken"))));
            assertThat(log.await("cannot tell where peers reach node 2"))
                    .contains("'broken': cannot read this", "describe the member with another address");
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1), N2, MemberInfo.at("x@nowhere"))));
            assertThat(log.await("cannot tell where peers reach node 2")).contains("'x@nowhere'; describe");
            String text = "member2@" + at(t2).address();
            t1.members(GROUP, Membership.ofVoters(Map.of(N1, at(t1), N2, MemberInfo.at(text))));
            assertThat(at1.nextConnected()).isEqualTo(N2);
            t1.send(GROUP, heartbeat(N1, N2, 1));
            assertThat(at2.nextMessage()).isEqualTo(heartbeat(N1, N2, 1));
        }
    }
}
