package io.jangada.transport;

import static io.jangada.transport.Net.N1;
import static io.jangada.transport.Net.N2;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.GroupId;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.model.NodeId;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A message that is added at the very moment when the connection's thread has emptied the queue still leaves.
 *
 * <p>Found by killing leaders under load: the thread saw an empty queue, then one that was not, took that for a full connection, and waited
 * for a wake-up that nobody sent any more; from then on that peer heard nothing.
 */
@Timeout(60)
class WakeUpTest {
    private static final int SENDERS = 3;
    private static final int MESSAGES_EACH = 60_000;
    private static final int MAX_SPINS = 1_500;

    @Test
    void noMessageStaysBehind() throws Exception {
        Map<NodeId, InetSocketAddress> addresses = Net.freeAddresses(N1, N2);
        Recorder at1 = new Recorder();
        Recorder at2 = new Recorder();
        try (TcpTransport t1 = TcpTransport.start(Net.config(N1, addresses));
                TcpTransport t2 = TcpTransport.start(Net.config(N2, addresses))) {
            t1.register(GroupId.FIRST, at1);
            t2.register(GroupId.FIRST, at2);
            assertThat(at1.nextConnected()).isEqualTo(N2);
            List<Thread> senders = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                SplittableRandom random = new SplittableRandom(sender);
                Thread thread = new Thread(() -> sendWithGaps(t1, random), "sender-" + sender);
                senders.add(thread);
                thread.start();
            }
            for (int i = 0; i < SENDERS * MESSAGES_EACH; i++) {
                assertThat(at2.nextMessage()).isInstanceOf(HeartbeatRequest.class);
            }
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(t1.stats().dropped()).isZero();
        }
    }

    /** With gaps about as long as the work on one message, so that the queue runs empty again and again. */
    private static void sendWithGaps(TcpTransport transport, SplittableRandom random) {
        for (int i = 0; i < MESSAGES_EACH; i++) {
            transport.send(GroupId.FIRST, new HeartbeatRequest(N1, N2, 1, i, 0));
            for (int spins = random.nextInt(MAX_SPINS); spins > 0; spins--) {
                Thread.onSpinWait();
            }
        }
    }
}
