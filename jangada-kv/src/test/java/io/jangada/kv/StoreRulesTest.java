package io.jangada.kv;

import static io.jangada.kv.Requests.END;
import static io.jangada.kv.Requests.compare;
import static io.jangada.kv.Requests.compareValue;
import static io.jangada.kv.Requests.delete;
import static io.jangada.kv.Requests.get;
import static io.jangada.kv.Requests.kv;
import static io.jangada.kv.Requests.limited;
import static io.jangada.kv.Requests.put;
import static io.jangada.kv.Requests.putKeepingValue;
import static io.jangada.kv.Requests.range;
import static io.jangada.kv.Requests.rangeAt;
import static io.jangada.kv.Requests.txn;
import static io.jangada.kv.Requests.txnIf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.Compare.Result;
import io.jangada.kv.model.Compare.Target;
import io.jangada.kv.model.KeyValue;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest.SortOrder;
import io.jangada.kv.model.RangeRequest.SortTarget;
import io.jangada.kv.model.TxnRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One test for each rule of the multi-version store; those marked "golden" were answered so by etcd 3.4.23. */
class StoreRulesTest {
    private final KeyValueStore store = KeyValueStore.inMemory();
    private long index;

    @AfterEach
    void close() {
        store.close();
    }

    private KvResponse apply(KvRequest request) {
        KvResponse response = store.apply(++index, 1, KvCommands.encode(request));
        store.batchApplied(index);
        return response;
    }

    private KvResponse.Txn applyTxn(KvRequest... steps) {
        return (KvResponse.Txn) apply(txn(steps));
    }

    private static KvResponse.Refused refused(long revision, KvError error) {
        return new KvResponse.Refused(revision, error);
    }

    @Test
    void anEmptyStoreIsAtRevisionOne() {
        assertThat(store.range(get("a"))).isEqualTo(new KvResponse.Range(1, List.of(), false, 0));
        assertThat(store.revision()).isEqualTo(1);
        assertThat(store.compactRevision()).isEqualTo(-1);
        assertThat(store.lastApplied()).isZero();
    }

    @Test
    void eachPutTakesARevisionAndCountsTheVersionEvenWithTheSameValue() {
        assertThat(apply(put("a", "x"))).isEqualTo(new KvResponse.Put(2, null));
        assertThat(apply(put("a", "x"))).isEqualTo(new KvResponse.Put(3, kv("a", 2, 2, 1, "x")));
        assertThat(store.range(get("a")).kvs()).containsExactly(kv("a", 2, 3, 2, "x"));
    }

    @Test
    void deletingEndsAGenerationAndTheNextPutBeginsOne() {
        apply(put("a", "1"));
        apply(put("a", "2"));
        assertThat(apply(delete("a"))).isEqualTo(new KvResponse.DeleteRange(4, 1, List.of(kv("a", 2, 3, 2, "2"))));
        apply(put("a", "3"));
        assertThat(store.range(get("a")).kvs()).containsExactly(kv("a", 5, 5, 1, "3"));
        assertThat(store.range(rangeAt(4, "a", "")).kvs()).isEmpty();
        assertThat(store.range(rangeAt(3, "a", "")).kvs()).containsExactly(kv("a", 2, 3, 2, "2"));
    }

    @Test
    void deletingNothingKeepsTheRevision() {
        apply(put("a", "1"));
        assertThat(apply(delete("b"))).isEqualTo(new KvResponse.DeleteRange(2, 0, List.of()));
        assertThat(store.revision()).isEqualTo(2);
    }

    @Test
    void aLeaseThatDoesNotExistIsRefused() {
        PutRequest leased = new PutRequest(Bytes.of("a"), Bytes.of("1"), 77, false, false, false);
        PutRequest leasedKeeping = new PutRequest(Bytes.of("a"), Bytes.EMPTY, 77, false, true, false);
        assertThat(apply(leased)).isEqualTo(refused(1, KvError.LEASE_NOT_FOUND));
        // Golden: alone, the lease is looked at first; in a transaction, the key.
        assertThat(apply(leasedKeeping)).isEqualTo(refused(1, KvError.LEASE_NOT_FOUND));
        assertThat(apply(txn(leasedKeeping))).isEqualTo(refused(1, KvError.KEY_NOT_FOUND));
        assertThat(apply(txn(leased))).isEqualTo(refused(1, KvError.LEASE_NOT_FOUND));
        assertThat(store.range(range(END, END)).count()).isZero();
    }

    @Test
    void keepingTheValueOfAnAbsentKeyIsRefused() {
        assertThat(apply(putKeepingValue("a"))).isEqualTo(refused(1, KvError.KEY_NOT_FOUND));
        assertThat(apply(new PutRequest(Bytes.of("a"), Bytes.of("1"), 0, false, false, true)))
                .isEqualTo(refused(1, KvError.KEY_NOT_FOUND));
        apply(put("a", "1"));
        assertThat(apply(putKeepingValue("a"))).isEqualTo(new KvResponse.Put(3, null));
        assertThat(store.range(get("a")).kvs()).containsExactly(kv("a", 2, 3, 2, "1"));
    }

    @Test
    void aHistoricalReadSaysThePresentRevision() {
        apply(put("a", "1"));
        apply(put("b", "2"));
        assertThat(store.range(rangeAt(2, END, END)))
                .isEqualTo(new KvResponse.Range(3, List.of(kv("a", 2, 2, 1, "1")), false, 1));
        assertThat(store.range(rangeAt(-1, "a", "")).count()).isEqualTo(1);
        assertRefused(KvError.FUTURE_REVISION, () -> store.range(rangeAt(4, "a", "")));
    }

    @Test
    void compactionForgetsWhatNobodyMayReadAndKeepsItsOwnRevision() {
        apply(put("a", "1"));
        apply(put("a", "2"));
        apply(delete("a"));
        apply(put("b", "1"));
        assertThat(apply(new CompactRequest(3, false))).isEqualTo(new KvResponse.Compact(5));
        assertRefused(KvError.COMPACTED, () -> store.range(rangeAt(2, "a", "")));
        assertThat(store.range(rangeAt(3, "a", "")).kvs()).containsExactly(kv("a", 2, 3, 2, "2"));
        // Golden: the same revision twice, and one beyond the present.
        assertThat(apply(new CompactRequest(3, false))).isEqualTo(refused(5, KvError.COMPACTED));
        assertThat(apply(new CompactRequest(6, false))).isEqualTo(refused(5, KvError.FUTURE_REVISION));
        assertThat(apply(new CompactRequest(5, true))).isEqualTo(new KvResponse.Compact(5));
        assertThat(store.physicalCompaction(5)).isCompleted();
        assertThat(store.range(range(END, END)).kvs()).containsExactly(kv("b", 5, 5, 1, "1"));
    }

    @Test
    void compactingAtZeroWorksOnce() {
        // Golden.
        assertThat(apply(new CompactRequest(-1, false))).isEqualTo(refused(1, KvError.COMPACTED));
        assertThat(apply(new CompactRequest(0, false))).isEqualTo(new KvResponse.Compact(1));
        assertThat(apply(new CompactRequest(0, false))).isEqualTo(refused(1, KvError.COMPACTED));
    }

    @Test
    void limitSaysMoreAndCountsAll() {
        for (int i = 0; i < 45; i++) {
            apply(put(String.format("k%02d", i), "v"));
        }
        // Golden.
        KvResponse.Range one = store.range(limited(1, SortOrder.NONE, SortTarget.KEY, false));
        assertThat(one).isEqualTo(new KvResponse.Range(46, List.of(kv("k00", 2, 2, 1, "v")), true, 45));
        assertThat(store.range(limited(45, SortOrder.NONE, SortTarget.KEY, false))
                        .more())
                .isFalse();
        assertThat(store.range(limited(44, SortOrder.DESCEND, SortTarget.MOD, false))
                        .more())
                .isTrue();
        assertThat(store.range(range("k40", "k1"))).isEqualTo(new KvResponse.Range(46, List.of(), false, 0));
    }

    @Test
    void keysOnlyStillSortsByValue() {
        apply(put("a", "3"));
        apply(put("b", "1"));
        apply(put("c", "2"));
        assertThat(store.range(limited(2, SortOrder.NONE, SortTarget.VALUE, true))
                        .kvs())
                .containsExactly(kv("b", 3, 3, 1, ""), kv("c", 4, 4, 1, ""));
        assertThat(store.range(limited(2, SortOrder.DESCEND, SortTarget.VALUE, true))
                        .kvs())
                .containsExactly(kv("a", 2, 2, 1, ""), kv("c", 4, 4, 1, ""));
    }

    @Test
    void theStepsOfATransactionSeeEachOther() {
        apply(put("a", "1"));
        // Golden: also that the header of the nested answers is empty, and that a later nested deletion does not
        // collide.
        KvResponse.Txn answer = applyTxn(txn(put("a", "2")), get("a"), txn(delete("a")), get("a"), put("b", "v"));
        assertThat(answer.responses())
                .containsExactly(
                        new KvResponse.Txn(0, true, List.of(new KvResponse.Put(3, kv("a", 2, 2, 1, "1")))),
                        new KvResponse.Range(3, List.of(kv("a", 2, 3, 2, "2")), false, 1),
                        new KvResponse.Txn(
                                0, true, List.of(new KvResponse.DeleteRange(3, 1, List.of(kv("a", 2, 3, 2, "2"))))),
                        new KvResponse.Range(3, List.of(), false, 0),
                        new KvResponse.Put(3, null));
        assertThat(answer.revision()).isEqualTo(3);
        assertThat(store.range(rangeAt(2, END, END)).kvs()).containsExactly(kv("a", 2, 2, 1, "1"));
    }

    @Test
    void headersInsideATransactionRiseWithItsFirstChange() {
        apply(put("c", "v"));
        // Golden.
        KvResponse.Txn answer = applyTxn(delete("no"), put("c", "w"), delete("no"), get("c"));
        assertThat(answer.responses()).extracting(KvResponse::revision).containsExactly(2L, 3L, 3L, 3L);
        assertThat(applyTxn(delete("no"), get("c")).revision()).isEqualTo(3);
    }

    @Test
    void nestedBranchesAreChosenOnTheStateBefore() {
        KvRequest nested = txnIf(
                compare(Target.VERSION, Result.EQUAL, "a", 0),
                List.of(put("b", "absent")),
                List.of(put("b", "present")));
        applyTxn(put("a", "1"), nested);
        assertThat(store.range(get("b")).kvs()).extracting(KeyValue::value).containsExactly(Bytes.of("absent"));
    }

    @Test
    void aTransactionFailsAsAWhole() {
        apply(put("a", "1"));
        assertThat(apply(txn(put("q", "1"), rangeAt(1000, "a", "")))).isEqualTo(refused(2, KvError.FUTURE_REVISION));
        assertThat(apply(txn(put("q", "1"), putKeepingValue("no")))).isEqualTo(refused(2, KvError.KEY_NOT_FOUND));
        // Only known while it is carried out: the key is there before, and gone in the middle.
        assertThat(apply(txn(put("q", "1"), delete("a", END), putKeepingValue("a"))))
                .isEqualTo(refused(2, KvError.KEY_NOT_FOUND));
        assertThat(store.range(range(END, END)).kvs()).containsExactly(kv("a", 2, 2, 1, "1"));
        // What is wrong in the branch not taken does no harm. Golden.
        assertThat(apply(new TxnRequest(List.of(), List.of(get("a")), List.of(rangeAt(1000, "a", "")))))
                .isInstanceOf(KvResponse.Txn.class);
    }

    @Test
    void negativeRevisionsInATransactionAreAsOldAsTheyLook() {
        apply(put("a", "1"));
        // Golden, both.
        assertThat(((KvResponse.Range)
                                applyTxn(rangeAt(-1, "a", "")).responses().get(0))
                        .count())
                .isEqualTo(1);
        assertThat(apply(txn(rangeAt(-2, "a", "")))).isEqualTo(refused(2, KvError.COMPACTED));
    }

    static Stream<Arguments> comparisons() {
        return Stream.of(
                Arguments.of(compareValue(Result.NOT_EQUAL, "absent", "x"), false),
                Arguments.of(compareValue(Result.EQUAL, "absent", ""), false),
                Arguments.of(compare(Target.VERSION, Result.EQUAL, "absent", 0), true),
                Arguments.of(compare(Target.CREATE, Result.LESS, "absent", 1), true),
                Arguments.of(compare(Target.MOD, Result.GREATER, "absent", 0), false),
                Arguments.of(compare(Target.LEASE, Result.NOT_EQUAL, "absent", 1), true),
                Arguments.of(compareValue(Result.EQUAL, "a", "1"), true),
                Arguments.of(compareValue(Result.GREATER, "a", "0"), true),
                Arguments.of(compare(Target.CREATE, Result.EQUAL, "a", 2), true),
                Arguments.of(compare(Target.MOD, Result.EQUAL, "a", 2), true),
                Arguments.of(compare(Target.LEASE, Result.EQUAL, "a", 0), true),
                Arguments.of(over("a", "c", 3), true),
                Arguments.of(over("a", END, 3), false),
                Arguments.of(over("zz", "a", 1), true));
    }

    /** Whether all keys of the range were changed before this revision. */
    private static Compare over(String key, String end, long number) {
        return new Compare(Result.LESS, Target.MOD, Bytes.of(key), Bytes.of(end), number + 1, Bytes.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("comparisons")
    void comparisonsHoldAsInEtcd(Compare compare, boolean holds) {
        apply(put("a", "1"));
        apply(put("b", "2"));
        apply(put("c", "3"));
        KvResponse.Txn answer = store.readOnlyTxn(txnIf(compare, List.of(), List.of()));
        assertThat(answer.succeeded()).isEqualTo(holds);
    }

    @Test
    void readOnlyTransactionsNeedNoLog() {
        assertThat(TxnRequests.isReadOnly(txn(get("a"), txn(get("b"))))).isTrue();
        assertThat(TxnRequests.isReadOnly(txn(get("a"), txn(delete("b"))))).isFalse();
        assertThat(TxnRequests.isSerializable(txn(get("a")))).isFalse();
        // It only compares, with what is there now: found by a golden test that asked another member than it had
        // written to.
        assertThat(TxnRequests.isSerializable(txn())).isFalse();
        assertThatThrownBy(() -> store.readOnlyTxn(txn(put("a", "1")))).hasMessageContaining("must be proposed");
        assertRefused(KvError.FUTURE_REVISION, () -> store.readOnlyTxn(txn(rangeAt(9, "a", ""))));
    }

    @Test
    void anEntryIsNeverAppliedTwice() {
        apply(put("a", "1"));
        byte[] again = KvCommands.encode(put("a", "2"));
        assertThatThrownBy(() -> store.apply(index, 1, again)).hasMessageContaining("must not be applied twice");
    }

    @Test
    void whatIsNoCommandStopsTheStore() {
        assertThatThrownBy(() -> store.apply(1, 4, new byte[] {9}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("entry 1 of term 4 holds no command of the key-value store: format 9");
        assertThatThrownBy(() -> store.batchApplied(1)).hasMessageContaining("has failed before");
    }

    private static void assertRefused(KvError error, Runnable read) {
        assertThatThrownBy(read::run).isInstanceOfSatisfying(KvException.class, e -> assertThat(e.error())
                .isEqualTo(error));
    }
}
