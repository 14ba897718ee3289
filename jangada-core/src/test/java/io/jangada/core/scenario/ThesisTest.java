package io.jangada.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Chapters 3, 4 and 6 of the Raft thesis where they say more than Figure 2, sentence by sentence. The display names are paraphrases; docs/paper-map.md maps each to the
 * code.
 */
class ThesisTest {

    @Test
    @DisplayName("3.4: two that stand at the same time are parted by chance, and the group has a leader soon")
    void splitVotesAreParted() {
        Story story = new Story();
        story.run("group 4", "timeout 1", "timeout 2", "deliver PreVoteRe", "deliver PreVoteRe", "sync 1", "sync 2");
        assertThat(story.run("quiet pass 4s")).contains("is leader");
        assertThat(story.run("status")).containsOnlyOnce("is leader");
    }

    @Test
    @DisplayName("3.5: a leader never overwrites or deletes what is in its own log")
    void leaderAppendsOnly() {
        Story story = new Story();
        story.run("group 3 term=3 log1=1,2,2 log2=1,3,3 log3=1", "cut 2", "elect 1", "settle");
        assertThat(story.run("log 1")).startsWith("  1@1 \"t1\"\n  2@2 \"t2\"\n  3@2 \"t2\"\n  4@");
        assertThat(story.run("heal", "pass 200ms", "log 1")).contains("2@2", "3@2");
        assertThat(story.run("log 2")).isEqualTo(story.run("log 1"));
    }

    @Test
    @DisplayName("3.7: what a crashed follower did not answer is repeated until it does, and does no harm twice")
    void requestsAreRepeated() {
        Story story = Story.led("3");
        story.run("propose 1 a", "deliver AppendRequest 1->3", "crash 3", "settle", "pass 2s", "restart 3");
        story.run("copy AppendRequest", "pass 100ms", "undelay", "settle");
        assertThat(story.run("state 3")).isEqualTo("  a");
        assertThat(story.run("log 3")).isEqualTo(story.run("log 1"));
    }

    @Test
    @DisplayName("3.8: term, vote and log outlive a restart; how far is committed is found out anew")
    void restartKeepsTermVoteAndLog() {
        Story story = Story.led("3");
        story.run("propose 1 a", "settle", "crash 3", "restart 3");
        assertThat(story.run("status 3")).isEqualTo("  3 is follower in term 1, log 1..2, commit 0, applied 0");
        assertThat(story.run("quiet pass 60ms")).contains("3 commits and applies 2");
    }

    @Test
    @DisplayName("3.10 step 1: a leader that hands over takes no new requests")
    void transferTakesNothingNew() {
        Story story = Story.led("3");
        story.run("disk 3 hold", "propose 1 a", "settle", "transfer 1 to 3");
        assertThat(story.run("propose 1 b")).contains("refused: NOT_NOW");
        assertThat(story.run("change 1 remove 2")).contains("refused: TRANSFER_OPEN");
    }

    @Test
    @DisplayName("3.10 step 2: the target's log is brought up to the leader's before it is told to stand")
    void transferWaitsForTheTargetsLog() {
        Story story = Story.led("3");
        story.run("disk 3 hold", "propose 1 a", "settle", "transfer 1 to 3", "settle");
        assertThat(story.run("network")).isEmpty();
        story.run("disk 3 release", "sync 3", "deliver AppendResponse");
        assertThat(story.run("network")).contains("1->3 TimeoutNow term 1");
    }

    @Test
    @DisplayName(
            "3.10 step 3: the target stands at once, in a new term, and the others vote although their leader is live")
    void transferTargetStandsAtOnce() {
        Story story = Story.led("3");
        story.run("transfer 1 to 3");
        assertThat(story.run("settle"))
                .contains("3 is candidate in term 2", "2->3 VoteResponse term 2, yes", "3 is leader in term 2")
                .doesNotContain("PreVote");
    }

    @Test
    @DisplayName("3.10: if the target does not take over in time, the leader goes on and takes requests again")
    void transferThatFailsIsGivenUp() {
        Story story = Story.led("3");
        story.run("crash 3", "transfer 1 to 3 within 200ms");
        assertThat(story.run("quiet pass 300ms")).contains("transfer: TIMED_OUT");
        assertThat(story.run("propose 1 a")).contains("has place");
    }

    @Test
    @DisplayName("4.1: a membership is in force as soon as it is in the log, committed or not")
    void membershipIsInForceWhenAppended() {
        Story story = Story.led("3 learners=4");
        assertThat(story.run("change 1 promote 4"))
                .contains("now in force: membership of 2: voters 1 2 3 4; outgoing 1 2 3");
        assertThat(story.run("deliver AppendRequest 1->2")).contains("2 now in force: membership of 2");
        assertThat(story.run("status 2")).contains("commit 1,");
    }

    @Test
    @DisplayName("4.1: when its entry is cut off, the membership before it is in force again")
    void membershipFallsBackWithTheLog() {
        Story story = Story.led("3 learners=4");
        story.run("cut 1", "change 1 promote 4", "settle", "pass 3s", "heal");
        assertThat(story.run("quiet pass 300ms")).contains("1 now in force: membership of 0");
        assertThat(story.run("members 1")).isEqualTo("  membership of 0: voters 1 2 3; learners 4");
    }

    /** Node 3 has missed that node 4 is a voter now. */
    private static Story withAVoterThatOneDoesNotKnow() {
        Story story = Story.led("3");
        story.run("join 4", "cut AppendRequest 1->3", "change 1 add-voter 4", "pass 300ms");
        assertThat(story.run("members 1")).endsWith("voters 1 2 3 4");
        assertThat(story.run("members 3")).isEqualTo("  membership of 0: voters 1 2 3");
        return story;
    }

    @Test
    @DisplayName("4.1: a node takes entries from a leader that its membership does not name")
    void entriesFromAnUnknownLeaderAreTaken() {
        Story story = withAVoterThatOneDoesNotKnow();
        story.run("transfer 1 to 4");
        assertThat(story.run("settle")).contains("3 is follower of 4");
        assertThat(story.run("members 3")).endsWith("voters 1 2 3 4");
        assertThat(story.run("log 3")).isEqualTo(story.run("log 4"));
    }

    @Test
    @DisplayName("4.1: a node votes for a candidate that its membership does not name, if that has more entries")
    void votesAreGivenToAnUnknownCandidate() {
        Story story = withAVoterThatOneDoesNotKnow();
        story.run("crash 1", "clock 1s", "timeout 4");
        assertThat(story.run("settle")).contains("3->4 VoteResponse term 2, yes", "4 is leader in term 2");
    }

    @Test
    @DisplayName("4.1: one change at a time")
    void oneChangeAtATime() {
        Story story = Story.led("3 learners=4");
        story.run("cut AppendResponse", "change 1 promote 4");
        assertThat(story.run("change 1 remove 2")).contains("refused: CHANGE_OPEN");
        assertThat(story.run("heal", "quiet pass 100ms", "change 1 remove 2")).contains("has place");
    }

    @Test
    @DisplayName("4.1 with its later correction: no change before an entry of the leader's own term is committed")
    void noChangeBeforeACommitOfTheTerm() {
        Story story = new Story();
        story.run("group 3", "cut AppendResponse", "elect 1");
        assertThat(story.run("change 1 remove 3")).contains("refused: NO_COMMIT_IN_TERM");
        assertThat(story.run("heal", "pass 100ms", "change 1 remove 3")).contains("has place");
    }

    @Test
    @DisplayName("4.2.1: a new server joins without a vote and is promoted when a round of catching up is short")
    void newServersCatchUpFirst() {
        Story story = Story.led("3");
        story.run("join 4", "change 1 add-voter 4", "settle");
        assertThat(story.run("members 1")).contains("voters 1 2 3; learners 4; promotes 4");
        assertThat(story.run("pass 300ms", "members 1")).endsWith("voters 1 2 3 4");
    }

    @Test
    @DisplayName("4.2.1: one that is never heard of is not promoted, and costs nobody anything")
    void anAbsentServerIsNotPromoted() {
        Story story = Story.led("3");
        story.run("change 1 add-voter 4", "pass 20s");
        assertThat(story.run("members 1")).contains("voters 1 2 3; learners 4; promotes 4");
        assertThat(story.run("propose 1 a", "quiet settle")).contains("1 commits and applies");
    }

    @Test
    @DisplayName("4.2.1: the leader gives up after a number of rounds that took too long")
    void roundsAreBounded() {
        Story story = Story.led("3 rounds=1");
        story.run("join 4", "change 1 add-voter 4", "settle", "disk 4 hold", "propose 1 a", "pass 900ms");
        story.run("disk 4 release", "settle", "disk 4 hold", "propose 1 b", "pass 60ms", "disk 4 release", "pass 2s");
        assertThat(story.run("members 1")).endsWith("voters 1 2 3; learners 4");
    }

    @Test
    @DisplayName("4.2.1: the log of a new server is empty; one refusal tells the leader where to begin")
    void anEmptyLogIsFoundWithOneRefusal() {
        Story story = Story.led("3");
        story.run("bulk 1 100 10", "settle", "join 4", "change 1 add-learner 4");
        assertThat(story.run("settle")).containsOnlyOnce("no match");
        assertThat(story.run("log 4")).isEqualTo(story.run("log 1"));
    }

    @Test
    @DisplayName("4.2.2: a leader that removes itself leads until that is committed, then steps down")
    void aRemovedLeaderLeadsUntilItIsCommitted() {
        Story story = Story.led("3");
        story.run("cut AppendRequest ~3@1", "change 1 remove 1", "settle");
        assertThat(story.run("members 1")).endsWith("voters 2 3");
        assertThat(story.run("status 1")).contains("1 is leader", "commit 2");
        story.run("heal", "pass 200ms");
        assertThat(story.run("status 1")).contains("1 is follower");
        assertThat(story.run("status")).contains("leader in term 2");
    }

    @Test
    @DisplayName("4.2.2: it does not count itself in the majority for the entry that removes it")
    void aRemovedLeaderDoesNotCountItself() {
        Story story = Story.led("3");
        story.run("cut AppendRequest 1->3 ~3@1", "change 1 remove 1", "settle");
        assertThat(story.run("status 2")).contains("log 1..3");
        assertThat(story.run("status 1")).contains("log 1..3, commit 2");
    }

    @Test
    @DisplayName("4.2.2: a server that the latest membership does not name stands for election until that is committed")
    void aRemovedServerMayHaveToLead() {
        Story story = Story.led("3 learners=4,5,6");
        story.run("change 1 promote 4 + promote 5 + promote 6 + remove 1 + remove 2 + remove 3");
        story.run("cut AppendRequest 1->3,1->4,1->5,1->6 ~3@1", "settle", "crash 1", "heal");
        assertThat(story.run("quiet pass 3s")).contains("2 is leader in term 2");
        assertThat(story.run("status")).containsAnyOf("4 is leader", "5 is leader", "6 is leader");
    }

    @Test
    @DisplayName("4.2.3: a removed server that does not know it cannot disturb the others")
    void aRemovedServerDoesNotDisturb() {
        Story story = Story.led("4");
        story.run("crash 4", "change 1 remove 4", "settle", "pass 3s", "restart 4", "pass 10s");
        assertThat(story.run("status 4")).contains("pre-candidate in term 1");
        assertThat(story.run("status 1")).contains("leader in term 1");
    }

    @Test
    @DisplayName("4.2.3: within an election timeout of hearing from a leader, no vote is given and no term adopted")
    void aLiveLeaderIsNotDeposed() {
        // Node 3 stands in term 2, its requests take their time; meanwhile node 1 is elected in term 1.
        Story story = new Story();
        story.run("group 3", "timeout 3", "deliver PreVote", "deliver PreVote", "sync 3", "drop VoteRequest");
        story.run("timeout 3", "deliver PreVote", "deliver PreVote", "sync 3", "delay VoteRequest");
        story.run("cut 3", "clock 1s", "elect 1", "heal", "cut 1->3", "undelay");
        assertThat(story.run("deliver VoteRequest")).contains("3->2 VoteRequest term 2");
        assertThat(story.run("network")).isEmpty();
        assertThat(story.run("status 2")).contains("follower of 1 in term 1");
    }

    @Test
    @DisplayName("4.3: in a joint membership entries go to everybody in either part")
    void jointEntriesGoToEverybody() {
        Story story = Story.led("3 learners=4,5");
        story.run("change 1 promote 4 + promote 5 + remove 2 + remove 3", "cut AppendResponse", "settle");
        assertThat(story.run("propose 1 a", "network")).contains("1->2", "1->3", "1->4", "1->5");
    }

    @Test
    @DisplayName("4.3: in a joint membership a node of either part may lead")
    void eitherPartMayLead() {
        for (String next : new String[] {"3", "4"}) {
            Story joint = Story.led("3 learners=4,5");
            joint.run("cut AppendResponse", "change 1 promote 4 + promote 5 + remove 2 + remove 3", "settle");
            joint.run("crash 1", "heal", "clock 2s", "elect " + next);
            assertThat(joint.run("status " + next)).as(next).contains("in term 2");
            assertThat(joint.run("pass 500ms", "members 5")).endsWith("voters 1 4 5");
        }
    }

    @Test
    @DisplayName("4.3: agreement takes a majority of the old and a majority of the new")
    void agreementTakesBoth() {
        Story story = Story.led("3 learners=4,5");
        story.run("cut 2,3", "change 1 promote 4 + promote 5", "settle");
        assertThat(story.run("status 1")).contains("commit 1");
        Story other = Story.led("3 learners=4,5,6");
        other.run("cut 4,5,6", "change 1 promote 4 + promote 5 + promote 6", "settle");
        assertThat(other.run("status 1")).contains("commit 1");
        assertThat(other.run("heal", "pass 100ms", "status 1")).contains("commit 3");
    }

    @Test
    @DisplayName("4.3: once the joint membership is committed, the leader writes the new one")
    void theNewMembershipFollowsTheJointOne() {
        Story story = Story.led("3 learners=4");
        story.run("change 1 promote 4");
        assertThat(story.run("quiet settle"))
                .contains("1 commits and applies 2\n  1 now in force: membership of 3: voters 1 2 3 4");
    }

    @Test
    @DisplayName(
            "4.3: if the leader dies, the next one may have the old or the joint membership, never the new one alone")
    void afterACrashOldOrJoint() {
        Story without = Story.led("3 learners=4,5");
        without.run("cut AppendRequest", "change 1 promote 4 + promote 5", "settle", "crash 1", "heal", "pass 3s");
        assertThat(without.run("members 2")).contains("membership of 0");
        Story with = Story.led("3 learners=4,5");
        with.run("cut AppendResponse", "change 1 promote 4 + promote 5", "settle", "crash 1", "heal", "pass 3s");
        assertThat(with.run("members 2")).endsWith("voters 1 2 3 4 5");
    }

    @Test
    @DisplayName("4.4: a server is replaced by adding the new one first; the old one leaves when the new one can vote")
    void replacementAddsFirst() {
        Story story = Story.led("3");
        story.run("change 1 replace 3 by 4", "settle", "pass 2s");
        assertThat(story.run("members 1")).contains("voters 1 2 3; learners 4; promotes 4 for 3");
        assertThat(story.run("join 4", "pass 500ms", "members 1")).endsWith("voters 1 2 4");
    }

    @Test
    @DisplayName("6.2: a leader that reaches no majority for an election timeout steps down")
    void checkQuorum() {
        Story story = Story.led("3");
        story.run("cut 1");
        assertThat(story.run("quiet pass 1100ms")).contains("1 is follower");
    }

    @Test
    @DisplayName("6.2: whoever is asked and does not lead hands on or names the leader")
    void followersHandOn() {
        Story story = Story.led("3");
        assertThat(story.run("propose 2 a", "settle")).contains("2->1 ForwardRequest", "2 #1 has place 2@1");
        assertThat(Story.led("3 noforward").run("propose 2 a")).contains("refused: NOT_LEADER, leader 1");
    }

    @Test
    @DisplayName("6.4 step 1: no read before the leader has committed an entry of its term")
    void readsWaitForACommitOfTheTerm() {
        Story story = new Story();
        story.run("group 3", "cut AppendResponse", "elect 1", "read 1");
        assertThat(story.run("settle")).doesNotContain("may be read");
        assertThat(story.run("heal", "quiet pass 100ms")).contains("#1 may be read at 1");
    }

    @Test
    @DisplayName(
            "6.4 steps 2 and 3: the read index is that of the moment at which a round begins that a majority answers")
    void readsTakeARound() {
        Story story = Story.led("3");
        story.run("read 1", "delay Heartbeat", "propose 1 a", "settle");
        assertThat(story.run("status 1")).contains("commit 2");
        story.run("undelay");
        assertThat(story.run("settle")).contains("#1 may be read at 1");
    }

    @Test
    @DisplayName("6.4: several reads share a round; a follower asks the leader for the index")
    void readsShareARound() {
        Story story = Story.led("3");
        story.run("read 2", "read 2", "read 3", "deliver ReadIndexRequest");
        assertThat(story.run("settle")).contains("2 #1 may be read", "2 #2 may be read", "3 #3 may be read");
        assertThat(story.run("read 1", "network")).containsOnlyOnce("1->2 HeartbeatRequest");
    }

    @Test
    @DisplayName(
            "6.4.1: a lease counts from the sending of a round, for the election timeout less what clocks may drift")
    void leaseCountsFromTheSending() {
        Story story = Story.led("3 lease drift=20");
        story.run("pass 50ms", "cut Heartbeat", "clock 380ms");
        assertThat(story.run("lease-read 1")).contains("for 20 ms");
        assertThat(story.run("clock 20ms", "lease-read 1")).doesNotContain("may be read");
    }

    @Test
    @DisplayName("6.4.1: a transfer ends the lease; a restart has none")
    void transferAndRestartEndTheLease() {
        Story story = Story.led("3 lease");
        story.run("disk 3 hold", "propose 1 a", "settle", "transfer 1 to 3");
        assertThat(story.run("lease-read 1")).doesNotContain("may be read");
        Story other = Story.led("1 lease");
        assertThat(other.run("crash 1", "restart 1", "lease-read 1")).contains("refused: NOT_LEADER");
    }
}
