package io.jangada.core.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.read.ReadQueue.Confirmed;
import io.jangada.core.read.ReadQueue.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadsTest {
    private static final NodeId A = NodeId.of(1);
    private static final NodeId B = NodeId.of(2);
    private static final NodeId C = NodeId.of(3);
    private static final Membership THREE = Membership.ofVoters(A, B, C);
    private static final long INTERVAL = 1_600;

    private static Waiting read(long id) {
        return new Waiting(A, id);
    }

    @Test
    void oneRoundServesAllReadsThatWaitWhenItBeginsAndNoneThatCameLater() {
        ReadQueue queue = new ReadQueue(10);
        assertThat(queue.wantsRound()).isFalse();
        assertThat(queue.add(read(1))).isTrue();
        assertThat(queue.add(read(2))).isTrue();
        assertThat(queue.wantsRound()).isTrue();
        queue.roundBegins(4, 100);
        assertThat(queue.wantsRound()).isFalse();
        assertThat(queue.add(read(3))).isTrue();
        // At most one round is under way for reads: the third waits for its answer.
        assertThat(queue.wantsRound()).isFalse();
        assertThat(queue.confirmed(3)).isEmpty();
        assertThat(queue.confirmed(4)).containsExactly(new Confirmed(read(1), 100), new Confirmed(read(2), 100));
        assertThat(queue.wantsRound()).isTrue();
        queue.roundBegins(5, 120);
        assertThat(queue.confirmed(9)).containsExactly(new Confirmed(read(3), 120));
    }

    @Test
    void aLaterRoundConfirmsTheEarlierOnesWithTheirOwnIndex() {
        ReadQueue queue = new ReadQueue(10);
        assertThat(queue.add(read(1))).isTrue();
        queue.roundBegins(1, 10);
        assertThat(queue.add(read(2))).isTrue();
        queue.roundBegins(2, 20);
        assertThat(queue.confirmed(2)).containsExactly(new Confirmed(read(1), 10), new Confirmed(read(2), 20));
    }

    @Test
    void isBoundedAndGivesRoomBack() {
        ReadQueue queue = new ReadQueue(2);
        assertThat(queue.add(read(1))).isTrue();
        assertThat(queue.add(read(2))).isTrue();
        assertThat(queue.add(read(3))).isFalse();
        queue.roundBegins(1, 1);
        assertThat(queue.confirmed(1)).hasSize(2);
        assertThat(queue.add(read(3))).isTrue();
        assertThat(queue.add(read(4))).isTrue();
        queue.roundBegins(2, 1);
        assertThat(queue.abandon()).containsExactly(read(3), read(4));
        assertThat(queue.add(read(5))).isTrue();
        assertThat(queue.add(read(6))).isTrue();
    }

    @Test
    void aRoundIsConfirmedByAMajorityThatIncludesTheLeader() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 0);
        assertThat(rounds.begin(10)).isEqualTo(1);
        assertThat(rounds.confirmedRound()).isZero();
        rounds.answered(B, 1);
        assertThat(rounds.confirmedRound()).isEqualTo(1);
        assertThat(rounds.begin(20)).isEqualTo(2);
        rounds.answered(C, 2);
        assertThat(rounds.confirmedRound()).isEqualTo(2);
    }

    @Test
    void roundsThatWereNeverGivenOutAndStrangersAreIgnored() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 0);
        rounds.begin(10);
        rounds.answered(B, 2);
        rounds.answered(B, 0);
        rounds.answered(B, -4);
        rounds.answered(NodeId.of(9), 1);
        assertThat(rounds.confirmedRound()).isZero();
    }

    @Test
    void leadershipIsAsOldAsTheSendingOfTheNewestConfirmedRound() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 1_000);
        assertThat(rounds.unconfirmedForNanos(1_000)).isZero();
        rounds.begin(1_100);
        rounds.begin(1_200);
        rounds.answered(B, 1);
        // Measured from when the round was sent, not from when the answer came (trap 38).
        assertThat(rounds.unconfirmedForNanos(5_000)).isEqualTo(3_900);
        rounds.answered(B, 2);
        rounds.answered(B, 1);
        assertThat(rounds.unconfirmedForNanos(5_000)).isEqualTo(3_800);
    }

    @Test
    void beforeTheFirstRoundAnyAnswerIsAsGoodAsOneButConfirmsNone() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 1_000);
        assertThat(rounds.hasAnswered(A)).isTrue();
        assertThat(rounds.hasAnswered(B)).isFalse();
        rounds.heard(B);
        assertThat(rounds.hasAnswered(B)).isTrue();
        assertThat(rounds.unheardForNanos(B, 1_700)).isEqualTo(700);
        assertThat(rounds.unconfirmedForNanos(1_700)).isEqualTo(700);
        rounds.begin(1_800);
        assertThat(rounds.confirmedRound()).isZero();
        rounds.answered(B, 1);
        rounds.heard(B);
        rounds.heard(C);
        assertThat(rounds.unheardForNanos(B, 2_000)).isEqualTo(200);
        assertThat(rounds.hasAnswered(C)).isFalse();
    }

    @Test
    void whoHasAnEntryHasHeardThisLeaderSinceItWasMadeButHasAnsweredNoRound() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 1_000);
        rounds.made(7, 1_000);
        rounds.begin(2_000);
        rounds.made(8, 3_000);
        rounds.has(B, 6);
        assertThat(rounds.hasAnswered(B)).isFalse();
        rounds.has(B, 7);
        assertThat(rounds.unheardForNanos(B, 4_000)).isEqualTo(3_000);
        rounds.has(B, 9);
        assertThat(rounds.unheardForNanos(B, 4_000)).isEqualTo(1_000);
        assertThat(rounds.unconfirmedForNanos(4_000)).isEqualTo(1_000);
        assertThat(rounds.confirmedRound()).isZero();
        // An older proof that comes later takes nothing back.
        rounds.has(B, 7);
        rounds.answered(B, 1);
        assertThat(rounds.unheardForNanos(B, 4_000)).isEqualTo(1_000);
        assertThat(rounds.confirmedRound()).isEqualTo(1);
    }

    @Test
    void aRoundCanWaitUntilAnIntervalAfterTheOldestOfTheNewestProofs() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 0);
        rounds.made(1, 0);
        rounds.made(2, 500);
        rounds.made(3, 900);
        rounds.has(B, 3);
        assertThat(rounds.restNanos(INTERVAL)).as("C has not answered").isZero();
        rounds.has(C, 2);
        assertThat(rounds.restNanos(INTERVAL)).isEqualTo(500);
        assertThat(rounds.restNanos(INTERVAL + 500)).isZero();
    }

    @Test
    void anAnswerToARoundThatIsForgottenConfirmsNoTime() {
        HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 0);
        for (int i = 1; i <= 1_025; i++) {
            rounds.begin(i);
        }
        rounds.answered(B, 1);
        assertThat(rounds.confirmedRound()).isEqualTo(1);
        assertThat(rounds.unconfirmedForNanos(2_000)).isEqualTo(2_000);
        rounds.answered(B, 2);
        assertThat(rounds.unconfirmedForNanos(2_000)).isEqualTo(1_998);
    }

    /** The oracle is a list of all answers: a confirmed read must have a majority that answered a round begun after it came. */
    @Test
    void noReadIsConfirmedWithoutAMajorityAfterItsArrival() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ReadQueue queue = new ReadQueue(8);
            HeartbeatRounds rounds = new HeartbeatRounds(() -> THREE, A, INTERVAL, 0);
            Map<NodeId, Long> highest = new HashMap<>();
            Map<Long, Long> arrivedBefore = new HashMap<>();
            List<Confirmed> all = new ArrayList<>();
            long commit = 0;
            for (long step = 1; step < 60; step++) {
                switch (random.nextInt(3)) {
                    case 0 -> {
                        if (queue.add(read(step))) {
                            arrivedBefore.put(step, rounds.current());
                        }
                    }
                    case 1 -> {
                        commit += random.nextInt(3);
                        queue.roundBegins(rounds.begin(step), commit);
                    }
                    default -> {
                        NodeId node = random.nextBoolean() ? B : C;
                        long round = random.nextLong(rounds.current() + 2);
                        rounds.answered(node, round);
                        if (round <= rounds.current()) {
                            highest.merge(node, round, Math::max);
                        }
                    }
                }
                long confirmedRound = highest.values().stream()
                        .mapToLong(round -> round)
                        .max()
                        .orElse(0);
                for (Confirmed confirmed : queue.confirmed(rounds.confirmedRound())) {
                    all.add(confirmed);
                    assertThat(confirmedRound)
                            .as("seed %s", seed)
                            .isGreaterThan(
                                    arrivedBefore.getOrDefault(confirmed.read().requestId(), Long.MAX_VALUE));
                }
            }
            assertThat(all).doesNotHaveDuplicates();
        }
    }
}
