package io.jangada.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.history.CheckResult.Verdict;
import io.jangada.testkit.history.RegisterModel.Append;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
    private static final long NEVER = Operation.NEVER;

    private final LinearizabilityChecker<String, Op, String> checker =
            new LinearizabilityChecker<>(new RegisterModel());

    private static Operation<Op, String> put(int client, long from, long to, String value) {
        return new Operation<>(client, from, to, new Put("x", value), to == NEVER ? null : RegisterModel.DONE);
    }

    private static Operation<Op, String> append(int client, long from, long to, String value) {
        return new Operation<>(client, from, to, new Append("x", value), to == NEVER ? null : RegisterModel.DONE);
    }

    private static Operation<Op, String> get(int client, long from, long to, String value) {
        return new Operation<>(client, from, to, new Get("x"), value);
    }

    @SafeVarargs
    private final Verdict verdict(Operation<Op, String>... operations) {
        List<Operation<Op, String>> history = new ArrayList<>();
        for (Operation<Op, String> each : operations) {
            history.add(each);
        }
        return checker.check(history).verdict();
    }

    @Test
    void anEmptyHistoryIsLinearizable() {
        assertThat(checker.check(List.of()).linearizable()).isTrue();
    }

    @Test
    void aReadMaySeeEitherSideOfAConcurrentWrite() {
        assertThat(verdict(put(1, 0, 10, "a"), put(1, 20, 40, "b"), get(2, 25, 35, "a")))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(put(1, 0, 10, "a"), put(1, 20, 40, "b"), get(2, 25, 35, "b")))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void aStaleReadIsCaught() {
        assertThat(verdict(put(1, 0, 10, "a"), put(1, 20, 30, "b"), get(2, 31, 35, "a")))
                .isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aReadThatGoesBackIsCaught() {
        assertThat(verdict(put(1, 0, 5, "a"), put(1, 10, 50, "b"), get(2, 15, 20, "b"), get(3, 21, 25, "a")))
                .isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void operationsThatTouchAtOneInstantCountAsConcurrent() {
        assertThat(verdict(put(1, 0, 10, "a"), get(2, 10, 20, ""))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(put(1, 0, 9, "a"), get(2, 10, 20, ""))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aLostWriteIsCaughtAndExplained() {
        CheckResult result = checker.check(List.of(put(1, 0, 10, "a"), put(2, 20, 30, "b"), get(3, 40, 50, "a")));

        assertThat(result.verdict()).isEqualTo(Verdict.VIOLATION);
        assertThat(result.explanation())
                .contains("partition 'x'", "put(x, b)", "state: b", "client 3: get(x) -> \"a\"");
    }

    @Test
    void aValueNobodyWroteIsCaught() {
        assertThat(verdict(put(1, 0, 10, "a"), get(2, 5, 20, "z"))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aWriteOfUnknownOutcomeMayHappenAtAnyTimeOrNever() {
        assertThat(verdict(put(1, 0, NEVER, "a"), get(2, 10, 20, "")))
                .as("never")
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(put(1, 0, NEVER, "a"), get(2, 10, 20, ""), get(2, 90, 95, "a")))
                .as("late")
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(put(1, 0, NEVER, "a"), get(2, 10, 20, "a"), get(2, 90, 95, "")))
                .as("undone")
                .isEqualTo(Verdict.VIOLATION);
        assertThat(verdict(get(2, 10, 20, "a"), put(1, 30, NEVER, "a")))
                .as("seen before it was asked for")
                .isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void appendsKeepTheirOrderAndHappenOnce() {
        assertThat(verdict(append(1, 0, 10, "a"), append(2, 5, 15, "b"), get(3, 20, 30, "ba")))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(append(1, 0, 10, "a"), append(2, 11, 15, "b"), get(3, 20, 30, "ba")))
                .isEqualTo(Verdict.VIOLATION);
        assertThat(verdict(append(1, 0, NEVER, "a"), get(3, 20, 30, "aa"))).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void aTextThatOnlyGrowsTellsTheOrderOfManyConcurrentAppends() {
        List<Operation<Op, String>> history = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        history.add(put(99, 0, 5, ""));
        for (int i = 0; i < 60; i++) {
            history.add(append(i, 10, 100, "<" + i + ">"));
            text.insert(0, "<" + i + ">");
        }
        history.add(get(99, 200, 210, text.toString()));
        assertThat(checker.check(history).verdict()).isEqualTo(Verdict.LINEARIZABLE);

        history.set(history.size() - 1, get(99, 200, 210, text + "<0>"));
        assertThat(checker.check(history).verdict()).as("one twice").isEqualTo(Verdict.VIOLATION);

        history.set(history.size() - 1, get(99, 200, 210, text.substring(3)));
        assertThat(checker.check(history).verdict()).as("one missing").isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void agreesWithBruteForceOnTextsThatOnlyGrow() {
        BruteForce<String, Op, String> oracle = new BruteForce<>(new RegisterModel());
        int violations = 0;
        int total = 20_000;
        for (int seed = 0; seed < total; seed++) {
            List<Operation<Op, String>> history = growingHistory(new SplittableRandom(seed));
            boolean expected = oracle.linearizable(history);
            violations += expected ? 0 : 1;
            assertThat(checker.check(history).verdict())
                    .as("seed %s: %s", seed, history)
                    .isEqualTo(expected ? Verdict.LINEARIZABLE : Verdict.VIOLATION);
        }
        assertThat(violations).as("the histories test both answers").isBetween(total / 10, total * 9 / 10);
    }

    private static List<Operation<Op, String>> growingHistory(SplittableRandom random) {
        List<Operation<Op, String>> history = new ArrayList<>();
        String all = "";
        if (random.nextBoolean()) {
            all = "p";
            history.add(put(0, 0, random.nextInt(4), all));
        }
        int count = random.nextInt(2, 6);
        for (int i = 1; i <= count; i++) {
            long from = 3L + random.nextInt(15);
            long to = random.nextInt(6) == 0 ? NEVER : from + random.nextInt(12);
            String value = random.nextInt(3) == 0 ? "a" : "" + (char) ('a' + i);
            history.add(append(i, from, to, value));
            all += value;
        }
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            long from = 3L + random.nextInt(30);
            String seen = all.substring(0, random.nextInt(all.length() + 1));
            history.add(get(10 + i, from, from + random.nextInt(8), seen));
        }
        return history;
    }

    @Test
    void keysAreCheckedApart() {
        List<Operation<Op, String>> history = List.of(
                put(1, 0, 10, "a"),
                new Operation<>(2, 0, 10, new Put("y", "b"), RegisterModel.DONE),
                new Operation<>(2, 20, 30, new Get("y"), "a"));

        assertThat(checker.check(history).explanation()).contains("partition 'y'");
    }

    @Test
    void aSpentBudgetIsSaidOutLoud() {
        List<Operation<Op, String>> history = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            history.add(append(i, 0, 100, "" + (char) ('a' + i)));
        }
        history.add(put(98, 150, 160, "z"));
        history.add(get(99, 200, 210, "nothing of the kind"));
        CheckResult result = new LinearizabilityChecker<>(
                        new RegisterModel(), new Budget(10_000, 1_000_000, Duration.ofMinutes(5)))
                .check(history);

        assertThat(result.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(result.explanation()).contains("partition 'x'", "10000 steps");
    }

    @Test
    void agreesWithBruteForceOnThousandsOfSmallHistories() {
        BruteForce<String, Op, String> oracle = new BruteForce<>(new RegisterModel());
        int violations = 0;
        int total = 20_000;
        for (int seed = 0; seed < total; seed++) {
            List<Operation<Op, String>> history = smallHistory(new SplittableRandom(seed));
            boolean expected = oracle.linearizable(history);
            violations += expected ? 0 : 1;
            CheckResult result = checker.check(history);
            assertThat(result.verdict())
                    .as("seed %s: %s%n%s", seed, history, result.explanation())
                    .isEqualTo(expected ? Verdict.LINEARIZABLE : Verdict.VIOLATION);
        }
        assertThat(violations).as("the histories test both answers").isBetween(total / 10, total * 9 / 10);
    }

    private static List<Operation<Op, String>> smallHistory(SplittableRandom random) {
        boolean appends = random.nextInt(4) == 0;
        int count = random.nextInt(2, 8);
        List<Operation<Op, String>> history = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long from = random.nextInt(20);
            boolean lost = random.nextInt(5) == 0;
            long to = lost ? NEVER : from + random.nextInt(12);
            String value = random.nextBoolean() ? "" + (char) ('a' + i) : "" + (char) ('a' + random.nextInt(2));
            int kind = random.nextInt(5);
            if (kind < 2) {
                history.add(put(i, from, to, value));
            } else if (kind == 2 && appends) {
                history.add(append(i, from, to, value));
            } else {
                String seen = random.nextInt(4) == 0 ? "" : "" + (char) ('a' + random.nextInt(count));
                history.add(new Operation<>(i, from, to, new Get("x"), lost ? null : seen));
            }
        }
        return history;
    }

    @Test
    void checksTwentyThousandOperationsOfSixteenClientsInSeconds() {
        List<Operation<Op, String>> history = realisticHistory(20_000, 16, 50, 7);
        long start = System.nanoTime();
        CheckResult result = checker.check(history);
        long millis = (System.nanoTime() - start) / 1_000_000;

        assertThat(result.verdict()).as(result.explanation()).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(millis).isLessThan(5_000);
        System.out.println(
                "linearizability: 20,000 operations, 50 keys: " + millis + " ms, " + result.steps() + " steps");
    }

    @Test
    void checksALongHistoryOfOneKey() {
        assertThat(checker.check(realisticHistory(10_000, 16, 1, 8)).linearizable())
                .isTrue();
    }

    @Test
    void findsOneStaleReadInALongHistory() {
        List<Operation<Op, String>> history = new ArrayList<>(realisticHistory(20_000, 16, 50, 9));
        Operation<Op, String> old = history.stream()
                .filter(each -> each.happened()
                        && each.input() instanceof Put put
                        && put.key().equals("k7"))
                .min(Comparator.comparingLong(Operation::returned))
                .orElseThrow();
        String value = ((Put) old.input()).value();
        history.add(new Operation<>(99, 200_000, 200_010, new Get("k7"), value));
        CheckResult result = checker.check(history);

        assertThat(result.verdict()).isEqualTo(Verdict.VIOLATION);
        assertThat(result.explanation()).contains("partition 'k7'", "client 99: get(k7) -> \"" + value + "\"");
    }

    /** What a correct register would have answered: each operation takes effect at a random moment between invocation and return; some answers are lost. */
    private static List<Operation<Op, String>> realisticHistory(int count, int clients, int keys, long seed) {
        record Planned(int client, long from, long at, long to, Op op) {}
        Random random = new Random(seed);
        List<Planned> plan = new ArrayList<>();
        long[] free = new long[clients];
        for (int i = 0; i < count; i++) {
            int client = i % clients;
            long from = free[client] + random.nextInt(50);
            long at = from + random.nextInt(200);
            long to = at + random.nextInt(200);
            free[client] = to + 1;
            String key = "k" + random.nextInt(keys);
            plan.add(new Planned(client, from, at, to, random.nextBoolean() ? new Put(key, "v" + i) : new Get(key)));
        }
        plan.sort(Comparator.comparingLong(Planned::at));
        Map<String, String> store = new HashMap<>();
        List<Operation<Op, String>> history = new ArrayList<>();
        for (Planned each : plan) {
            boolean lost = random.nextInt(50) == 0;
            boolean lostAndNotDone = lost && random.nextBoolean();
            String answer = RegisterModel.DONE;
            if (each.op() instanceof Put put && !lostAndNotDone) {
                store.put(put.key(), put.value());
            } else if (each.op() instanceof Get get) {
                answer = store.getOrDefault(get.key(), "");
            }
            history.add(new Operation<>(
                    each.client(), each.from(), lost ? NEVER : each.to(), each.op(), lost ? null : answer));
        }
        Collections.shuffle(history, random);
        return history;
    }
}
