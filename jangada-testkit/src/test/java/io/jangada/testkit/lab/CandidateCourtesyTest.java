package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When a server asks whether it should stand, in milliseconds of the lab. */
class CandidateCourtesyTest {
    private static final PreVoteRequest QUESTION = new PreVoteRequest(NodeId.of(1), NodeId.of(2), 5, 10, 4);

    private final VirtualTime time = new VirtualTime(1);
    private final List<Long> asked = new ArrayList<>();

    private List<Long> played(Consumer<CandidateCourtesy> story) {
        time.run(() -> {
            story.accept(new CandidateCourtesy(time, question -> asked.add(time.elapsedNanos() / 1_000_000)));
            time.sleep(1_000);
        });
        return asked;
    }

    @Test
    void nobodyIsWaitedForWhoWasPromisedNothing() {
        assertThat(played(courtesy -> {
                    courtesy.ask(QUESTION);
                    time.sleep(10);
                    courtesy.isLed();
                    courtesy.ask(QUESTION);
                }))
                .containsExactly(0L, 10L);
    }

    @Test
    void oneThatWasPromisedAVoteGoesFirst() {
        assertThat(played(courtesy -> {
                    time.sleep(100);
                    courtesy.favours();
                    time.sleep(20);
                    courtesy.ask(QUESTION);
                    time.sleep(70);
                    courtesy.ask(QUESTION);
                }))
                .containsExactly(190L, 190L);
    }

    @Test
    void whereThereIsALeaderByThenNothingIsAsked() {
        assertThat(played(courtesy -> {
                    courtesy.isLed();
                    time.sleep(100);
                    courtesy.favours();
                    time.sleep(20);
                    courtesy.ask(QUESTION);
                    time.sleep(40);
                    courtesy.isLed();
                }))
                .isEmpty();
    }

    @Test
    void aLeaderOfBeforeIsNone() {
        assertThat(played(courtesy -> {
                    courtesy.isLed();
                    time.sleep(100);
                    courtesy.favours();
                    courtesy.ask(QUESTION);
                }))
                .containsExactly(190L);
    }
}
