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

/** Appends to a log that has forgotten its beginning. */
class AppendCheckBaseTest {
    private static final NodeId A = NodeId.of(1);
    private static final NodeId B = NodeId.of(2);

    private static AppendCheck check(RaftLog log, long prevIndex, long prevTerm, long... terms) {
        List<Entry> entries = new ArrayList<>();
        for (long term : terms) {
            entries.add(Entry.command(prevIndex + 1 + entries.size(), term, new byte[0]));
        }
        return AppendCheck.of(log, new AppendRequest(A, B, 99, prevIndex, prevTerm, entries, 0));
    }

    /** 1@1 2@1 3@2 4@2 5@2, committed and forgotten up to 3. */
    private static RaftLog compacted() {
        RaftLog log = RaftLogs.of(1, 1, 2, 2, 2);
        log.commitTo(3);
        log.remember(RaftLogBaseTest.snapshot(3, 2));
        log.compactTo(3);
        return log;
    }

    @Test
    void entriesThatAreForgottenAreSkipped() {
        AppendCheck check = check(compacted(), 0, 0, 1, 1, 2, 2, 2, 3);
        assertThat(check.verdict()).isEqualTo(Verdict.FITS);
        assertThat(check.fresh()).extracting(Entry::index).containsExactly(6L);
        assertThat(check(compacted(), 1, 1, 1).fresh()).isEmpty();
        assertThat(check(compacted(), 1, 1, 1).verdict()).isEqualTo(Verdict.FITS);
    }

    @Test
    void aConflictBehindWhatIsCommittedIsCut() {
        AppendCheck check = check(compacted(), 2, 1, 2, 2, 3);
        assertThat(check.verdict()).isEqualTo(Verdict.CONFLICT);
        assertThat(check.truncateAfter()).isEqualTo(4);
    }

    @Test
    void whatContradictsTheForgottenComesFromNoLeader() {
        assertThat(check(compacted(), 1, 1, 3).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(check(compacted(), 1, 3).verdict()).isEqualTo(Verdict.MISMATCH);
        assertThat(check(compacted(), 3, 1).verdict()).isEqualTo(Verdict.MISMATCH);
    }

    /** The oracle carries out Figure 2 word by word on whole lists: forgetting what is committed changes no answer to a legitimate leader. */
    @Test
    void agreesWithFigureTwoCarriedOutOnListsThatForgetNothing() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> mine = terms(random, List.of());
            int commit = random.nextInt(mine.size() + 1);
            // A legitimate leader has everything that is committed.
            List<Long> leaders = terms(random, mine.subList(0, random.nextInt(commit, mine.size() + 1)));
            int prev = random.nextInt(leaders.size() + 1);
            int end = random.nextInt(prev, leaders.size() + 1);
            long[] sent =
                    leaders.subList(prev, end).stream().mapToLong(term -> term).toArray();
            RaftLog log = RaftLogs.of(mine);
            if (commit > 0) {
                log.commitTo(commit);
                log.remember(RaftLogBaseTest.snapshot(commit, mine.get(commit - 1)));
                log.compactTo(random.nextInt(1, commit + 1));
            }
            AppendCheck check = check(log, prev, prev == 0 ? 0 : leaders.get(prev - 1), sent);
            if (prev > mine.size() || (prev > 0 && !mine.get(prev - 1).equals(leaders.get(prev - 1)))) {
                assertThat(check.verdict()).as("seed %s", seed).isEqualTo(Verdict.MISMATCH);
                continue;
            }
            List<Long> result = new ArrayList<>(mine);
            if (check.verdict() == Verdict.CONFLICT) {
                result.subList((int) check.truncateAfter(), result.size()).clear();
            }
            check.fresh().forEach(entry -> result.add(entry.term()));
            assertThat(check.verdict()).as("seed %s", seed).isIn(Verdict.FITS, Verdict.CONFLICT);
            assertThat(result).as("seed %s", seed).isEqualTo(figureTwo(mine, leaders, prev, end));
        }
    }

    private static List<Long> figureTwo(List<Long> mine, List<Long> leaders, int prev, int end) {
        List<Long> expected = new ArrayList<>(mine);
        for (int i = prev; i < end; i++) {
            if (i < expected.size() && !expected.get(i).equals(leaders.get(i))) {
                expected.subList(i, expected.size()).clear();
            }
            if (i >= expected.size()) {
                expected.add(leaders.get(i));
            }
        }
        return expected;
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
