package io.jangada.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One test for each trap of docs/traps.md about memberships, transfer and leases. */
class MembershipTrapsTest {

    /** Two leaders each begin a change of one server before they have committed anything in their terms: their majorities do not overlap. */
    @Test
    void trap01NoChangeBeforeACommitOfTheOwnTerm() {
        // Four nodes; node 1 adds 5, which nobody else hears of.
        Story story = Story.led("4 learners=5");
        story.run("cut 1", "change 1 promote 5", "settle");
        assertThat(story.run("members 1")).contains("voters 1 2 3 4 5; outgoing 1 2 3 4");
        // Node 2 leads and must not remove anybody before an entry of its term is on a majority.
        story.run("cut AppendResponse *->2", "clock 2s", "elect 2");
        assertThat(story.run("change 2 remove 1")).contains("refused: NO_COMMIT_IN_TERM");
        story.run("heal AppendResponse *->2", "pass 100ms");
        assertThat(story.run("change 2 remove 1")).contains("has place");
        assertThat(story.run("quiet settle")).contains("voters 2 3 4");
        // What node 1 had begun can never be committed: it finds no majority of the old voters.
        assertThat(story.run("heal", "quiet pass 3s")).doesNotContain("1 is leader");
    }

    @Test
    void trap10WhoIsRemovedOrWasNeverAddedCannotDisturb() {
        Story story = Story.led("4");
        story.run("cut 4", "change 1 remove 4", "settle", "pass 5s", "join 9", "heal");
        assertThat(story.run("timeout 4", "settle"))
                .contains("4->1 PreVoteRequest")
                .doesNotContain("Response");
        assertThat(story.run("quiet pass 10s", "status 1")).contains("leader in term 1");
        assertThat(story.run("timeout 9", "network")).isEmpty();
    }

    /** A membership entry that a new leader cuts off is not in force any more; the previous one has been kept for that. */
    @Test
    void trap20TheMembershipBeforeIsKeptForTheRollback() {
        Story story = Story.led("5 learners=6");
        story.run("change 1 demote 5", "settle", "pass 60ms");
        story.run("cut 1", "change 1 promote 6", "propose 1 a", "clock 2s", "elect 2", "heal");
        assertThat(story.run("quiet pass 300ms"))
                .contains("1 now in force: membership of 3: voters 1 2 3 4; learners 5 6");
        assertThat(story.run("members 1")).isEqualTo(story.run("members 2"));
        // And after a restart on that log, too.
        assertThat(story.run("crash 1", "restart 1", "members 1")).isEqualTo(story.run("members 2"));
    }

    /** Memberships that are in force when applied need a guard on every way to stand; here they are in force when appended, on every way. */
    @Test
    void trap29WhoeverStandsUsesTheLatestMembershipInItsLog() {
        for (boolean transfer : new boolean[] {false, true}) {
            Story story = Story.led("3 learners=4,5");
            story.run("cut CommitNotice 1->2", "change 1 promote 4 + promote 5", "settle");
            assertThat(story.run("status 2")).contains("commit 2,");
            if (transfer) {
                story.run("transfer 1 to 2");
            } else {
                story.run("crash 1", "clock 2s", "timeout 2");
            }
            assertThat(story.run("settle")).contains("2->4 VoteRequest", "2->5 VoteRequest", "2 is leader in term 2");
        }
    }

    @Test
    void trap30ALeaderThatRemovesItselfDoesNotCountItselfAndTellsTheOthersFirst() {
        Story story = Story.led("3");
        story.run("cut AppendRequest 1->3 ~3@1", "change 1 remove 1", "settle");
        assertThat(story.run("status 1")).contains("1 is leader in term 1, log 1..3, commit 2");
        String rest = story.run("heal", "pass 60ms");
        assertThat(rest).contains("1 commits and applies 3", "1->2 CommitNotice", "2 is leader in term 2");
        assertThat(rest.indexOf("1->2 CommitNotice")).isLessThan(rest.indexOf("TimeoutNow"));
    }

    @Test
    void trap31TheJointMembershipIsLeftThoughItsLeaderIsGone() {
        Story story = Story.led("5");
        story.run("cut *->1", "change 1 demote 5", "settle", "crash 1", "heal");
        assertThat(story.run("members 2")).contains("outgoing");
        assertThat(story.run("pass 3s", "members 2")).endsWith("voters 1 2 3 4; learners 5");
        // The leader steps down between the two entries and is elected again: the same.
        Story again = Story.led("3 learners=4");
        again.run("cut AppendResponse", "change 1 promote 4", "settle", "step-down 1", "heal");
        assertThat(again.run("pass 5s", "members 1")).endsWith("voters 1 2 3 4");
    }

    @Test
    void trap32ALearnerThatIsAVoterVotesAndATargetHasItsPromotion() {
        Story story = Story.led("2 learners=3");
        story.run("cut AppendRequest 1->3", "change 1 promote 3", "settle");
        // It is no target before it has the entry that makes it a voter.
        story.run("transfer 1 to 3 within 300ms");
        assertThat(story.run("settle")).doesNotContain("TimeoutNow");
        assertThat(story.run("quiet pass 400ms")).contains("transfer: TIMED_OUT");
        story.run("crash 1", "clock 2s", "timeout 2");
        assertThat(story.run("settle")).contains("3->2 VoteResponse term 2, yes", "2 is leader in term 2");
    }

    @Test
    void trap33AnEmptyNodeDoesNotBecomeAVoterAtOnce() {
        Story story = Story.led("3");
        story.run("change 1 add-voter 4", "settle", "crash 3", "pass 1s");
        // Node 4 was never started: two of three decide, not two of four.
        assertThat(story.run("propose 1 a", "quiet settle")).contains("1 commits and applies");
        assertThat(story.run("members 1")).contains("voters 1 2 3; learners 4; promotes 4");
    }

    @Test
    void trap34APromotionDoesNotRestartReplication() {
        Story story = Story.led("2 learners=3");
        story.run("propose 1 a", "settle", "propose 1 b", "delay AppendRequest 1->3", "settle");
        String before = story.run("progress 1");
        assertThat(before).contains("3 replicate match 2 next 4");
        story.run("change 1 promote 3 force");
        assertThat(story.run("progress 1")).contains("3 replicate match 2 next 5");
        // The late append and its answer still count, in whatever order they come.
        assertThat(story.run("undelay", "settle", "pass 60ms", "progress 1")).contains("3 replicate match 5 next 6");
        assertThat(story.run("log 3")).isEqualTo(story.run("log 1"));
    }

    @Test
    void trap35ATransferHasADeadlineAnAbortAndATermCheck() {
        // Writes on their way: none is lost, none is taken twice.
        Story writes = Story.led("3");
        writes.run("propose 1 a b", "transfer 1 to 2", "settle");
        assertThat(writes.run("state 3")).isEqualTo("  a b");
        // A target that hangs: the deadline ends it, and the leader leads on.
        Story hangs = Story.led("3");
        hangs.run("disk 3 hold", "propose 1 a", "settle", "transfer 1 to 3 within 200ms");
        assertThat(hangs.run("quiet pass 300ms")).contains("TIMED_OUT");
        assertThat(hangs.run("propose 1 b")).contains("has place");
        // An abort; then the request to stand arrives late, in a term that is over.
        Story late = Story.led("3");
        late.run("transfer 1 to 3", "delay TimeoutNow");
        assertThat(late.run("abort 1")).contains("ABORTED");
        late.run("pass 100ms", "step-down 1", "pass 3s", "undelay");
        String term = late.run("status 3");
        assertThat(late.run("settle")).contains("TimeoutNow term 1").doesNotContain("candidate");
        assertThat(late.run("status 3")).isEqualTo(term);
        // None while a change is open.
        Story change = Story.led("3 learners=4");
        change.run("cut AppendResponse", "change 1 promote 4");
        assertThat(change.run("transfer 1 to 2")).contains("CHANGE_OPEN");
        // No lease while a transfer is under way.
        Story lease = Story.led("3 lease");
        lease.run("cut TimeoutNow", "transfer 1 to 2");
        assertThat(lease.run("lease-read 1")).doesNotContain("may be read");
    }

    @Test
    void trap38ALeaseCountsFromTheSendingAndEndsWithTransferAndRestart() {
        Story late = Story.led("3 lease");
        // The answers to a round take 300 ms: the lease is counted from the time of sending all the same.
        late.run("pass 40ms", "cut HeartbeatRequest ~round", "clock 100ms");
        late.run("heal", "tick 1", "cut HeartbeatRequest", "deliver HeartbeatRequest", "delay HeartbeatResponse");
        assertThat(late.run("clock 300ms", "lease-read 1")).contains("for 10 ms");
        // The stamp that says until when it is good lets a node that was asleep throw its answer away.
        Story moved = Story.led("3 lease");
        moved.run("transfer 1 to 2", "settle");
        assertThat(moved.run("lease-read 1")).doesNotContain("may be read");
        Story restarted = Story.led("3 lease");
        restarted.run("cut *->3", "pass 700ms", "crash 2", "restart 2", "heal", "cut 1", "timeout 3");
        assertThat(restarted.run("settle")).contains("2->3 PreVoteResponse term 2, no");
    }

    @Test
    void trap39EveryStartIsThatOfAFollowerAndAppliesFromTheBeginning() {
        Story story = Story.led("3");
        story.run("propose 1 a", "settle", "crash 1");
        assertThat(story.run("restart 1", "status 1")).contains("1 is follower in term 1", "commit 0, applied 0");
        assertThat(story.run("read 1")).contains("refused: NOT_LEADER");
        assertThat(story.run("quiet pass 2s", "state 1")).isEqualTo("  a");
    }

    @Test
    void trap45ALeaderWithAHungDiskStepsDownAndHelpsNobodyUntilItIsDone() {
        Story story = Story.led("3");
        story.run("disk 1 hold", "propose 1 a", "pass 1900ms");
        assertThat(story.run("status 1")).contains("is leader");
        assertThat(story.run("quiet pass 300ms")).contains("1 is follower");
        story.run("pass 2s", "crash 3");
        assertThat(story.run("quiet pass 10s")).doesNotContain("is leader", "1 is pre-candidate");
        assertThat(story.run("disk 1 release", "quiet pass 3s")).contains("is leader");
    }

    @Test
    void trap47AWipedNodeIsNotHeardUnderItsOldName() {
        Story story = Story.led("3 folders");
        story.run("connect 1 2", "connect 1 3", "connect 2 1", "connect 2 3", "pass 200ms");
        assertThat(story.run("members 2")).contains("3 folder 300");
        // It would help node 2, which lacks a committed entry, to a majority.
        story.run("cut AppendRequest 1->2", "propose 1 a", "settle", "crash 1", "crash 3", "wipe 3", "heal");
        story.run("connect 2 3", "connect 3 2");
        assertThat(story.run("quiet pass 10s")).doesNotContain("is leader");
    }
}
