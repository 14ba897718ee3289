package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.COMMAND;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.DiskStall;
import io.jangada.core.model.Entry;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SpaceLevel;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.Refusal;
import org.junit.jupiter.api.Test;

/** Trap 46: what a node takes and what it leaves while its disk is nearly full, and what it says of a disk that hangs. */
class SpaceTest {

    private static Core with(Core core, SpaceLevel level) {
        expectNothing(core.step(new Event.Space(level)));
        return core;
    }

    @Test
    void trap46ALeaderTakesNoCommandsWhileTheReserveIsTouchedAndTakesThemAgainAfterwards() {
        Core core = with(Core.settledLeader(), SpaceLevel.SCARCE);
        Effects refused = core.propose(7);
        assertThat(refused.refused()).containsExactly(new Effects.Refused(7, Refusal.NO_SPACE, ME));
        assertThat(refused.write()).isNull();
        assertThat(core.propose(8).refused()).hasSize(1);
        with(core, SpaceLevel.AMPLE);
        assertThat(core.propose(9).appended()).containsExactly(new Effects.Appended(9, 5, 5));
    }

    @Test
    void aLeaderTellsWhoForwardsThatItsDiskIsNearlyFull() {
        Core core = with(Core.settledLeader(), SpaceLevel.SCARCE);
        Effects effects = core.receive(new ForwardRequest(A, ME, 5, 7, COMMAND));
        expectMessages(effects, new ForwardResponse(ME, A, 5, 7, ForwardOutcome.NO_SPACE, 0, 0));
    }

    @Test
    void aFollowerHandsOnWhyTheLeaderTookNothing() {
        Core core = Core.following();
        core.propose(7);
        Effects effects = core.receive(new ForwardResponse(A, ME, 4, 7, ForwardOutcome.NO_SPACE, 0, 0));
        assertThat(effects.refused()).containsExactly(new Effects.Refused(7, Refusal.NO_SPACE, A));
    }

    @Test
    void readsAndHeartbeatsOfALeaderGoOn() {
        Core core = with(Core.settledLeader(), SpaceLevel.EXHAUSTED);
        core.read(3);
        Effects confirmed = core.receive(new HeartbeatResponse(A, ME, 5, 1, 4));
        assertThat(confirmed.readReady()).containsExactly(new Effects.ReadReady(3, 4));
        core.expectRole(RoleName.LEADER, 5);
    }

    @Test
    void aFollowerGoesOnWhileRoomIsScarce() {
        Core core = with(Core.following(), SpaceLevel.SCARCE);
        Effects effects = core.receive(append(4, 3, 4, 0, command(4, 4)));
        expectPromise(effects, AppendResponse.matched(ME, A, 4, 4), 1);
        expectMessages(core.propose(7), new ForwardRequest(ME, A, 4, 7, COMMAND));
    }

    @Test
    void aFollowerWithoutRoomLeavesCommandsAndAcknowledgesNothing() {
        Core core = with(Core.following(), SpaceLevel.EXHAUSTED);
        expectNothing(core.receive(append(4, 3, 4, 0, command(4, 4))));
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
        assertThat(core.raft.status().leader()).isEqualTo(A);
        // Its clients would wait for what it does not apply.
        assertThat(core.propose(7).refused()).containsExactly(new Effects.Refused(7, Refusal.NO_SPACE, ME));
        with(core, SpaceLevel.SCARCE);
        Effects again = core.receive(append(4, 3, 4, 0, command(4, 4)));
        expectPromise(again, AppendResponse.matched(ME, A, 4, 4), 1);
    }

    @Test
    void aFollowerWithoutRoomDoesNotCutWhatItCannotReplace() {
        Core core = with(Core.following(), SpaceLevel.EXHAUSTED);
        expectNothing(core.receive(append(4, 2, 1, 0, Entry.noOp(3, 3), command(4, 4))));
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
    }

    @Test
    void theFirstEntryOfATermAndVotesFindRoomWhateverHappens() {
        Core core = with(Core.following(), SpaceLevel.EXHAUSTED);
        Effects effects = core.receive(append(5, 3, 4, 0, Entry.noOp(4, 5)));
        assertThat(effects.promises()).containsExactly(new Effects.Promise(AppendResponse.matched(ME, A, 5, 4), 1));
        core.sync();
        core.now += 1_000 * Core.MS;
        Effects vote = core.receive(new VoteRequest(B, ME, 9, 9, 9, true));
        assertThat(vote.promises())
                .extracting(Effects.Promise::message)
                .containsExactly(new VoteResponse(ME, B, 9, true));
    }

    /** An answer to the question where the logs agree would have the leader send a whole window of entries at once, again and again. */
    @Test
    void questionsAreLeftUnansweredForAWhileAfterCommandsWere() {
        Core core = with(Core.following(), SpaceLevel.EXHAUSTED);
        expectPromise(core.receive(append(4, 3, 4, 0)), AppendResponse.matched(ME, A, 4, 3), 0);
        core.receive(append(4, 3, 4, 0, command(4, 4)));
        expectNothing(core.receive(append(4, 3, 4, 0)));
        core.now += 2_000 * Core.MS;
        expectPromise(core.receive(append(4, 3, 4, 0)), AppendResponse.matched(ME, A, 4, 3), 0);
        core.receive(append(4, 3, 4, 0, command(4, 4)));
        with(core, SpaceLevel.SCARCE);
        expectPromise(core.receive(append(4, 3, 4, 0)), AppendResponse.matched(ME, A, 4, 3), 0);
    }

    @Test
    void aHungDiskIsSaidToHangFromItsDeadlineUntilItsNextSign() {
        Core core = Core.settledLeader();
        core.propose(7);
        long since = core.now;
        assertThat(core.raft.diskStall(since + 1_999 * Core.MS)).isEqualTo(DiskStall.NONE);
        assertThat(core.raft.diskStall(since + 2_000 * Core.MS)).isEqualTo(new DiskStall(2_000 * Core.MS, 1));
        core.now += 3_000 * Core.MS;
        core.sync();
        assertThat(core.raft.diskStall(core.now)).isEqualTo(DiskStall.NONE);
    }
}
