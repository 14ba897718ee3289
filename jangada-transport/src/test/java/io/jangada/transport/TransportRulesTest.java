package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.GroupId;
import io.jangada.core.config.Limits;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.transport.wire.OutgoingFrame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The rules of the transport that need no socket. */
class TransportRulesTest {

    @Test
    void linesOfOneKeyAreThrottledAndCounted() {
        AtomicLong now = new AtomicLong();
        LogThrottle throttle = new LogThrottle(now::get);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            throttle.log("a", 2, suffix -> lines.add("a" + suffix));
        }
        throttle.log("b", 1, suffix -> lines.add("b" + suffix));
        assertThat(lines).containsExactly("a", "a", "b");
        now.addAndGet(LogThrottle.WINDOW_NANOS);
        throttle.log("a", 2, suffix -> lines.add("a" + suffix));
        throttle.log("a", 2, suffix -> lines.add("a" + suffix));
        assertThat(lines).containsExactly("a", "a", "b", "a (and 8 more like this, not logged)", "a");
    }

    @Test
    void theThrottleForgetsTheOldestKeysFirst() {
        LogThrottle throttle = new LogThrottle(() -> 0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int key = i;
            throttle.log("key" + key, 1, suffix -> lines.add("key" + key));
        }
        throttle.log("key4999", 1, suffix -> lines.add("known"));
        throttle.log("key0", 1, suffix -> lines.add("forgotten"));
        assertThat(lines).hasSize(5_001).endsWith("forgotten");
    }

    @Test
    void pausesDoubleUpToTheLimitAndVaryByHalf() {
        Backoff backoff = new Backoff(20, 1_000);
        for (int run = 0; run < 100; run++) {
            for (long ceiling : new long[] {20, 40, 80, 160, 320, 640, 1_000, 1_000}) {
                assertThat(backoff.nextDelayNanos()).isBetween(ceiling / 2, ceiling);
            }
            backoff.reset();
        }
    }

    @Test
    void theLargestMessagesOfTheCoreFitIntoTheDefaultFrame() {
        int max = TransportLimits.DEFAULT.maxFrameBytes();
        Limits limits = Limits.DEFAULT;
        byte[] largest = new byte[limits.maxCommandBytes()];
        assertThat(size(new AppendRequest(N1, N2, 1, 0, 0, List.of(Entry.command(1, 1, largest)), 0)))
                .isLessThanOrEqualTo(max);
        assertThat(OutgoingFrame.of(GroupId.FIRST, new ForwardRequest(N1, N2, 1, 1, largest))
                        .size())
                .isLessThanOrEqualTo(max);
        List<Entry> small = new ArrayList<>();
        for (int weight = 0; weight < limits.maxAppendBytes(); ) {
            Entry entry = Entry.noOp(small.size() + 1, 1);
            small.add(entry);
            weight += entry.weight();
        }
        assertThat(size(new AppendRequest(N1, N2, 1, 0, 0, small, 0))).isLessThanOrEqualTo(max);
    }

    /** A piece of a snapshot, with a membership as large as an entry of the log may be. */
    @Test
    void theLargestPieceOfASnapshotFitsIntoTheDefaultFrame() {
        Limits limits = Limits.DEFAULT;
        SortedMap<NodeId, MemberInfo> info = new TreeMap<>();
        String address = "x".repeat(MemberInfo.MAX_ADDRESS);
        for (int i = 1; i <= 31; i++) {
            info.put(NodeId.of(i), MemberInfo.at(address));
        }
        Membership membership = Membership.ofVoters(info);
        assertThat(MembershipCodec.encode(membership).length).isBetween(192 << 10, 256 << 10);
        SnapshotMeta meta = new SnapshotMeta(9, 3, new MembershipAt(4, membership), 1L << 40, 1);
        Message largest = new SnapshotRequest(N1, N2, 3, meta, 0, new byte[SnapshotLimits.DEFAULT.maxChunkBytes()]);
        assertThat(OutgoingFrame.of(GroupId.FIRST, largest).size())
                .isLessThanOrEqualTo(TransportLimits.DEFAULT.maxFrameBytes());
        SnapshotLimits large = new SnapshotLimits(0, 16 << 20, 1 << 20);
        assertThat(TransportLimits.fitting(limits, large).maxFrameBytes()).isGreaterThan(32 << 20);
    }

    @Test
    void addressesAreReadAsHostAndPort() {
        assertThat(AddressText.parse("n1:7000")).isEqualTo(InetSocketAddress.createUnresolved("n1", 7_000));
        assertThat(AddressText.parse("[::1]:7000")).isEqualTo(InetSocketAddress.createUnresolved("::1", 7_000));
        assertThat(AddressText.of(InetSocketAddress.createUnresolved("::1", 7_000)))
                .isEqualTo("[::1]:7000");
        assertThat(AddressText.of(Net.at(7_000))).isEqualTo("127.0.0.1:7000");
        for (String none : List.of(
                "",
                ":",
                "n1",
                ":7000",
                "n1:",
                "n1:0",
                "n1:65536",
                "n1:123456",
                "n1:-1",
                "n1:x",
                "::1:7000",
                "a b:1",
                "[]:1",
                "a\nb:1",
                "é:1")) {
            assertThat(AddressText.parse(none)).as(none).isNull();
        }
    }

    @Test
    void anAddressThatStandsForAllIsTheOneTheConnectionComesFrom() {
        InetAddress from = InetAddress.getLoopbackAddress();
        assertThat(AddressText.told("0.0.0.0:7000", from)).isEqualTo(Net.at(7_000));
        assertThat(AddressText.told("[::]:7000", from)).isEqualTo(Net.at(7_000));
        assertThat(AddressText.told("n1:7000", from)).isEqualTo(InetSocketAddress.createUnresolved("n1", 7_000));
        assertThat(AddressText.told("", from)).isNull();
    }

    @Test
    void peersAreToldWhereThisNodeIs() {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_001);
        TransportConfig config = Net.config(N1, Map.of());
        assertThat(config.addressForPeers(local)).isEqualTo("127.0.0.1:7001");
        assertThat(Net.config(N1, Map.of(N1, Net.at(7))).addressForPeers(local)).isEqualTo("127.0.0.1:7");
        assertThat(config.withAdvertised(InetSocketAddress.createUnresolved("n1", 8))
                        .addressForPeers(local))
                .isEqualTo("n1:8");
        InetSocketAddress tooLong = InetSocketAddress.createUnresolved("n".repeat(256), 8);
        assertThatThrownBy(() -> config.withAdvertised(tooLong)).hasMessageContaining("has 256 characters");
    }

    private static long size(AppendRequest request) {
        return OutgoingFrame.of(GroupId.FIRST, request).size();
    }

    @Test
    void badConfigurationsAreRefusedByName() {
        assertThatThrownBy(() -> Net.config(NodeId.NONE, Map.of())).hasMessageContaining("node id 0 is reserved");
        assertThatThrownBy(() -> Net.config(N1, Map.of(N2, Net.at(0)))).hasMessageContaining("peer 2 has port 0");
        assertThatThrownBy(() -> Net.config(N1, Map.of()).withIoThreads(0)).hasMessageContaining("ioThreads is 0");
        assertThatThrownBy(() -> new TransportLimits(10, 1 << 20, 1)).hasMessageContaining("maxFrameBytes is 10");
        assertThatThrownBy(() -> new TransportLimits(4_096, 1, 1)).hasMessageContaining("maxQueueBytesPerPeer is 1");
        assertThatThrownBy(() -> new TransportLimits(4_096, 4_096, 0))
                .hasMessageContaining("maxPendingHandshakes is 0");
        assertThatThrownBy(() -> new TransportLimits(4_096, 4_096, 4_095, 1, 1))
                .hasMessageContaining("maxBulkQueueBytesPerPeer is 4095");
        assertThatThrownBy(() -> new TransportLimits(4_096, 4_096, 4_096, 1, 0))
                .hasMessageContaining("maxUnknownPeers is 0");
        assertThatThrownBy(() -> Net.TIMING.withBulkIdleMillis(0)).hasMessageContaining("bulkIdleNanos");
        assertThatThrownBy(() -> Net.TIMING.withFarewellMillis(0)).hasMessageContaining("farewellNanos");
        assertThatThrownBy(() -> TransportTiming.ofMillis(0, 1, 1, 1)).hasMessageContaining("handshakeTimeoutNanos");
        assertThatThrownBy(() -> TransportTiming.ofMillis(1, 5, 1, 1)).hasMessageContaining("backoffMaxNanos");
    }
}
