package io.jangada.kv;

import static io.jangada.kv.Requests.END;
import static io.jangada.kv.Requests.compare;
import static io.jangada.kv.Requests.delete;
import static io.jangada.kv.Requests.get;
import static io.jangada.kv.Requests.txn;
import static io.jangada.kv.Requests.txnIf;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.EmptyRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused before it is proposed. The cases of duplicate keys were tried with etcd 3.4.23. */
class RequestRulesTest {

    private static PutRequest put(String value, long lease, boolean ignoreValue, boolean ignoreLease) {
        return new PutRequest(Bytes.of("a"), Bytes.of(value), lease, false, ignoreValue, ignoreLease);
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of(get("a"), null),
                Arguments.of(get(""), KvError.EMPTY_KEY),
                Arguments.of(delete("", END), KvError.EMPTY_KEY),
                Arguments.of(Requests.put("", "v"), KvError.EMPTY_KEY),
                Arguments.of(put("x", 0, true, false), KvError.VALUE_PROVIDED),
                Arguments.of(put("", 7, false, true), KvError.LEASE_PROVIDED),
                Arguments.of(put("x", 7, true, true), KvError.VALUE_PROVIDED),
                Arguments.of(put("", 7, true, false), null),
                Arguments.of(new CompactRequest(-5, true), null),
                Arguments.of(txn(new EmptyRequest()), KvError.KEY_NOT_FOUND),
                Arguments.of(txn(get(""), new EmptyRequest()), KvError.EMPTY_KEY),
                Arguments.of(
                        txnIf(compare(Compare.Target.MOD, Compare.Result.EQUAL, "", 1), List.of(), List.of()),
                        KvError.EMPTY_KEY),
                Arguments.of(times(128, get("a")), null),
                Arguments.of(times(129, get("a")), KvError.TOO_MANY_OPS),
                Arguments.of(times(128, txn()), null),
                Arguments.of(times(128, txn(get("a"))), KvError.TOO_MANY_OPS),
                Arguments.of(times(100, times(28, get("a"))), null),
                Arguments.of(times(100, times(29, get("a"))), KvError.TOO_MANY_OPS),
                Arguments.of(nested(127), null),
                Arguments.of(nested(128), null),
                Arguments.of(nested(129), KvError.TOO_MANY_OPS),
                Arguments.of(txn(Requests.put("a", "1"), Requests.put("a", "1")), KvError.DUPLICATE_KEY),
                Arguments.of(txn(Requests.put("a", "1"), delete("a")), KvError.DUPLICATE_KEY),
                Arguments.of(txn(delete("a", "c"), Requests.put("b", "1")), KvError.DUPLICATE_KEY),
                Arguments.of(txn(delete("a", "c"), Requests.put("c", "1")), null),
                Arguments.of(txn(delete("a", "c"), delete("b", "d"), Requests.put("c", "1")), KvError.DUPLICATE_KEY),
                Arguments.of(txn(delete("a"), delete("a"), get("a")), null),
                Arguments.of(txn(delete("z", "b"), Requests.put("c", "1")), null),
                Arguments.of(txn(delete("a", END), Requests.put("c", "1")), null),
                Arguments.of(txn(txn(Requests.put("a", "1")), Requests.put("a", "1")), KvError.DUPLICATE_KEY),
                Arguments.of(txn(txn(delete("a")), Requests.put("a", "1")), KvError.DUPLICATE_KEY),
                Arguments.of(txn(txn(delete("a")), txn(Requests.put("a", "1"))), KvError.DUPLICATE_KEY),
                Arguments.of(txn(txn(Requests.put("a", "1")), txn(delete("a"))), null),
                Arguments.of(
                        txn(new TxnRequest(
                                List.of(), List.of(Requests.put("a", "1")), List.of(Requests.put("a", "2")))),
                        null),
                Arguments.of(
                        new TxnRequest(List.of(), List.of(Requests.put("a", "1")), List.of(Requests.put("a", "2"))),
                        null));
    }

    private static TxnRequest times(int count, KvRequest step) {
        return new TxnRequest(List.of(), Collections.nCopies(count, step), List.of());
    }

    private static TxnRequest nested(int depth) {
        TxnRequest inner = txn();
        for (int i = 0; i < depth; i++) {
            inner = txn(inner);
        }
        return inner;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstBreachWins(KvRequest request, @Nullable KvError expected) {
        assertThat(errorOf(request)).isEqualTo(expected);
    }

    private static @Nullable KvError errorOf(KvRequest request) {
        try {
            RequestRules.check(request);
            return null;
        } catch (KvException e) {
            return e.error();
        }
    }

    /** Flat branches by chance against the rule in its plainest form: no put twice, none inside a deleted range. */
    @Test
    void duplicatesAreFoundAsByComparingEachWithEach() {
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            List<KvRequest> branch = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                String key = "" + (char) ('a' + random.nextInt(12));
                String end = random.nextBoolean() ? "" : "" + (char) ('a' + random.nextInt(12));
                branch.add(random.nextBoolean() ? Requests.put(key, "v") : delete(key, end));
            }
            boolean duplicate = false;
            for (int i = 0; i < branch.size(); i++) {
                for (int j = 0; j < branch.size(); j++) {
                    duplicate |= i != j && collide(branch.get(i), branch.get(j));
                }
            }
            assertThat(errorOf(new TxnRequest(List.of(), List.of(), branch)))
                    .as("round %d: %s", round, branch)
                    .isEqualTo(duplicate ? KvError.DUPLICATE_KEY : null);
        }
    }

    private static boolean collide(KvRequest one, KvRequest other) {
        if (!(one instanceof PutRequest put)) {
            return false;
        }
        if (other instanceof PutRequest second) {
            return put.key().equals(second.key());
        }
        return other instanceof DeleteRangeRequest delete
                && NaiveStore.inside(put.key(), delete.key(), delete.rangeEnd());
    }
}
