package io.jangada.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How the rounds of a learner are measured (thesis §4.2.1). */
class CatchUpTest {
    private static final long SHORT = 100;

    @Test
    void aRoundBeginsWhenTheLearnerIsHeardOf() {
        CatchUp catchUp = new CatchUp(SHORT);
        catchUp.observe(false, 0, 50, 0);
        catchUp.observe(false, 0, 50, 9_000);
        assertThat(catchUp.slowRounds()).isZero();
        catchUp.observe(true, 0, 50, 10_000);
        assertThat(catchUp.isDone(10_000)).isFalse();
        catchUp.observe(true, 50, 60, 10_080);
        assertThat(catchUp.isDone(10_080)).isTrue();
        assertThat(catchUp.slowRounds()).isZero();
    }

    @Test
    void aRoundEndsWithWhatTheLeaderHadWhenItBegan() {
        CatchUp catchUp = new CatchUp(SHORT);
        catchUp.observe(true, 0, 50, 0);
        // 49 of 50, whatever has come since.
        catchUp.observe(true, 49, 1_000, 90);
        assertThat(catchUp.isDone(90)).isFalse();
        catchUp.observe(true, 50, 1_000, 99);
        assertThat(catchUp.isDone(99)).isTrue();
    }

    @Test
    void slowRoundsAreCountedAndAShortOneMakesItGood() {
        CatchUp catchUp = new CatchUp(SHORT);
        catchUp.observe(true, 0, 50, 0);
        catchUp.observe(true, 50, 90, 500);
        catchUp.observe(true, 90, 95, 800);
        assertThat(catchUp.slowRounds()).isEqualTo(2);
        assertThat(catchUp.isDone(800)).isFalse();
        catchUp.observe(true, 95, 96, 850);
        assertThat(catchUp.slowRounds()).isEqualTo(2);
        assertThat(catchUp.isDone(850)).isTrue();
    }

    @Test
    void whoHasCaughtUpAndFallsBehindHasNotCaughtUp() {
        CatchUp catchUp = new CatchUp(SHORT);
        catchUp.observe(true, 0, 50, 0);
        catchUp.observe(true, 50, 60, 50);
        assertThat(catchUp.isDone(150)).isTrue();
        assertThat(catchUp.isDone(151)).isFalse();
        catchUp.observe(true, 55, 70, 400);
        assertThat(catchUp.isDone(400)).isFalse();
    }

    /** The oracle writes down every round as it was. */
    @Test
    void fiftyThousandCasesAgreeWithALedgerOfRounds() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CatchUp catchUp = new CatchUp(SHORT);
            long now = random.nextLong(1_000);
            long leader = random.nextLong(1, 20);
            long match = 0;
            long roundTarget = -1;
            long roundBegan = 0;
            long lastRoundTook = Long.MAX_VALUE;
            int slow = 0;
            for (int i = 0; i < 12; i++) {
                boolean heard = roundTarget >= 0 || random.nextBoolean();
                catchUp.observe(heard, match, leader, now);
                if (heard && (roundTarget < 0 || match >= roundTarget)) {
                    if (roundTarget >= 0) {
                        lastRoundTook = now - roundBegan;
                        slow += lastRoundTook > SHORT ? 1 : 0;
                    }
                    roundTarget = leader;
                    roundBegan = now;
                }
                boolean done = lastRoundTook <= SHORT && now - roundBegan <= SHORT;
                if (catchUp.isDone(now) != done || catchUp.slowRounds() != slow) {
                    throw new AssertionError("seed " + seed + ", observation " + i);
                }
                now += random.nextLong(80);
                leader += random.nextLong(5);
                match = Math.min(leader, match + random.nextLong(12));
            }
        }
    }
}
