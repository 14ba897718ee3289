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

    private void call(PeerLine line) {
        line.mayCall(true, time.elapsedNanos());
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
                    call(line);
                    lead(redial, 10);
                }))
                .containsExactly(50L, 75L, 100L, 125L, 150L, 175L);
    }

    @Test
    void oneThatAnswersIsLeftAloneAndCalledAgainWhenItFallsSilentAgain() {
        assertThat(played((redial, line) -> {
                    call(line);
                    lead(redial, 1);
                    redial.made(HEARTBEAT);
                    time.sleep(10);
                    line.heard(time.elapsedNanos());
                    lead(redial, 10);
                    call(line);
                    line.heard(time.elapsedNanos());
                    lead(redial, 10);
                    call(line);
                    lead(redial, 2);
                    line.heard(time.elapsedNanos());
                }))
                .containsExactly(50L, 1_110L, 1_135L);
    }

    @Test
    void whoDoesNotLeadCallsNobody() {
        assertThat(played((redial, line) -> {
                    redial.made(HEARTBEAT);
                    call(line);
                    time.sleep(500);
                }))
                .isEmpty();
    }

    @Test
    void whoLeadsNoMoreCallsNoMore() {
        assertThat(played((redial, line) -> {
                    call(line);
                    lead(redial, 2);
                    time.sleep(500);
                }))
                .containsExactly(50L, 75L, 100L, 125L, 150L);
    }
}
