package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.jangada.etcd.rpc.CompactionRequest;
import io.jangada.etcd.rpc.CompactionResponse;
import io.jangada.etcd.rpc.TxnRequest;
import org.junit.jupiter.api.Test;

/** Golden answers to Compact, and to reads of what was compacted. */
final class GoldenCompactionTest extends GoldenKvAnswers {
    GoldenCompactionTest(Target target, GoldenTargets targets) {
        super(targets.shared(target));
    }

    @Test
    void whatLiesBeforeIsGone() {
        long first = putAt("a", "1");
        long second = putAt("a", "2");
        long third = putAt("a", "3");
        CompactionResponse response = compact(second);
        assertThat(response.getHeader().getRevision()).isEqualTo(third);
        assertRefused(
                Status.Code.OUT_OF_RANGE, COMPACTED, () -> range(ranging("a").setRevision(first)));
        assertRefused(
                Status.Code.OUT_OF_RANGE, COMPACTED, () -> range(ranging("a").setRevision(second - 1)));
        assertThat(range(ranging("a").setRevision(second)).getKvs(0).getValue().toStringUtf8())
                .isEqualTo("2");
        assertThat(range(ranging("a").setRevision(third)).getKvs(0).getValue().toStringUtf8())
                .isEqualTo("3");
    }

    @Test
    void everyKeyKeepsItsLatestVersion() {
        putAt("old", "kept");
        putAt("gone", "1");
        delete(deleting("gone"));
        long at = putAt("other", "1");
        putAt("other", "2");
        compact(at);
        assertThat(names(range(rangingAll().setRevision(at)))).containsExactly("old", "other");
        assertThat(get("old").getValue().toStringUtf8()).isEqualTo("kept");
        assertThat(get("other").getVersion()).isEqualTo(2);
        assertThat(exists("gone")).isFalse();
    }

    /** A tombstone at the very revision: the key is gone there, and a new generation starts afresh. */
    @Test
    void aDeletedKeyStaysDeleted() {
        putAt("a", "1");
        delete(deleting("a"));
        long at = revision();
        compact(at);
        assertThat(range(ranging("a").setRevision(at)).getCount()).isZero();
        long created = putAt("a", "2");
        assertThat(get("a").getCreateRevision()).isEqualTo(created);
        assertThat(get("a").getVersion()).isEqualTo(1);
    }

    @Test
    void aRevisionIsCompactedOnce() {
        long at = putAt("a", "1");
        putAt("a", "2");
        compact(at);
        assertRefused(Status.Code.OUT_OF_RANGE, COMPACTED, () -> compact(at));
        assertRefused(Status.Code.OUT_OF_RANGE, COMPACTED, () -> compact(at - 1));
        assertRefused(Status.Code.OUT_OF_RANGE, COMPACTED, () -> compact(0));
        assertRefused(Status.Code.OUT_OF_RANGE, COMPACTED, () -> compact(-1));
    }

    @Test
    void theFutureCannotBeCompacted() {
        putAt("a", "1");
        assertRefused(Status.Code.OUT_OF_RANGE, FUTURE, () -> compact(revision() + 1));
    }

    @Test
    void compactionTakesNoRevision() {
        long at = putAt("a", "1");
        compact(at);
        assertThat(revision()).isEqualTo(at);
        assertThat(putAt("a", "2")).isEqualTo(at + 1);
    }

    @Test
    void aPhysicalCompactionEndsToo() {
        long at = putAt("a", "1");
        long now = putAt("a", "2");
        CompactionResponse response = kv().compact(CompactionRequest.newBuilder()
                .setRevision(at)
                .setPhysical(true)
                .build());
        assertThat(response.getHeader().getRevision()).isEqualTo(now);
        assertThat(get("a").getVersion()).isEqualTo(2);
    }

    /** etcd once let such a transaction do different things on different members (its issue 18667). */
    @Test
    void aTransactionThatReadsWhatIsGoneDoesNothing() {
        long first = putAt("a", "1");
        long second = putAt("a", "2");
        compact(second);
        assertRefused(
                Status.Code.OUT_OF_RANGE,
                COMPACTED,
                () -> txn(TxnRequest.newBuilder()
                        .addSuccess(op(putting("written", "1")))
                        .addSuccess(op(ranging("a").setRevision(first)))));
        assertRefused(
                Status.Code.OUT_OF_RANGE,
                FUTURE,
                () -> txn(TxnRequest.newBuilder()
                        .addSuccess(op(putting("written", "1")))
                        .addSuccess(op(ranging("a").setRevision(second + 1_000)))));
        assertThat(exists("written")).isFalse();
        assertRefused(
                Status.Code.OUT_OF_RANGE,
                COMPACTED,
                () -> txn(TxnRequest.newBuilder().addSuccess(op(ranging("a").setRevision(first)))));
    }

    private CompactionResponse compact(long revision) {
        return kv().compact(CompactionRequest.newBuilder().setRevision(revision).build());
    }
}
