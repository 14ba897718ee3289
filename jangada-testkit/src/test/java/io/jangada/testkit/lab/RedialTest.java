package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** When a server is called again that does not answer, in milliseconds of the lab. */
class RedialTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest(NodeId.of(1), NodeId.of(2), 5, 3, 9);

    private final VirtualTime time = new VirtualTime(1);
    private final List<Long> calls = new ArrayList<>();

    private List<Long> played(BiConsumer<Redial, PeerLine> story) {
        time.run(() -> {
            PeerLine line = new PeerLine();
            line.heard(time.elapsedNanos());
            Redial redial = new Redial(time, line, heartbeat -> {
                assertThat(heartbeat).isEqualTo(HEARTBEAT);
                calls.add(time.elapsedNanos() / 1_000_000);
            });
            story.accept(redial, line);
            time.sleep(1_000);
        });
        return calls;
    }

    private void call(Redial redial, PeerLine line) {
        line.mayCall(true, time.elapsedNanos());
        redial.called();
    }

    /** The node makes a heartbeat each 50 ms. */
    private void lead(Redial redial, int heartbeats) {
        for (int i = 0; i < heartbeats; i++) {
            redial.made(HEARTBEAT);
            time.sleep(50);
        }
    }

    @Test
    void aLeaderCallsOneThatDoesNotAnswerAFewTimes() {
        assertThat(played((redial, line) -> {
                    call(redial, line);
                    lead(redial, 10);
                }))
                .containsExactly(25L, 50L, 75L, 100L, 125L, 150L);
    }

    @Test
    void oneThatAnswersIsLeftAlone() {
        assertThat(played((redial, line) -> {
                    call(redial, line);
                    redial.made(HEARTBEAT);
                    time.sleep(30);
                    line.heard(time.elapsedNanos());
                    lead(redial, 10);
                    call(redial, line);
                    line.heard(time.elapsedNanos());
                    lead(redial, 10);
                }))
                .containsExactly(25L);
    }

    @Test
    void whoDoesNotLeadCallsNobody() {
        assertThat(played((redial, line) -> {
                    call(redial, line);
                    time.sleep(200);
                    redial.made(HEARTBEAT);
                    time.sleep(200);
                    call(redial, line);
                }))
                .isEmpty();
    }
}
