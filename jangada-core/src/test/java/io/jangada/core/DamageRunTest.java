package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.DamageRun.Planted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Disks that lose what they had acknowledged, under the network and the crashes of {@link RandomRunTest}: nothing committed is lost while a good copy is somewhere, and all groups serve again. */
class DamageRunTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 3_000;

    private static DamageRun run(long seed, Planted planted) {
        DamageRun run = new DamageRun(seed, planted, false);
        for (int step = 0; step < STEPS; step++) {
            run.somethingHappens();
            if (step % 50 == 0) {
                run.group.checkLogs();
            }
        }
        run.calm();
        return run;
    }

    @Test
    void whatWasCommittedStaysAndEveryGroupServesAgain() {
        long committed = 0;
        long damaged = 0;
        long torn = 0;
        long doubts = 0;
        long repaired = 0;
        long lostAnswers = 0;
        long snapshotsLost = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                DamageRun run = run(seed, Planted.NOTHING);
                committed += run.group.committed.size();
                damaged += run.damaged;
                torn += run.torn;
                doubts += run.doubts;
                repaired += run.repaired;
                lostAnswers += run.lostAnswers;
                snapshotsLost += run.snapshotsLost;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        System.out.println("committed " + committed + ", damaged " + damaged + ", torn " + torn + ", doubtful votes "
                + doubts + ", repairs " + repaired + ", lost acknowledgements " + lostAnswers + ", snapshots lost "
                + snapshotsLost);
        // A storm in which little happens would prove little.
        assertThat(committed).isGreaterThan(10L * SEEDS);
        assertThat(damaged).isGreaterThan(2L * SEEDS);
        assertThat(torn).isGreaterThan(SEEDS);
        assertThat(doubts).isGreaterThan(SEEDS / 20);
        assertThat(repaired).isGreaterThan(5L * SEEDS);
        assertThat(lostAnswers).isGreaterThan(SEEDS / 4);
        assertThat(snapshotsLost).isGreaterThan(SEEDS / 40);
    }

    /** Nothing is promised but safety: what was lost everywhere is waited for. */
    @Test
    void nothingCommittedChangesWhateverIsLost() {
        long committed = 0;
        long damaged = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                DamageRun run = new DamageRun(seed, Planted.NOTHING, true);
                for (int step = 0; step < STEPS; step++) {
                    run.somethingHappens();
                    if (step % 50 == 0) {
                        run.group.checkLogs();
                    }
                }
                committed += run.group.committed.size();
                damaged += run.damaged;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(committed).isGreaterThan(3L * SEEDS);
        assertThat(damaged).isGreaterThan(2L * SEEDS);
    }

    /** Each rule that is taken away is missed: by a committed entry that a leader lacks, or that changes. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void everyRuleIsNeeded(Planted planted) {
        for (long seed = 1; seed <= 4L * SEEDS; seed++) {
            try {
                run(seed, planted);
            } catch (AssertionError e) {
                if (String.valueOf(e.getMessage()).contains("committed")) {
                    return;
                }
            } catch (IllegalStateException e) {
                // An invariant of a core that saw what the rule prevents.
                return;
            }
        }
        throw new AssertionError("nobody notices " + planted);
    }
}
