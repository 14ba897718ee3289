package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a server is called that does not answer. Times are milliseconds. */
class PeerLineTest {
    private final PeerLine line = new PeerLine();

    private boolean mayCall(long millis) {
        return line.mayCall(true, millis * 1_000_000);
    }

    private boolean heard(long millis) {
        return line.heard(millis * 1_000_000);
    }

    private List<Long> callsFrom(long first, long last) {
        List<Long> calls = new ArrayList<>();
        for (long millis = first; millis <= last; millis++) {
            if (mayCall(millis)) {
                calls.add(millis);
            }
        }
        return calls;
    }

    @Test
    void oneThatWasNeverHeardIsCalledLessAndLessOften() {
        assertThat(callsFrom(0, 4_000)).containsExactly(0L, 50L, 150L, 350L, 750L, 1_550L, 2_550L, 3_550L);
    }

    @Test
    void oneThatAnswersIsCalledAtWill() {
        assertThat(mayCall(0)).isTrue();
        assertThat(heard(1)).isFalse();
        assertThat(callsFrom(2, 30)).hasSize(29);
        assertThat(line.isAnswering(30_000_000)).isTrue();
    }

    @Test
    void oneThatFallsSilentIsCalledWithGrowingPausesAfterAWhile() {
        heard(0);
        assertThat(callsFrom(1, 60)).hasSize(60);
        assertThat(line.isAnswering(40_000_000)).isTrue();
        assertThat(line.isAnswering(41_000_000)).isFalse();
        assertThat(callsFrom(61, 800)).containsExactly(70L, 90L, 130L, 210L, 370L, 560L, 750L);
    }

    @Test
    void oneThatWasNotHeardForLongIsTriedWithOneCallFirst() {
        heard(0);
        assertThat(mayCall(400)).isTrue();
        assertThat(mayCall(401)).isFalse();
        assertThat(heard(402)).isTrue();
        assertThat(mayCall(402)).isTrue();
        assertThat(mayCall(403)).isTrue();
    }

    @Test
    void aSignOfLifeTellsOnceThatSomethingWasLostIfThatMatters() {
        assertThat(mayCall(0)).isTrue();
        assertThat(line.mayCall(false, 1)).isFalse();
        assertThat(heard(2)).isFalse();
        assertThat(mayCall(400)).isTrue();
        assertThat(mayCall(401)).isFalse();
        assertThat(heard(402)).isTrue();
        assertThat(heard(403)).isFalse();
    }

    @Test
    void whatShouldHaveBeenAnsweredByNowIsTakenToBeLost() {
        heard(0);
        assertThat(mayCall(10)).isTrue();
        assertThat(heard(69)).isFalse();
        assertThat(mayCall(80)).isTrue();
        assertThat(heard(140)).isTrue();
        assertThat(heard(141)).isFalse();
        assertThat(line.mayCall(false, 150_000_000)).isTrue();
        assertThat(heard(250)).isFalse();
    }

    @Test
    void knowsHowLongCallsTakeLately() {
        assertThat(line.callNanos()).isZero();
        line.answeredAfter(100);
        line.answeredAfter(200);
        assertThat(line.callNanos()).isEqualTo(150);
    }

    @Test
    void oneThatAnswersNothingForLongIsAwayAndForAWhileBackWhenItIsHeardAgain() {
        heard(0);
        assertThat(mayCall(10)).isTrue();
        assertThat(line.isAway(89_000_000)).isFalse();
        assertThat(line.isAway(90_000_000)).isTrue();
        assertThat(line.isBack(90_000_000)).isFalse();
        heard(100);
        assertThat(line.isAway(100_000_000)).isFalse();
        assertThat(line.isBack(179_000_000)).isTrue();
        assertThat(line.isBack(180_000_000)).isFalse();
    }

    @Test
    void oneThatIsNotCalledIsNotAwayNorOneThatWasNeverThere() {
        assertThat(mayCall(0)).isTrue();
        assertThat(line.isAway(1_000_000_000)).isFalse();
        heard(1_000);
        assertThat(line.isBack(1_001_000_000)).isFalse();
        assertThat(line.isAway(5_000_000_000L)).isFalse();
    }

    @Test
    void anAnswerIsOverdueWhenItTakesLongerThanAnswersTake() {
        heard(0);
        line.answeredAfter(1_000_000);
        assertThat(line.isOverdue(100_000_000)).as("nothing was asked").isFalse();
        mayCall(100);
        assertThat(line.isOverdue(104_000_000)).isFalse();
        assertThat(line.isOverdue(105_000_000)).isTrue();
        heard(106);
        assertThat(line.isOverdue(107_000_000)).isFalse();
        line.answeredAfter(20_000_000);
        mayCall(110);
        assertThat(line.isOverdue(149_000_000)).isFalse();
        assertThat(line.isOverdue(150_000_000)).isTrue();
    }
}
