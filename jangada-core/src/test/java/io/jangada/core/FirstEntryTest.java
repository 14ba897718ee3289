package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Between the election and the first heartbeat: nothing is said unasked, and whoever asks is answered without that heartbeat. */
class FirstEntryTest {

    /** The leader's first entry 4@5 is committed with A's help; B has not answered. */
    private static Core committed() {
        Core core = Core.leaderThatKnowsWhatIsCommitted();
        core.sync();
        Effects effects = core.receive(AppendResponse.matched(A, ME, 5, 4));
        assertThat(effects.applyTo()).isEqualTo(4);
        expectMessages(effects);
        return core;
    }

    @Test
    void theFirstHeartbeatBringsTheNewsOfItsCommit() {
        Core core = committed();
        expectNothing(core.receive(AppendResponse.matched(B, ME, 5, 4)));
        expectNothing(core.after(49));
        expectMessages(core.after(1), new HeartbeatRequest(ME, A, 5, 1, 4), new HeartbeatRequest(ME, B, 5, 1, 4));
        expectMessages(core.after(50), new HeartbeatRequest(ME, A, 5, 2, 4), new HeartbeatRequest(ME, B, 5, 2, 4));
    }

    /** Entries that everybody answers tell what a heartbeat would; whoever does not answer, or has not been told all, gets one at its time. */
    @Test
    void entriesThatAllAnswerPutTheHeartbeatOff() {
        Core core = committed();
        core.receive(AppendResponse.matched(B, ME, 5, 4));
        core.after(30);
        core.propose(7);
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 5));
        core.receive(AppendResponse.matched(B, ME, 5, 5));
        expectNothing(core.after(20));
        expectNothing(core.after(29));
        expectMessages(core.after(1), new HeartbeatRequest(ME, A, 5, 1, 5), new HeartbeatRequest(ME, B, 5, 1, 5));
    }

    @Test
    void anEntryThatOneDoesNotAnswerPutsNothingOff() {
        Core core = committed();
        core.receive(AppendResponse.matched(B, ME, 5, 4));
        core.after(30);
        core.propose(7);
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 5));
        expectMessages(core.after(20), new HeartbeatRequest(ME, A, 5, 1, 5), new HeartbeatRequest(ME, B, 5, 1, 4));
    }

    @Test
    void aReadThatWaitsIsNotPutOff() {
        Core core = committed();
        core.receive(AppendResponse.matched(B, ME, 5, 4));
        core.after(30);
        core.propose(7);
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 5));
        core.receive(AppendResponse.matched(B, ME, 5, 5));
        core.receive(new ReadIndexRequest(A, ME, 5, 77));
        expectMessages(core.after(20), new HeartbeatRequest(ME, A, 5, 2, 5), new HeartbeatRequest(ME, B, 5, 2, 5));
    }

    @Test
    void theFirstCommandBringsItTooAndTheNewsOfThatOneComesAtOnce() {
        Core core = committed();
        core.receive(AppendResponse.matched(B, ME, 5, 4));
        assertThat(core.propose(7).messages())
                .containsExactly(
                        new AppendRequest(ME, A, 5, 4, 5, List.of(command(5, 5)), 4),
                        new AppendRequest(ME, B, 5, 4, 5, List.of(command(5, 5)), 4));
        core.sync();
        expectMessages(core.receive(AppendResponse.matched(A, ME, 5, 5)), new CommitNotice(ME, A, 5, 5));
        expectMessages(core.receive(AppendResponse.matched(B, ME, 5, 5)), new CommitNotice(ME, B, 5, 5));
    }

    /** What the predecessor left may be a command that somebody waits for, at any node. */
    @Test
    void theNewsComesAtOnceIfSomethingBeforeItWasNotKnownToBeCommitted() {
        Core core = Core.leader();
        core.sync();
        expectMessages(core.receive(AppendResponse.matched(A, ME, 5, 4)), new CommitNotice(ME, A, 5, 4));
        expectMessages(core.receive(AppendResponse.matched(B, ME, 5, 4)), new CommitNotice(ME, B, 5, 4));
    }

    @Test
    void aReadAtTheLeaderBeginsTheFirstRound() {
        Core core = committed();
        expectMessages(core.read(7), new HeartbeatRequest(ME, A, 5, 1, 4), new HeartbeatRequest(ME, B, 5, 1, 0));
        assertThat(core.receive(new HeartbeatResponse(A, ME, 5, 1, 4)).readReady())
                .containsExactly(new Effects.ReadReady(7, 4));
    }

    @Test
    void aReadThatCameBeforeTheCommitBeginsTheFirstRoundWithIt() {
        Core core = Core.leaderThatKnowsWhatIsCommitted();
        core.sync();
        expectNothing(core.read(7));
        expectMessages(
                core.receive(AppendResponse.matched(A, ME, 5, 4)),
                new HeartbeatRequest(ME, A, 5, 1, 4),
                new HeartbeatRequest(ME, B, 5, 1, 0));
    }

    @Test
    void aFollowerThatReadsIsToldTheCommitByTheRoundOfItsRead() {
        Core core = committed();
        expectMessages(
                core.receive(new ReadIndexRequest(A, ME, 5, 77)),
                new HeartbeatRequest(ME, A, 5, 1, 4),
                new HeartbeatRequest(ME, B, 5, 1, 0));
        expectPromise(
                core.receive(new HeartbeatResponse(A, ME, 5, 1, 4)), new ReadIndexResponse(ME, A, 5, 77, true, 4), 1);
    }

    @Test
    void aFollowerThatReadsAndHadNotTheEntryYetIsToldAsSoonAsItHas() {
        Core core = committed();
        core.receive(new ReadIndexRequest(B, ME, 5, 77));
        expectPromise(
                core.receive(new HeartbeatResponse(A, ME, 5, 1, 4)), new ReadIndexResponse(ME, B, 5, 77, true, 4), 1);
        expectMessages(core.receive(AppendResponse.matched(B, ME, 5, 4)), new CommitNotice(ME, B, 5, 4));
    }

    @Test
    void aFollowerWhoseReadCameBeforeTheCommitIsToldToo() {
        Core core = Core.leaderThatKnowsWhatIsCommitted();
        core.sync();
        expectNothing(core.receive(new ReadIndexRequest(B, ME, 5, 77)));
        expectMessages(
                core.receive(AppendResponse.matched(A, ME, 5, 4)),
                new CommitNotice(ME, A, 5, 4),
                new HeartbeatRequest(ME, A, 5, 1, 4),
                new HeartbeatRequest(ME, B, 5, 1, 0));
        expectMessages(core.receive(AppendResponse.matched(B, ME, 5, 4)), new CommitNotice(ME, B, 5, 4));
    }

    @Test
    void whoHasAnsweredTheEntryCountsForAChangeOfTheMembership() {
        Core core = committed();
        MembershipChange change = MembershipChange.of(new MembershipStep.Demote(B));
        assertThat(core.step(new Event.ChangeMembership(9, change)).appended())
                .containsExactly(new Effects.Appended(9, 5, 5));
    }

    @Test
    void whoHasAnsweredTheEntryCanBeHandedTheLeadership() {
        Core core = committed();
        expectMessages(core.step(new Event.Transfer(9, NodeId.NONE, 1_000 * Core.MS)), new TimeoutNow(ME, A, 5));
    }
}
