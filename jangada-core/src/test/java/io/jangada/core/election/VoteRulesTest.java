package io.jangada.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Recovered;
import io.jangada.core.log.RaftLog;
import io.jangada.core.log.RaftLogs;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VoteRulesTest {
    private static final NodeId ME = NodeId.of(1);
    private static final NodeId A = NodeId.of(2);
    private static final NodeId B = NodeId.of(3);

    private static boolean vote(NodeId votedFor, RaftLog log, long lastIndex, long lastTerm) {
        return VoteRules.vote(new HardState(5, votedFor), log, new VoteRequest(A, ME, 5, lastIndex, lastTerm))
                .isGiven();
    }

    @Test
    void theTable() {
        RaftLog log = RaftLogs.of(1, 1, 3);
        assertThat(vote(NodeId.NONE, log, 3, 3)).isTrue();
        assertThat(vote(A, log, 3, 3)).isTrue();
        assertThat(vote(B, log, 3, 3)).isFalse();
        assertThat(vote(NodeId.NONE, log, 2, 3)).isFalse();
        assertThat(vote(NodeId.NONE, log, 4, 3)).isTrue();
        assertThat(vote(NodeId.NONE, log, 1, 4)).isTrue();
        assertThat(vote(NodeId.NONE, log, 900, 2)).isFalse();
    }

    @Test
    void fiftyThousandCasesAgreeWithThePaper() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> terms = new ArrayList<>();
            long term = 1;
            for (int more = random.nextInt(5); more > 0; more--) {
                term += random.nextInt(2);
                terms.add(term);
            }
            long myTerm = random.nextInt(1, 8);
            NodeId votedFor = List.of(NodeId.NONE, A, B).get(random.nextInt(3));
            long asked = random.nextInt(1, 8);
            long lastIndex = random.nextInt(6);
            long lastTerm = random.nextInt(6);
            boolean live = random.nextBoolean();
            RaftLog log = RaftLogs.of(terms);
            HardState state = new HardState(myTerm, votedFor);
            long mineTerm = terms.isEmpty() ? 0 : terms.get(terms.size() - 1);
            // §5.4.1, as a lexicographic order written out.
            boolean upToDate = lastTerm > mineTerm || (lastTerm == mineTerm && lastIndex >= terms.size());
            boolean expected = asked == myTerm && !votedFor.equals(B) && upToDate;
            boolean expectedPre = !live && asked > myTerm && upToDate;
            Grant vote = VoteRules.vote(state, log, new VoteRequest(A, ME, asked, lastIndex, lastTerm));
            Grant pre = VoteRules.preVote(state, log, new PreVoteRequest(A, ME, asked, lastIndex, lastTerm), live);
            if (vote != (expected ? Grant.PLAIN : Grant.NONE) || pre != (expectedPre ? Grant.PLAIN : Grant.NONE)) {
                throw new AssertionError("seed " + seed);
            }
        }
    }

    private static RaftLog damaged(long lastIndex, Promised promised) {
        List<TermStart> terms = List.of(new TermStart(1, 2));
        LogState state =
                new LogState(new HardState(5, NodeId.NONE), 1, lastIndex, 0, terms, List.of(), promised, List.of());
        return new RaftLog(new Recovered(state, 0), 1_000);
    }

    private static Grant asked(RaftLog log, long lastIndex, long lastTerm) {
        HardState free = new HardState(5, NodeId.NONE);
        Grant vote = VoteRules.vote(free, log, new VoteRequest(A, ME, 5, lastIndex, lastTerm));
        assertThat(VoteRules.preVote(free, log, new PreVoteRequest(A, ME, 6, lastIndex, lastTerm), false))
                .isEqualTo(vote);
        return vote;
    }

    /** Here are the entries 1 to 4 of term 2; up to 6 of term 3 it had certainly acknowledged, up to 8 of term 3 it may have. */
    @Test
    void aDamagedNodeVotesAsIfItHadWhatItPromised() {
        RaftLog log = damaged(4, new Promised(new LogPosition(6, 3), new LogPosition(8, 3)));
        assertThat(asked(log, 4, 2)).isEqualTo(Grant.NONE);
        assertThat(asked(log, 900, 2)).isEqualTo(Grant.NONE);
        assertThat(asked(log, 5, 3)).isEqualTo(Grant.NONE);
        assertThat(asked(log, 6, 3)).isEqualTo(Grant.DOUBTFUL);
        assertThat(asked(log, 7, 3)).isEqualTo(Grant.DOUBTFUL);
        assertThat(asked(log, 8, 3)).isEqualTo(Grant.PLAIN);
        assertThat(asked(log, 1, 4)).isEqualTo(Grant.PLAIN);
        assertThat(VoteRules.own(log)).isEqualTo(Grant.NONE);
    }

    @Test
    void aDoubtIsADoubtAboutTheOwnLogToo() {
        RaftLog log = damaged(4, new Promised(new LogPosition(4, 2), new LogPosition(5, 2)));
        assertThat(VoteRules.own(log)).isEqualTo(Grant.DOUBTFUL);
        assertThat(asked(log, 3, 2)).isEqualTo(Grant.NONE);
        assertThat(asked(log, 4, 2)).isEqualTo(Grant.DOUBTFUL);
        assertThat(asked(log, 5, 2)).isEqualTo(Grant.PLAIN);
        assertThat(VoteRules.own(damaged(5, Promised.NOTHING))).isEqualTo(Grant.PLAIN);
    }

    @Test
    void theTallyCountsEachVoterOnceAndNoStranger() {
        VoteTally tally = new VoteTally(Membership.ofVoters(ME, A, B, NodeId.of(4), NodeId.of(5)));
        assertThat(tally.count(A, Grant.PLAIN)).isFalse();
        assertThat(tally.count(A, Grant.PLAIN)).isFalse();
        assertThat(tally.count(A, Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(9), Grant.PLAIN)).isFalse();
        assertThat(tally.count(B, Grant.PLAIN)).isFalse();
        assertThat(tally.count(ME, Grant.PLAIN)).isTrue();
        assertThat(new VoteTally(Membership.ofVoters(ME)).count(ME, Grant.PLAIN))
                .isTrue();
    }
}
