package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.raft.RaftLab.Shape;
import io.jangada.testkit.lab.trace.Trace;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each check of the labs fails when it should, at the time at which it should. */
class RaftLabChecksTest {
    private static LabRun play(boolean snapshots, Consumer<RaftLab> text) {
        return LabRun.of(
                RaftLab.scenario(LabPart.LOG, "Checks", "checks", new Shape(3, true, snapshots), text),
                LabMode.VIRTUAL,
                1,
                Trace.NONE);
    }

    private static LabRun play(Consumer<RaftLab> text) {
        return play(false, text);
    }

    private static void assertFails(LabRun run, String why) {
        assertThat(run.failure()).isPresent();
        assertThat(run.failure().orElseThrow()).isInstanceOf(LabFailure.class).hasMessageContaining(why);
    }

    /** Leaves the leader alone, and returns it. */
    private static int isolateLeader(RaftLab lab) {
        int leader = lab.oneLeader();
        lab.disconnect(lab.after(leader, 1), lab.after(leader, 2));
        return leader;
    }

    @Test
    void anAgreementThatWasPromisedTakesTwoSecondsAtMost() {
        double[] began = new double[1];
        LabRun run = play(lab -> {
            isolateLeader(lab);
            began[0] = lab.time().elapsedNanos() / 1e9;
            lab.one(Command.of(1), 2);
        });
        assertFails(run, "was not agreed on by 2 servers within 2 s");
        assertThat(run.seconds() - began[0]).isCloseTo(2, within(0.05));
    }

    @Test
    void anAgreementWithRetriesTakesTenSecondsAtMost() {
        double[] began = new double[1];
        LabRun run = play(lab -> {
            isolateLeader(lab);
            began[0] = lab.time().elapsedNanos() / 1e9;
            lab.oneOrAgain(Command.of(1), 2);
        });
        assertFails(run, "was not agreed on by 2 servers within 10 s");
        assertThat(run.seconds() - began[0]).isCloseTo(10, within(0.1));
    }

    @Test
    void anAgreementNeedsASingleServerOnlyIfThatIsAsked() {
        LabRun run = play(lab -> {
            lab.disconnect(0);
            long index = lab.one(Command.of(1), 2);
            lab.require(index == 1 && lab.committed(1) == 2, "two have it");
            lab.one(Command.of(2), 3);
        });
        assertFails(run, "by 3 servers within 2 s");
    }

    @Test
    void aLeaderMustShowWithinFiveSeconds() {
        LabRun run = play(lab -> {
            lab.disconnect(0, 1);
            lab.oneLeader();
        });
        assertFails(run, "no leader among the connected servers");
        assertThat(run.seconds()).isBetween(4.5, 5.5);
    }

    @Test
    void aLeaderIsReportedWhereThereMayBeNone() {
        assertFails(
                play(lab -> {
                    lab.oneLeader();
                    lab.noLeader();
                }),
                "believes to lead");
    }

    @Test
    void aCommandMustBeTakenByALeaderOnly() {
        assertFails(play(lab -> lab.mustStart(lab.after(lab.oneLeader(), 1), Command.of(1))), "refused");
    }

    @Test
    void aLeaderThatIsCutOffRefusesAtOnce() {
        LabRun run = play(lab -> {
            int leader = isolateLeader(lab);
            // Longer than its lease, shorter than it takes to step down, and later than both.
            for (int millis : new int[] {350, 1_000}) {
                lab.sleep(millis);
                long before = lab.time().elapsedNanos();
                lab.require(!lab.start(leader, Command.of(1)).isLeader(), "took a command");
                lab.require(lab.time().elapsedNanos() - before < 5_000_000, "took longer than 5 ms");
            }
            lab.connect(0, 1, 2);
            lab.sleep(2_000);
            lab.require(lab.committed(1) == 0, "a refused command was committed");
        });
        assertThat(run.failure()).isEmpty();
    }

    @Test
    void waitingForAnIndexEndsAfterHalfAMinute() {
        LabRun run = play(lab -> {
            lab.one(Command.of(1), 3);
            assertThat(lab.await(1, 3)).isEqualTo(Command.of(1));
            lab.await(2, 1);
        });
        assertFails(run, "only 0 servers have applied index 2, expected 1");
        assertThat(run.seconds()).isBetween(30.0, 33.0);
    }

    @Test
    void waitingForAnIndexInATermEndsWithTheTerm() {
        LabRun run = play(lab -> {
            int leader = lab.oneLeader();
            long term = lab.sameTerm();
            lab.require(lab.areAllIn(term), "all are in term " + term);
            lab.disconnect(leader);
            lab.require(lab.awaitInTerm(1, 1, term).isEmpty(), "it did not give up");
            lab.require(!lab.areAllIn(term), "nobody has gone on");
        });
        assertThat(run.failure()).isEmpty();
        assertThat(run.seconds()).isLessThan(5);
    }

    @Test
    void aWrongCommandOfAServerEndsTheRunAtOnce() {
        for (boolean snapshots : new boolean[] {false, true}) {
            LabRun run = play(snapshots, lab -> {
                lab.ledger().begin(0).command(1, Command.of(7));
                lab.oneLeader();
                lab.oneOrAgain(Command.of(8), 3);
                lab.sleep(60_000);
            });
            assertFails(run, "at index 1, where");
            assertThat(run.seconds()).isLessThan(2);
        }
    }

    @Test
    void aScenarioTakesTwoMinutesAtMost() {
        assertThat(play(lab -> lab.sleep(119_000)).failure()).isEmpty();
        assertFails(play(lab -> lab.sleep(121_000)), "longer than 120");
    }

    @Test
    void whatIsCountedIsTold() {
        LabRun run = play(lab -> {
            lab.one(Command.of(1), 3);
            lab.one(Command.of(2), 3);
            lab.require(lab.received() > 0, "nobody was called");
        });
        assertThat(run.failure()).isEmpty();
        assertThat(run.outcome().agreements()).isEqualTo(2);
        assertThat(run.outcome().bytes()).isGreaterThan(run.outcome().rpcs());
    }
}
