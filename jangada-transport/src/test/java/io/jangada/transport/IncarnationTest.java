package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.GroupId;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that lost its disk may not come back under its old name (trap 47): its peers know it by its data folder. */
@Timeout(60)
class IncarnationTest {
    private static final GroupId GROUP = GroupId.FIRST;
    private static final long OLD_FOLDER = 0xAAAA;
    private static final long NEW_FOLDER = 0xBBBB;

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private final Recorder at1 = new Recorder();
    private final Recorder at2 = new Recorder();
    private Map<NodeId, InetSocketAddress> addresses = Map.of();

    @BeforeEach
    void chooseAddresses() throws IOException {
        addresses = Net.freeAddresses(N1, N2);
    }

    private TcpTransport start(NodeId self, long incarnation, Recorder receiver) throws IOException {
        TcpTransport transport = TcpTransport.start(Net.config(self, addresses).withIncarnation(incarnation));
        transport.register(GROUP, receiver);
        return transport;
    }

    private static Membership knowing(long incarnationOf1, long incarnationOf2) {
        return Membership.ofVoters(Map.of(
                N1, MemberInfo.UNKNOWN.withIncarnation(incarnationOf1),
                N2, MemberInfo.UNKNOWN.withIncarnation(incarnationOf2)));
    }

    @Test
    void eachSideIsToldTheDataFolderOfTheOther() throws Exception {
        try (TcpTransport t1 = start(N1, 0x11, at1);
                TcpTransport t2 = start(N2, OLD_FOLDER, at2)) {
            assertThat(at1.next()).isEqualTo(new Recorder.Connected(N2, OLD_FOLDER));
            assertThat(at2.next()).isEqualTo(new Recorder.Connected(N1, 0x11));
            t1.members(GROUP, knowing(0x11, OLD_FOLDER));
            t2.members(GROUP, knowing(0x11, OLD_FOLDER));
            Recorder late = new Recorder();
            t1.register(new GroupId(2), late);
            assertThat(late.next()).isEqualTo(new Recorder.Connected(N2, OLD_FOLDER));
            assertThat(t1.stats().identityRefused() + t2.stats().identityRefused())
                    .isZero();
        }
    }

    @Test
    void aWipedNodeIsRefusedUnderItsOldName() throws Exception {
        log.expectErrors();
        try (TcpTransport t1 = start(N1, 0x11, at1)) {
            t1.members(GROUP, knowing(0x11, OLD_FOLDER));
            try (TcpTransport wiped = start(N2, NEW_FOLDER, at2)) {
                String text = "node 2 comes with data folder bbbb, the cluster knows it by data folder aaaa";
                log.awaitAny("WARN refused a connection from", text);
                log.awaitAny("WARN cannot connect to node 1", "refused with reason 7: " + text);
                log.awaitAny("WARN cannot connect to node 2", text);
                log.awaitAny(
                        "ERROR node 1 does not take this node for the member it says it is",
                        "remove the member and add it again under a new name");
                Message vote = new HeartbeatRequest(N2, N1, 1, 1, 0);
                wiped.send(GROUP, vote);
                assertThat(wiped.stats().droppedNotConnected()).isEqualTo(1);
                assertThat(wiped.stats().identityRefused()).isPositive();
                assertThat(wiped.stats().connectionsOpened()).isZero();
                assertThat(t1.stats().identityRefused()).isZero();
                assertThat(t1.stats().connectionsOpened()).isZero();
            }
            try (TcpTransport original = start(N2, OLD_FOLDER, at2)) {
                assertThat(at1.next()).isEqualTo(new Recorder.Connected(N2, OLD_FOLDER));
                assertThat(original.stats().identityRefused()).isZero();
            }
        }
    }

    @Test
    void connectionsThatAreThereEndWhenTheMembershipSaysSo() throws Exception {
        log.expectErrors();
        try (TcpTransport t1 = start(N1, 0x11, at1);
                TcpTransport wiped = start(N2, NEW_FOLDER, at2)) {
            assertThat(at1.nextConnected()).isEqualTo(N2);
            assertThat(at2.nextConnected()).isEqualTo(N1);
            t1.members(GROUP, knowing(0x11, OLD_FOLDER));
            log.awaitAny("lost the connection to node 2", "the cluster knows it by data folder aaaa");
            log.awaitAny("connection of node 2 from", "ended: node 2 comes with data folder bbbb");
            log.awaitAny("ERROR node 1 does not take this node", "wiped or replaced disk");
            assertThat(wiped.stats().identityRefused()).isPositive();
        }
    }

    @Test
    void whoSaysNothingOrIsNotKnownByAnythingIsAccepted() throws Exception {
        try (TcpTransport t1 = start(N1, 0x11, at1);
                TcpTransport t2 = start(N2, 0, at2)) {
            t1.members(GROUP, knowing(0x11, OLD_FOLDER));
            t2.members(GROUP, knowing(0, 0));
            assertThat(at1.next()).isEqualTo(new Recorder.Connected(N2, 0));
            assertThat(at2.next()).isEqualTo(new Recorder.Connected(N1, 0x11));
        }
    }
}
