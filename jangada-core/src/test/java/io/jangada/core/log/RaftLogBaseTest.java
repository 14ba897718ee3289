package io.jangada.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A log that begins behind a base. */
class RaftLogBaseTest {
    private static final int CASES = 50_000;

    static SnapshotMeta snapshot(long index, long term) {
        return new SnapshotMeta(index, term, new MembershipAt(0, Membership.ofVoters(NodeId.of(1))), 10, 7);
    }

    /** Entries 11@3 12@4 13@4 behind 10@3, and a snapshot up to this entry. */
    private static RaftLog compacted(SnapshotMeta snapshot) {
        LogState state = new LogState(
                HardState.INITIAL, 11, 13, 3, List.of(new TermStart(11, 3), new TermStart(12, 4)), List.of());
        return new RaftLog(new Recovered(state, snapshot, snapshot.index()), 1_000);
    }

    @Test
    void startsBehindItsBase() {
        RaftLog log = compacted(snapshot(10, 3));
        assertThat(log.firstIndex()).isEqualTo(11);
        assertThat(log.baseIndex()).isEqualTo(10);
        assertThat(log.lastIndex()).isEqualTo(13);
        assertThat(log.commitIndex()).isEqualTo(10);
        assertThat(log.snapshotIndex()).isEqualTo(10);
        assertThat(log.termAt(10)).isEqualTo(3);
        assertThat(log.startMove()).isNull();
        assertThatThrownBy(() -> log.termAt(9)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSnapshotInTheMiddleOfTheLogLeavesItAsItIs() {
        RaftLog log = compacted(snapshot(12, 4));
        assertThat(log.startMove()).isNull();
        assertThat(log.firstIndex()).isEqualTo(11);
        assertThat(log.commitIndex()).isEqualTo(12);
    }

    @Test
    void aSnapshotBeyondTheLogOrAgainstItBeginsItAnew() {
        for (SnapshotMeta snapshot : List.of(snapshot(20, 4), snapshot(12, 3), snapshot(12, 5))) {
            RaftLog log = compacted(snapshot);
            assertThat(log.startMove()).isNotNull();
            assertThat(log.firstIndex()).isEqualTo(snapshot.index() + 1);
            assertThat(log.lastIndex()).isEqualTo(snapshot.index());
            assertThat(log.lastTerm()).isEqualTo(snapshot.term());
            assertThat(log.persistedIndex()).isEqualTo(snapshot.index());
            assertThat(log.commitIndex()).isEqualTo(snapshot.index());
        }
    }

    @Test
    void aStateBeyondASnapshotThatContradictsTheLogIsDamage() {
        LogState state = new LogState(HardState.INITIAL, 1, 5, List.of(new TermStart(1, 1)));
        Recovered recovered = new Recovered(state, snapshot(3, 2), 5);
        assertThatThrownBy(() -> new RaftLog(recovered, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void whatLiesBeforeTheBaseMatchesIfItCanBeTrue() {
        RaftLog log = compacted(snapshot(10, 3));
        assertThat(log.matches(0, 0)).isTrue();
        assertThat(log.matches(0, 1)).isFalse();
        assertThat(log.matches(9, 3)).isTrue();
        assertThat(log.matches(9, 1)).isTrue();
        assertThat(log.matches(9, 0)).isFalse();
        assertThat(log.matches(9, 4)).isFalse();
        assertThat(log.matches(10, 3)).isTrue();
        assertThat(log.matches(10, 2)).isFalse();
    }

    @Test
    void theHintOfAConflictNeverLiesBeforeTheBase() {
        RaftLog log = compacted(snapshot(10, 3));
        assertThat(log.lastIndexWithTermAtMost(4, 900)).isEqualTo(13);
        assertThat(log.lastIndexWithTermAtMost(3, 900)).isEqualTo(11);
        assertThat(log.lastIndexWithTermAtMost(2, 900)).isEqualTo(10);
        assertThat(log.lastIndexWithTermAtMost(2, 4)).isEqualTo(4);
        assertThat(log.lastIndexWithTermAtMost(0, 0)).isZero();
        assertThat(log.lastIndexWithTermAtMost(9, -3)).isZero();
    }

    @Test
    void onlyWhatIsApplicableAndInASnapshotIsForgotten() {
        RaftLog log = RaftLogs.of(1, 1, 2);
        log.commitTo(2);
        assertThatThrownBy(() -> log.compactTo(1)).isInstanceOf(IllegalStateException.class);
        log.remember(snapshot(3, 2));
        assertThatThrownBy(() -> log.compactTo(3)).isInstanceOf(IllegalStateException.class);
        log.compactTo(2);
        assertThat(log.firstIndex()).isEqualTo(3);
        assertThatThrownBy(() -> log.compactTo(2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.truncateAfter(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLogCannotBeReplacedByWhatIsBehindItsCommitIndex() {
        RaftLog log = RaftLogs.of(1, 1, 2);
        log.commitTo(2);
        assertThatThrownBy(() -> log.resetTo(snapshot(2, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theNewestSnapshotIsRemembered() {
        RaftLog log = RaftLogs.of(1, 1, 2);
        assertThat(log.snapshot()).isNull();
        log.remember(snapshot(2, 1));
        log.remember(snapshot(1, 1));
        assertThat(log.snapshotIndex()).isEqualTo(2);
    }

    @Test
    void entriesHaveAnAverageWeightOfLate() {
        RaftLog log = RaftLogs.of(List.of());
        assertThat(log.averageWeight()).isZero();
        for (int i = 1; i <= 70_000; i++) {
            log.append(Entry.noOp(i, 1));
        }
        assertThat(log.averageWeight()).isEqualTo(32);
        for (int i = 70_001; i <= 300_000; i++) {
            log.append(Entry.command(i, 1, new byte[100]));
        }
        assertThat(log.averageWeight()).isBetween(130L, 132L);
    }

    /** The oracle is the list of all terms from the first entry on, and three numbers. */
    private static final class Naive {
        final List<Long> terms = new ArrayList<>();
        int base;
        int commit;
        int persisted;

        long termAt(int index) {
            return index == 0 ? 0 : terms.get(index - 1);
        }

        int hint(long term, int limit) {
            int found = Math.min(limit, terms.size());
            while (found > 0 && termAt(found) > term) {
                found--;
            }
            return found >= base ? found : Math.min(base, limit);
        }
    }

    @Test
    void agreesWithAListOfAllTerms() {
        for (long seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RaftLog log = RaftLogs.of(List.of());
            Naive naive = new Naive();
            for (int step = 0; step < 14; step++) {
                change(random, log, naive);
            }
            compare(random, log, naive, "seed " + seed);
        }
    }

    private static void change(SplittableRandom random, RaftLog log, Naive naive) {
        int last = naive.terms.size();
        switch (random.nextInt(8)) {
            case 0 -> {
                int keep = random.nextInt(naive.commit, last + 1);
                log.truncateAfter(keep);
                naive.terms.subList(keep, last).clear();
                naive.persisted = Math.min(naive.persisted, keep);
            }
            case 1 -> {
                naive.commit = random.nextInt(naive.commit, last + 1);
                log.commitTo(naive.commit);
            }
            case 2 -> {
                naive.persisted = random.nextInt(naive.persisted, last + 1);
                log.persistedTo(naive.persisted);
            }
            case 3 -> {
                int most = Math.min(naive.commit, naive.persisted);
                if (most > naive.base) {
                    naive.base = random.nextInt(naive.base + 1, most + 1);
                    log.remember(snapshot(most, naive.termAt(most)));
                    log.compactTo(naive.base);
                }
            }
            case 4 -> {
                if (random.nextInt(4) == 0) {
                    reset(random, log, naive);
                }
            }
            default -> {
                for (int more = random.nextInt(1, 4); more > 0; more--) {
                    long term = naive.termAt(naive.terms.size()) + random.nextInt(2);
                    naive.terms.add(Math.max(1, term));
                    log.append(Entry.noOp(naive.terms.size(), naive.termAt(naive.terms.size())));
                }
            }
        }
    }

    private static void reset(SplittableRandom random, RaftLog log, Naive naive) {
        int index = naive.commit + random.nextInt(1, 6);
        naive.terms.subList(naive.commit, naive.terms.size()).clear();
        while (naive.terms.size() < index) {
            naive.terms.add(Math.max(1, naive.termAt(naive.terms.size()) + random.nextInt(3)));
        }
        log.resetTo(snapshot(index, naive.termAt(index)));
        naive.base = index;
        naive.commit = index;
        naive.persisted = index;
    }

    private static void compare(SplittableRandom random, RaftLog log, Naive naive, String seed) {
        int last = naive.terms.size();
        assertThat(List.of(log.baseIndex(), log.lastIndex(), log.commitIndex(), log.persistedIndex(), log.lastTerm()))
                .as(seed)
                .containsExactly(
                        (long) naive.base,
                        (long) last,
                        (long) naive.commit,
                        (long) naive.persisted,
                        naive.termAt(last));
        for (int index = 0; index <= last; index++) {
            // What a legitimate leader says of any entry that is committed, and of any other that it has, matches.
            assertThat(log.matches(index, naive.termAt(index))).as(seed).isTrue();
            if (index >= naive.base) {
                assertThat(log.termAt(index)).as(seed).isEqualTo(naive.termAt(index));
                assertThat(log.matches(index, naive.termAt(index) + 1)).as(seed).isFalse();
            } else {
                assertThat(log.matches(index, naive.termAt(naive.base) + 1))
                        .as(seed)
                        .isFalse();
                assertThat(log.slice(index, last, 1_000)).as(seed).isEmpty();
            }
        }
        assertThat(log.matches(last + 1, naive.termAt(last))).as(seed).isFalse();
        long term = random.nextInt(0, 12);
        int limit = random.nextInt(last + 3);
        assertThat(log.lastIndexWithTermAtMost(term, limit)).as(seed).isEqualTo(naive.hint(term, limit));
        int from = random.nextInt(last + 2);
        List<Entry> slice = log.slice(from, last, 1_000);
        for (int i = 0; i < slice.size(); i++) {
            assertThat(slice.get(i).index()).as(seed).isEqualTo(from + i);
            assertThat(slice.get(i).term()).as(seed).isEqualTo(naive.termAt(from + i));
        }
    }
}
