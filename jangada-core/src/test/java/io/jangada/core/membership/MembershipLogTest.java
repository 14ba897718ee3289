package io.jangada.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which membership is in force, against an oracle that looks through a whole log. */
class MembershipLogTest {

    private static MembershipAt at(long index, long number) {
        return new MembershipAt(index, Membership.ofVoters(NodeId.of(number)));
    }

    @Test
    void fiftyThousandCasesAgreeWithLookingThroughTheLog() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            MembershipAt base = at(0, 1);
            MembershipLog log = new MembershipLog(base, List.of());
            TreeMap<Long, MembershipAt> oracle = new TreeMap<>();
            oracle.put(0L, base);
            long last = 0;
            for (int i = random.nextInt(12); i > 0; i--) {
                if (random.nextInt(4) > 0) {
                    last += random.nextInt(1, 4);
                    MembershipAt appended = at(last, random.nextLong(1, 100));
                    log.append(appended);
                    oracle.put(last, appended);
                } else {
                    long cut = random.nextLong(last + 1);
                    boolean changed = log.truncateAfter(cut);
                    boolean expected = !oracle.tailMap(cut, false).isEmpty();
                    oracle.tailMap(cut, false).clear();
                    assertThat(changed).isEqualTo(expected);
                    last = cut;
                }
                long asked = random.nextLong(last + 2);
                if (!log.latest().equals(oracle.lastEntry().getValue())
                        || !log.at(asked).equals(oracle.floorEntry(asked).getValue())) {
                    throw new AssertionError("seed " + seed + ": " + log.latest() + " instead of " + oracle);
                }
            }
        }
    }

    @Test
    void startsWithWhatTheLogSaysBeyondTheSnapshot() {
        List<MembershipAt> inLog = new ArrayList<>(List.of(at(3, 3), at(7, 7), at(9, 9)));
        assertThat(new MembershipLog(at(5, 5), inLog).latest()).isEqualTo(at(9, 9));
        assertThat(new MembershipLog(at(5, 5), inLog).at(6)).isEqualTo(at(5, 5));
        assertThat(new MembershipLog(at(9, 9), inLog).latest()).isEqualTo(at(9, 9));
    }
}
