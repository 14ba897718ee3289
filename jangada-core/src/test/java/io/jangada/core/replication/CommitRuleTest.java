package io.jangada.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.log.RaftLog;
import io.jangada.core.log.RaftLogs;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CommitRuleTest {

    private static long commit(RaftLog log, long term, long... match) {
        List<NodeId> ids = new ArrayList<>();
        Map<NodeId, Long> map = new HashMap<>();
        for (int i = 0; i < match.length; i++) {
            ids.add(NodeId.of(i + 1L));
            map.put(NodeId.of(i + 1L), match[i]);
        }
        return CommitRule.commitIndex(log, Membership.ofVoters(ids), term, id -> map.getOrDefault(id, 0L));
    }

    @Test
    void anEntryOfAnEarlierTermIsNotCommittedByCounting() {
        // Figure 8 (c): term 2 is on three of five, and S1 leads term 4.
        RaftLog log = RaftLogs.of(1, 2, 4);
        assertThat(commit(log, 4, 3, 2, 2, 1, 1)).isZero();
        // Figure 8 (e): once an entry of term 4 is there too, everything is.
        assertThat(commit(log, 4, 3, 3, 3, 1, 1)).isEqualTo(3);
    }

    @Test
    void neverGoesBack() {
        RaftLog log = RaftLogs.of(1, 1, 1);
        log.commitTo(2);
        assertThat(commit(log, 1, 3, 1, 1)).isEqualTo(2);
    }

    /** The oracle is Figure 2's last sentence: the largest N that is above the commit index, on a majority, and of this term. */
    @Test
    void fiftyThousandCasesAgreeWithTheLastSentenceOfFigureTwo() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> terms = new ArrayList<>();
            long term = 1;
            for (int more = random.nextInt(1, 9); more > 0; more--) {
                term += random.nextInt(3) == 0 ? 1 : 0;
                terms.add(term);
            }
            long leaderTerm = term + (random.nextInt(4) == 0 ? 1 : 0);
            RaftLog log = RaftLogs.of(terms);
            log.commitTo(random.nextInt(terms.size() + 1));
            long[] match =
                    random.longs(random.nextInt(1, 8), 0, terms.size() + 1L).toArray();
            long expected = log.commitIndex();
            for (int n = terms.size(); n > log.commitIndex(); n--) {
                int count = 0;
                for (long one : match) {
                    count += one >= n ? 1 : 0;
                }
                if (2 * count > match.length && terms.get(n - 1) == leaderTerm) {
                    expected = n;
                    break;
                }
            }
            if (commit(log, leaderTerm, match) != expected) {
                throw new AssertionError("seed " + seed);
            }
        }
    }
}
