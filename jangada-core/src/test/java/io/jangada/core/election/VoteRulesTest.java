package io.jangada.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.log.RaftLog;
import io.jangada.core.log.RaftLogs;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VoteRulesTest {
    private static final NodeId ME = NodeId.of(1);
    private static final NodeId A = NodeId.of(2);
    private static final NodeId B = NodeId.of(3);

    private static boolean vote(NodeId votedFor, RaftLog log, long lastIndex, long lastTerm) {
        return VoteRules.grantsVote(new HardState(5, votedFor), log, new VoteRequest(A, ME, 5, lastIndex, lastTerm));
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
            boolean vote = VoteRules.grantsVote(state, log, new VoteRequest(A, ME, asked, lastIndex, lastTerm));
            boolean pre =
                    VoteRules.grantsPreVote(state, log, new PreVoteRequest(A, ME, asked, lastIndex, lastTerm), live);
            if (vote != expected || pre != expectedPre) {
                throw new AssertionError("seed " + seed);
            }
        }
    }

    @Test
    void theTallyCountsEachVoterOnceAndNoStranger() {
        VoteTally tally = new VoteTally(Membership.ofVoters(ME, A, B, NodeId.of(4), NodeId.of(5)));
        assertThat(tally.grant(A)).isFalse();
        assertThat(tally.grant(A)).isFalse();
        assertThat(tally.grant(A)).isFalse();
        assertThat(tally.grant(NodeId.of(9))).isFalse();
        assertThat(tally.grant(B)).isFalse();
        assertThat(tally.grant(ME)).isTrue();
        assertThat(new VoteTally(Membership.ofVoters(ME)).grant(ME)).isTrue();
    }
}
