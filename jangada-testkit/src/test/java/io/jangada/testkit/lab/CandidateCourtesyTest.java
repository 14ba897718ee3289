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

    /** Asks two servers, and is refused by one of them. */
    private static void askInVain(CandidateCourtesy courtesy, PreVoteRequest question) {
        courtesy.ask(question);
        courtesy.ask(question);
        courtesy.isRefused();
    }

    @Test
    void aQuestionThatWasRefusedTwiceRestsForAWhile() {
        assertThat(played(courtesy -> {
                    for (int round = 0; round < 6; round++) {
                        askInVain(courtesy, QUESTION);
                        time.sleep(100);
                    }
                }))
                .containsExactly(0L, 0L, 100L, 100L, 400L, 400L);
    }

    @Test
    void aQuestionThatNobodyRefusesIsPutAgain() {
        assertThat(played(courtesy -> {
                    for (int round = 0; round < 4; round++) {
                        courtesy.ask(QUESTION);
                        time.sleep(100);
                    }
                }))
                .containsExactly(0L, 100L, 200L, 300L);
    }

    @Test
    void anotherQuestionIsPutAtOnceAndSoIsOneToAServerThatIsBack() {
        PreVoteRequest other = new PreVoteRequest(NodeId.of(1), NodeId.of(2), 5, 11, 4);
        assertThat(played(courtesy -> {
                    for (int round = 0; round < 3; round++) {
                        askInVain(courtesy, QUESTION);
                        time.sleep(100);
                    }
                    askInVain(courtesy, other);
                    time.sleep(50);
                    askInVain(courtesy, other);
                    time.sleep(50);
                    courtesy.ask(other);
                    courtesy.isJoined();
                    courtesy.ask(other);
                }))
                .containsExactly(0L, 0L, 100L, 100L, 300L, 300L, 350L, 350L, 400L);
    }
}
