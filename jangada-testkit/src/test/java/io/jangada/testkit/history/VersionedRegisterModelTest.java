package io.jangada.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.history.CheckResult.Verdict;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Delete;
import io.jangada.testkit.history.VersionedRegisterModel.Get;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.testkit.history.VersionedRegisterModel.Put;
import io.jangada.testkit.history.VersionedRegisterModel.PutIf;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VersionedRegisterModelTest {
    private final LinearizabilityChecker<VersionedRegisterModel.State, Op, Answer> checker =
            new LinearizabilityChecker<>(new VersionedRegisterModel());

    private static Operation<Op, Answer> done(long from, long to, Op op, Answer answer) {
        return new Operation<>(1, from, to, op, answer);
    }

    private static Operation<Op, Answer> lost(long from, Op op) {
        return new Operation<>(1, from, Operation.NEVER, op, null);
    }

    @SafeVarargs
    private final Verdict verdict(Operation<Op, Answer>... operations) {
        List<Operation<Op, Answer>> history = new ArrayList<>();
        for (Operation<Op, Answer> each : operations) {
            history.add(each);
        }
        return checker.check(history).verdict();
    }

    @Test
    void aGetSeesValueAndRevisionOfTheLastChange() {
        Operation<Op, Answer> put = done(0, 1, new Put("k", "a"), Answer.changed(7));
        assertThat(verdict(put, done(2, 3, new Get("k"), Answer.read("a", 7)))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(put, done(2, 3, new Get("k"), Answer.read("a", 8)))).isEqualTo(Verdict.VIOLATION);
        assertThat(verdict(put, done(2, 3, new Get("k"), Answer.read(null, 0)))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void revisionsOfAKeyOnlyRise() {
        assertThat(verdict(
                        done(0, 1, new Put("k", "a"), Answer.changed(7)),
                        done(2, 3, new Put("k", "b"), Answer.changed(6))))
                .isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aConditionHoldsOnlyForTheLastChange() {
        Operation<Op, Answer> put = done(0, 1, new Put("k", "a"), Answer.changed(7));
        assertThat(verdict(put, done(2, 3, new PutIf("k", 7, "b"), Answer.changed(8))))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(put, done(2, 3, new PutIf("k", 7, "b"), Answer.unchanged())))
                .isEqualTo(Verdict.VIOLATION);
        assertThat(verdict(put, done(2, 3, new PutIf("k", 6, "b"), Answer.changed(8))))
                .isEqualTo(Verdict.VIOLATION);
        assertThat(verdict(
                        put,
                        done(2, 9, new PutIf("k", 7, "b"), Answer.changed(8)),
                        done(3, 8, new PutIf("k", 7, "c"), Answer.changed(9))))
                .as("two winners")
                .isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aDeletedKeyIsGone() {
        assertThat(verdict(
                        done(0, 1, new Put("k", "a"), Answer.changed(7)),
                        done(2, 3, new Delete("k"), Answer.changed(8)),
                        done(4, 5, new Get("k"), Answer.read(null, 0)),
                        done(6, 7, new PutIf("k", 0, "b"), Answer.changed(9))))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(done(2, 3, new Delete("k"), Answer.changed(8)))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void theRevisionOfALostAnswerIsLearnedFromWhoeverSeesIt() {
        Operation<Op, Answer> put = lost(0, new Put("k", "a"));
        assertThat(verdict(
                        put,
                        done(2, 3, new Get("k"), Answer.read("a", 5)),
                        done(4, 5, new Get("k"), Answer.read("a", 5))))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(
                        put,
                        done(2, 3, new Get("k"), Answer.read("a", 5)),
                        done(4, 5, new Get("k"), Answer.read("a", 6))))
                .isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void agreesWithBruteForce() {
        BruteForce<VersionedRegisterModel.State, Op, Answer> oracle = new BruteForce<>(new VersionedRegisterModel());
        int good = 0;
        for (int seed = 0; seed < 10_000; seed++) {
            List<Operation<Op, Answer>> history = smallHistory(new SplittableRandom(seed));
            boolean expected = oracle.linearizable(history);
            good += expected ? 1 : 0;
            assertThat(checker.check(history).linearizable())
                    .as("seed %s: %s", seed, history)
                    .isEqualTo(expected);
        }
        assertThat(good).isBetween(1_000, 9_000);
    }

    private static List<Operation<Op, Answer>> smallHistory(SplittableRandom random) {
        List<Operation<Op, Answer>> history = new ArrayList<>();
        int count = random.nextInt(1, 6);
        for (int i = 0; i < count; i++) {
            long from = random.nextInt(10);
            long to = random.nextInt(5) == 0 ? Operation.NEVER : from + random.nextInt(10);
            Answer changed = random.nextInt(4) == 0 ? Answer.unchanged() : Answer.changed(random.nextInt(1, 5));
            Op op;
            Answer answer;
            switch (random.nextInt(4)) {
                case 0 -> {
                    op = new Put("k", "v" + i);
                    answer = Answer.changed(random.nextInt(1, 5));
                }
                case 1 -> {
                    op = new PutIf("k", random.nextInt(3), "v" + i);
                    answer = changed;
                }
                case 2 -> {
                    op = new Delete("k");
                    answer = changed;
                }
                default -> {
                    op = new Get("k");
                    answer = random.nextInt(3) == 0
                            ? Answer.read(null, 0)
                            : Answer.read("v" + random.nextInt(count), random.nextInt(1, 5));
                }
            }
            @Nullable Answer told = to == Operation.NEVER ? null : answer;
            history.add(new Operation<>(i, from, to, op, told));
        }
        return history;
    }

    @Test
    void revisionsRiseAcrossKeysInRealTime() {
        List<Operation<Op, Answer>> good = List.of(
                done(0, 10, new Put("a", "1"), Answer.changed(2)), done(5, 15, new Put("b", "2"), Answer.changed(1)));
        assertThat(RevisionOrder.violations(good)).isEmpty();
        List<Operation<Op, Answer>> back = List.of(
                done(0, 10, new Put("a", "1"), Answer.changed(2)), done(11, 15, new Put("b", "2"), Answer.changed(1)));
        assertThat(RevisionOrder.violations(back)).singleElement().asString().contains("lower");
        List<Operation<Op, Answer>> twice = List.of(
                done(0, 10, new Put("a", "1"), Answer.changed(2)), done(5, 15, new Put("b", "2"), Answer.changed(2)));
        assertThat(RevisionOrder.violations(twice)).singleElement().asString().contains("twice");
    }
}
