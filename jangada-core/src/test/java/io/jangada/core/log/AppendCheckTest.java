package io.jangada.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.log.AppendCheck.Verdict;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AppendCheckTest {
    private static final NodeId A = NodeId.of(1);
    private static final NodeId B = NodeId.of(2);

    private static AppendRequest request(long prevIndex, long prevTerm, long... terms) {
        List<Entry> entries = new ArrayList<>();
        for (long term : terms) {
            entries.add(Entry.command(prevIndex + 1 + entries.size(), term, new byte[0]));
        }
        return new AppendRequest(A, B, 9, prevIndex, prevTerm, entries, 0);
    }

    private static AppendCheck check(RaftLog log, AppendRequest request) {
        return AppendCheck.of(log, request);
    }

    @Test
    void theTable() {
        RaftLog log = RaftLogs.of(1, 1, 2, 2);
        assertThat(check(log, request(4, 2, 3)).verdict()).isEqualTo(Verdict.FITS);
        assertThat(check(log, request(0, 0)).verdict()).isEqualTo(Verdict.FITS);
        assertThat(check(log, request(5, 2)).verdict()).isEqualTo(Verdict.MISMATCH);
        assertThat(check(log, request(4, 3)).verdict()).isEqualTo(Verdict.MISMATCH);
        assertThat(check(log, request(2, 1, 2, 2)).fresh()).isEmpty();
        assertThat(check(log, request(2, 1, 2)).fresh()).isEmpty();
        assertThat(check(log, request(2, 1, 2, 2, 2)).fresh())
                .extracting(Entry::index)
                .containsExactly(5L);
        AppendCheck conflict = check(log, request(2, 1, 2, 3, 3));
        assertThat(conflict.verdict()).isEqualTo(Verdict.CONFLICT);
        assertThat(conflict.truncateAfter()).isEqualTo(3);
        assertThat(conflict.fresh()).extracting(Entry::index).containsExactly(4L, 5L);
    }

    @Test
    void whatNoLeaderCanHaveSentIsMalformed() {
        RaftLog log = RaftLogs.of(1, 1, 2, 2);
        log.commitTo(3);
        assertThat(check(log, request(1, 1, 3)).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(check(log, request(4, 2, 1)).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(check(log, request(4, 2, 10)).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(check(log, request(-1, 0)).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(check(log, request(0, 1)).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(check(log, request(4, 0)).verdict()).isEqualTo(Verdict.MALFORMED);
        List<Entry> hole = List.of(Entry.noOp(5, 2), Entry.noOp(7, 2));
        assertThat(check(log, new AppendRequest(A, B, 9, 4, 2, hole, 0)).verdict())
                .isEqualTo(Verdict.MALFORMED);
        assertThat(check(log, new AppendRequest(A, B, 9, 4, 2, List.of(), -1)).verdict())
                .isEqualTo(Verdict.MALFORMED);
    }

    /** The oracle carries out Figure 2 word by word on lists of terms. */
    @Test
    void agreesWithFigureTwoCarriedOutOnLists() {
        for (long seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> mine = terms(random, List.of());
            List<Long> leaders = terms(random, mine.subList(0, random.nextInt(mine.size() + 1)));
            int prev = random.nextInt(leaders.size() + 1);
            int end = random.nextInt(prev, leaders.size() + 1);
            List<Entry> entries = new ArrayList<>();
            for (int i = prev; i < end; i++) {
                entries.add(Entry.command(i + 1L, leaders.get(i), new byte[0]));
            }
            long prevTerm = prev == 0 ? 0 : leaders.get(prev - 1);
            AppendCheck check = check(RaftLogs.of(mine), new AppendRequest(A, B, 99, prev, prevTerm, entries, 0));
            boolean matches = prev <= mine.size() && (prev == 0 || mine.get(prev - 1) == prevTerm);
            if (!matches) {
                assertThat(check.verdict()).as("seed %s", seed).isEqualTo(Verdict.MISMATCH);
                continue;
            }
            List<Long> expected = new ArrayList<>(mine);
            for (int i = prev; i < end; i++) {
                if (i < expected.size() && !expected.get(i).equals(leaders.get(i))) {
                    expected.subList(i, expected.size()).clear();
                }
                if (i >= expected.size()) {
                    expected.add(leaders.get(i));
                }
            }
            List<Long> result = new ArrayList<>(mine);
            if (check.verdict() == Verdict.CONFLICT) {
                result.subList((int) check.truncateAfter(), result.size()).clear();
            }
            check.fresh().forEach(entry -> result.add(entry.term()));
            assertThat(result).as("seed %s", seed).isEqualTo(expected);
        }
    }

    private static List<Long> terms(SplittableRandom random, List<Long> start) {
        List<Long> terms = new ArrayList<>(start);
        long term = terms.isEmpty() ? 1 : terms.get(terms.size() - 1);
        for (int more = random.nextInt(6); more > 0; more--) {
            term += random.nextInt(3) == 0 ? 1 : 0;
            terms.add(term);
        }
        return terms;
    }
}
