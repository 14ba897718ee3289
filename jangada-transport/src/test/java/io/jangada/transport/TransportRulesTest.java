package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.OutgoingFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        assertThat(OutgoingFrame.of(io.jangada.api.GroupId.FIRST, new ForwardRequest(N1, N2, 1, 1, largest))
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

    private static long size(AppendRequest request) {
        return OutgoingFrame.of(io.jangada.api.GroupId.FIRST, request).size();
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
        assertThatThrownBy(() -> TransportTiming.ofMillis(0, 1, 1, 1)).hasMessageContaining("handshakeTimeoutNanos");
        assertThatThrownBy(() -> TransportTiming.ofMillis(1, 5, 1, 1)).hasMessageContaining("backoffMaxNanos");
    }
}
