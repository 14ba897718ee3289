package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.Compare;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RequestOp;
import io.jangada.etcd.rpc.ResponseOp;
import io.jangada.etcd.rpc.TxnRequest;
import io.jangada.etcd.rpc.TxnResponse;
import org.junit.jupiter.api.Test;

/** Golden answers to Txn: what it does, in which order, and what it refuses. */
final class GoldenTxnTest extends GoldenKvAnswers {
    private static final String DUPLICATE = "etcdserver: duplicate key given in txn request";
    private static final String TOO_MANY = "etcdserver: too many operations in txn request";
    private static final int MAX_OPS = 128;

    GoldenTxnTest(Target target, GoldenTargets targets) {
        super(targets.shared(target));
    }

    @Test
    void theEmptyTransactionSucceeds() {
        long before = revision();
        TxnResponse response = txn(TxnRequest.newBuilder());
        assertThat(response.getSucceeded()).isTrue();
        assertThat(response.getResponsesList()).isEmpty();
        assertThat(response.getHeader().getRevision()).isEqualTo(before);
    }

    @Test
    void oneBranchRuns() {
        TxnRequest.Builder request =
                TxnRequest.newBuilder().addSuccess(op(putting("then", "1"))).addFailure(op(putting("else", "1")));
        assertThat(txn(request.clone().addCompare(never())).getSucceeded()).isFalse();
        assertThat(names(range(rangingAll()))).containsExactly("else");
        assertThat(txn(request.clone().addCompare(always())).getSucceeded()).isTrue();
        assertThat(names(range(rangingAll()))).containsExactly("else", "then");
    }

    @Test
    void allComparisonsMustHold() {
        assertThat(txn(TxnRequest.newBuilder().addCompare(always()).addCompare(always()))
                        .getSucceeded())
                .isTrue();
        assertThat(txn(TxnRequest.newBuilder().addCompare(always()).addCompare(never()))
                        .getSucceeded())
                .isFalse();
    }

    @Test
    void allChangesShareOneRevision() {
        put("gone", "1");
        long before = revision();
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addSuccess(op(putting("a", "1")))
                .addSuccess(op(putting("b", "1")))
                .addSuccess(op(deleting("gone"))));
        assertThat(response.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(response.getResponses(0).getResponsePut().getHeader().getRevision())
                .isEqualTo(before + 1);
        assertThat(response.getResponses(2).getResponseDeleteRange().getDeleted())
                .isEqualTo(1);
        assertThat(range(rangingAll()).getKvsList())
                .extracting(KeyValue::getModRevision)
                .containsExactly(before + 1, before + 1);
        assertThat(revision()).isEqualTo(before + 1);
    }

    @Test
    void withoutAChangeThereIsNoNewRevision() {
        put("a", "1");
        long before = revision();
        TxnResponse response =
                txn(TxnRequest.newBuilder().addSuccess(op(deleting("absent"))).addSuccess(op(ranging("a"))));
        assertThat(response.getHeader().getRevision()).isEqualTo(before);
        assertThat(response.getResponses(1).getResponseRange().getCount()).isEqualTo(1);
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void rangesSeeWhatTheTransactionWroteBefore() {
        put("a", "old");
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addSuccess(op(ranging("a")))
                .addSuccess(op(putting("a", "new")))
                .addSuccess(op(ranging("a")))
                .addSuccess(op(deleting("other")))
                .addSuccess(op(putting("b", "1").setPrevKv(true)))
                .addSuccess(op(rangingAll())));
        long at = response.getHeader().getRevision();
        assertThat(value(response.getResponses(0))).isEqualTo("old");
        assertThat(value(response.getResponses(2))).isEqualTo("new");
        assertThat(response.getResponses(2).getResponseRange().getKvs(0).getModRevision())
                .isEqualTo(at);
        assertThat(names(response.getResponses(5).getResponseRange())).containsExactly("a", "b");
        assertThat(response.getResponses(4).getResponsePut().hasPrevKv()).isFalse();
    }

    @Test
    void deletesAreSeenToo() {
        put("a", "1");
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addSuccess(op(deleting("a").setPrevKv(true)))
                .addSuccess(op(ranging("a"))));
        assertThat(response.getResponses(0)
                        .getResponseDeleteRange()
                        .getPrevKvs(0)
                        .getValue())
                .isEqualTo(utf8("1"));
        assertThat(response.getResponses(1).getResponseRange().getCount()).isZero();
    }

    @Test
    void aPastRevisionCanBeReadInATransaction() {
        long first = putAt("a", "1");
        putAt("a", "2");
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addSuccess(op(putting("b", "1")))
                .addSuccess(op(ranging("a").setRevision(first))));
        assertThat(value(response.getResponses(1))).isEqualTo("1");
    }

    @Test
    void onlyTheAnswerItselfNamesItsAuthor() {
        put("a", "1");
        TxnResponse response =
                txn(TxnRequest.newBuilder().addSuccess(op(ranging("a"))).addSuccess(op(putting("b", "1"))));
        assertThat(response.getHeader().getClusterId()).isNotZero();
        assertThat(response.getHeader().getMemberId()).isNotZero();
        assertThat(response.getHeader().getRaftTerm()).isPositive();
        assertThat(response.getResponses(0).getResponseRange().getHeader().getClusterId())
                .isZero();
        assertThat(response.getResponses(1).getResponsePut().getHeader().getMemberId())
                .isZero();
    }

    @Test
    void transactionsNest() {
        put("a", "1");
        long before = revision();
        TxnRequest.Builder inner = TxnRequest.newBuilder()
                .addCompare(never())
                .addSuccess(op(putting("inner-then", "1")))
                .addFailure(op(putting("inner-else", "1")))
                .addFailure(op(ranging("a")));
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addSuccess(op(putting("outer", "1")))
                .addSuccess(op(inner))
                .addSuccess(op(ranging("inner-else"))));
        TxnResponse nested = response.getResponses(1).getResponseTxn();
        assertThat(nested.getSucceeded()).isFalse();
        assertThat(nested.getResponsesList()).hasSize(2);
        assertThat(value(nested.getResponses(1))).isEqualTo("1");
        assertThat(response.getResponses(2).getResponseRange().getCount()).isEqualTo(1);
        assertThat(response.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(get("inner-else").getModRevision()).isEqualTo(before + 1);
        assertThat(get("outer").getModRevision()).isEqualTo(before + 1);
    }

    /** Every choice is made on the state before the transaction, also inside. */
    @Test
    void innerComparisonsDoNotSeeOuterChanges() {
        TxnRequest.Builder inner = TxnRequest.newBuilder()
                .addCompare(comparing("a", Compare.CompareTarget.VERSION, Compare.CompareResult.EQUAL)
                        .setVersion(0))
                .addSuccess(op(putting("was-absent", "1")))
                .addFailure(op(putting("was-there", "1")));
        txn(TxnRequest.newBuilder().addSuccess(op(putting("a", "1"))).addSuccess(op(inner)));
        assertThat(names(range(rangingAll()))).containsExactly("a", "was-absent");
    }

    @Test
    void aKeyIsPutOncePerBranch() {
        assertDuplicate(op(putting("a", "1")), op(putting("a", "2")));
        assertDuplicate(op(putting("a", "1")), op(deleting("a")));
        assertDuplicate(op(deleting("a")), op(putting("a", "1")));
        assertDuplicate(op(putting("b", "1")), op(deleting("a").setRangeEnd(key("c"))));
        assertDuplicate(op(putting("a", "1")), op(TxnRequest.newBuilder().addSuccess(op(putting("a", "2")))));
        assertDuplicate(op(putting("a", "1")), op(TxnRequest.newBuilder().addFailure(op(deleting("a")))));
        assertDuplicate(op(deleting("a")), op(TxnRequest.newBuilder().addFailure(op(putting("a", "1")))));
        assertDuplicate(
                op(TxnRequest.newBuilder().addSuccess(op(putting("a", "1")))),
                op(TxnRequest.newBuilder().addFailure(op(putting("a", "2")))));
    }

    /** The rule looks at both branches, whichever would run. */
    @Test
    void aDuplicateInTheBranchNotTakenIsRefusedToo() {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                DUPLICATE,
                () -> txn(TxnRequest.newBuilder()
                        .addCompare(always())
                        .addFailure(op(putting("a", "1")))
                        .addFailure(op(putting("a", "2")))));
    }

    @Test
    void whatCannotMeetIsNoDuplicate() {
        put("x", "1");
        TxnResponse branches =
                txn(TxnRequest.newBuilder().addSuccess(op(putting("a", "1"))).addFailure(op(putting("a", "2"))));
        assertThat(branches.getSucceeded()).isTrue();
        TxnResponse nestedBranches = txn(TxnRequest.newBuilder()
                .addSuccess(op(TxnRequest.newBuilder()
                        .addSuccess(op(putting("b", "1")))
                        .addFailure(op(putting("b", "2"))))));
        assertThat(nestedBranches.getSucceeded()).isTrue();
        TxnResponse deletes = txn(TxnRequest.newBuilder()
                .addSuccess(op(deleting("x")))
                .addSuccess(op(deleting("x")))
                .addSuccess(op(deleting("w").setRangeEnd(key("z")))));
        assertThat(deletes.getResponses(0).getResponseDeleteRange().getDeleted())
                .isEqualTo(1);
        assertThat(deletes.getResponses(1).getResponseDeleteRange().getDeleted())
                .isZero();
        TxnResponse beside = txn(TxnRequest.newBuilder()
                .addSuccess(op(putting("m", "1")))
                .addSuccess(op(deleting("k").setRangeEnd(key("m"))))
                .addSuccess(op(ranging("m"))));
        assertThat(beside.getResponses(2).getResponseRange().getCount()).isEqualTo(1);
    }

    @Test
    void tooManyOperationsAreRefused() {
        TxnRequest.Builder full = TxnRequest.newBuilder();
        for (int i = 0; i < MAX_OPS; i++) {
            full.addCompare(always()).addSuccess(op(ranging("a"))).addFailure(op(ranging("a")));
        }
        assertThat(txn(full).getResponsesCount()).isEqualTo(MAX_OPS);
        assertTooMany(full.clone().addCompare(always()));
        assertTooMany(full.clone().addSuccess(op(ranging("a"))));
        assertTooMany(full.clone().addFailure(op(ranging("a"))));
    }

    /** The inside may have what the outside left: 128 less the longest of its three lists. */
    @Test
    void theInsideUsesTheRestOfTheBudget() {
        TxnRequest.Builder inner = TxnRequest.newBuilder();
        for (int i = 0; i < 28; i++) {
            inner.addSuccess(op(ranging("a")));
        }
        TxnRequest.Builder outer = TxnRequest.newBuilder().addSuccess(op(inner));
        for (int i = 0; i < 99; i++) {
            outer.addSuccess(op(ranging("a")));
        }
        assertThat(txn(outer.clone()).getResponsesCount()).isEqualTo(100);
        assertTooMany(outer.clone().addSuccess(op(ranging("a"))));
        assertTooMany(TxnRequest.newBuilder()
                .addAllSuccess(outer.getSuccessList().subList(1, 100))
                .addSuccess(op(inner.clone().addSuccess(op(ranging("a"))))));
    }

    @Test
    void anEmptyOperationIsRefused() {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                KEY_NOT_FOUND,
                () -> txn(TxnRequest.newBuilder().addSuccess(RequestOp.getDefaultInstance())));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                KEY_NOT_FOUND,
                () -> txn(TxnRequest.newBuilder().addFailure(RequestOp.getDefaultInstance())));
    }

    @Test
    void emptyKeysAreRefusedEverywhere() {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                EMPTY_KEY,
                () -> txn(
                        TxnRequest.newBuilder().addCompare(always().toBuilder().clearKey())));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                EMPTY_KEY,
                () -> txn(TxnRequest.newBuilder().addSuccess(op(PutRequest.newBuilder()))));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                EMPTY_KEY,
                () -> txn(TxnRequest.newBuilder().addFailure(op(RangeRequest.newBuilder()))));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                EMPTY_KEY,
                () -> txn(TxnRequest.newBuilder()
                        .addFailure(op(TxnRequest.newBuilder()
                                .addSuccess(op(deleting("a").clearKey()))))));
    }

    @Test
    void theRulesOfPutHoldInside() {
        put("a", "1");
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: value is provided",
                () -> txn(
                        TxnRequest.newBuilder().addSuccess(op(putting("a", "2").setIgnoreValue(true)))));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: lease is provided",
                () -> txn(TxnRequest.newBuilder()
                        .addSuccess(op(putting("a", "2").setIgnoreLease(true).setLease(1)))));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                KEY_NOT_FOUND,
                () -> txn(TxnRequest.newBuilder()
                        .addSuccess(op(putting("b", "1")))
                        .addSuccess(op(putting("absent", "").setIgnoreValue(true)))));
        assertRefused(
                Status.Code.NOT_FOUND,
                LEASE_NOT_FOUND,
                () -> txn(TxnRequest.newBuilder()
                        .addSuccess(op(putting("b", "1")))
                        .addSuccess(op(putting("c", "1").setLease(NO_SUCH_LEASE)))));
        assertThat(names(range(rangingAll()))).as("nothing of it happened").containsExactly("a");
        txn(TxnRequest.newBuilder().addSuccess(op(putting("a", "").setIgnoreValue(true))));
        assertThat(get("a").getValue().toStringUtf8()).isEqualTo("1");
        assertThat(get("a").getVersion()).isEqualTo(2);
    }

    /** What stands in the branch not taken needs to be well-formed only. */
    @Test
    void theBranchNotTakenIsNotHeldAgainstTheState() {
        TxnResponse response = txn(TxnRequest.newBuilder()
                .addCompare(always())
                .addSuccess(op(putting("a", "1")))
                .addFailure(op(putting("absent", "").setIgnoreValue(true)))
                .addFailure(op(putting("c", "1").setLease(NO_SUCH_LEASE)))
                .addFailure(op(ranging("a").setRevision(1L << 40))));
        assertThat(response.getSucceeded()).isTrue();
        assertThat(exists("a")).isTrue();
    }

    @Test
    void aTooLargeTransactionIsRefused() {
        String half = "x".repeat(850_000);
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: request is too large",
                () -> txn(TxnRequest.newBuilder()
                        .addSuccess(op(putting("a", half)))
                        .addSuccess(op(putting("b", half)))));
    }

    private void assertDuplicate(RequestOp... operations) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        for (RequestOp operation : operations) {
            request.addSuccess(operation);
        }
        assertRefused(Status.Code.INVALID_ARGUMENT, DUPLICATE, () -> txn(request));
    }

    private void assertTooMany(TxnRequest.Builder request) {
        assertRefused(Status.Code.INVALID_ARGUMENT, TOO_MANY, () -> txn(request));
    }

    private static String value(ResponseOp response) {
        return response.getResponseRange().getKvs(0).getValue().toStringUtf8();
    }
}
