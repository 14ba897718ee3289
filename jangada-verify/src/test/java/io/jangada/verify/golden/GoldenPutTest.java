package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import org.junit.jupiter.api.Test;

/** Golden answers to Put and DeleteRange. */
final class GoldenPutTest extends GoldenKvAnswers {
    /** Below the limit of 1.5 MiB for a whole request. */
    private static final int LARGE_BYTES = 1_500_000;

    private static final int TOO_LARGE_BYTES = 1_700_000;

    GoldenPutTest(Target target, GoldenTargets targets) {
        super(targets.shared(target));
    }

    @Test
    void eachPutTakesOneRevision() {
        long before = revision();
        assertThat(putAt("a", "1")).isEqualTo(before + 1);
        assertThat(putAt("b", "1")).isEqualTo(before + 2);
        assertThat(putAt("a", "2")).isEqualTo(before + 3);
        assertThat(revision()).isEqualTo(before + 3);
    }

    @Test
    void aKeyKnowsItsGeneration() {
        long created = putAt("a", "1");
        long modified = putAt("a", "2");
        KeyValue kv = get("a");
        assertThat(kv.getKey()).isEqualTo(key("a"));
        assertThat(kv.getValue().toStringUtf8()).isEqualTo("2");
        assertThat(kv.getCreateRevision()).isEqualTo(created);
        assertThat(kv.getModRevision()).isEqualTo(modified);
        assertThat(kv.getVersion()).isEqualTo(2);
        assertThat(kv.getLease()).isZero();
    }

    @Test
    void theSameValueIsStillAChange() {
        long first = putAt("a", "same");
        assertThat(putAt("a", "same")).isEqualTo(first + 1);
        assertThat(get("a").getVersion()).isEqualTo(2);
    }

    @Test
    void aDeleteEndsTheGeneration() {
        putAt("a", "1");
        putAt("a", "2");
        delete(deleting("a"));
        assertThat(exists("a")).isFalse();
        long created = putAt("a", "3");
        assertThat(get("a").getVersion()).isEqualTo(1);
        assertThat(get("a").getCreateRevision()).isEqualTo(created);
    }

    @Test
    void putTellsWhatWasThereBefore() {
        PutResponse first = kv().put(putting("a", "1").setPrevKv(true).build());
        assertThat(first.hasPrevKv()).isFalse();
        PutResponse second = kv().put(putting("a", "2").setPrevKv(true).build());
        assertThat(second.getPrevKv().getKey()).isEqualTo(key("a"));
        assertThat(second.getPrevKv().getValue().toStringUtf8()).isEqualTo("1");
        assertThat(second.getPrevKv().getVersion()).isEqualTo(1);
        assertThat(second.getPrevKv().getModRevision())
                .isEqualTo(first.getHeader().getRevision());
        assertThat(put("a", "3").hasPrevKv()).isFalse();
    }

    @Test
    void ignoreValueKeepsTheValue() {
        put("a", "kept");
        kv().put(PutRequest.newBuilder().setKey(key("a")).setIgnoreValue(true).build());
        assertThat(get("a").getValue().toStringUtf8()).isEqualTo("kept");
        assertThat(get("a").getVersion()).isEqualTo(2);
    }

    @Test
    void ignoreLeaseKeepsTheLease() {
        put("a", "1");
        kv().put(putting("a", "2").setIgnoreLease(true).build());
        assertThat(get("a").getValue().toStringUtf8()).isEqualTo("2");
        assertThat(get("a").getLease()).isZero();
        kv().put(PutRequest.newBuilder()
                .setKey(key("a"))
                .setIgnoreValue(true)
                .setIgnoreLease(true)
                .build());
        assertThat(get("a").getVersion()).isEqualTo(3);
    }

    @Test
    void whatIsIgnoredMayNotBeGiven() {
        put("a", "1");
        assertRefused(Status.Code.INVALID_ARGUMENT, "etcdserver: value is provided", () -> kv().put(
                        putting("a", "2").setIgnoreValue(true).build()));
        assertRefused(Status.Code.INVALID_ARGUMENT, "etcdserver: lease is provided", () -> kv().put(
                        putting("a", "2").setIgnoreLease(true).setLease(7).build()));
    }

    @Test
    void thereMustBeSomethingToKeep() {
        assertRefused(Status.Code.INVALID_ARGUMENT, KEY_NOT_FOUND, () -> kv().put(PutRequest.newBuilder()
                .setKey(key("absent"))
                .setIgnoreValue(true)
                .build()));
        assertRefused(Status.Code.INVALID_ARGUMENT, KEY_NOT_FOUND, () -> kv().put(
                        putting("absent", "1").setIgnoreLease(true).build()));
        put("gone", "1");
        delete(deleting("gone"));
        assertRefused(Status.Code.INVALID_ARGUMENT, KEY_NOT_FOUND, () -> kv().put(
                        putting("gone", "1").setIgnoreLease(true).build()));
    }

    @Test
    void aKeyIsNeeded() {
        assertRefused(Status.Code.INVALID_ARGUMENT, EMPTY_KEY, () -> kv().put(PutRequest.getDefaultInstance()));
        assertRefused(Status.Code.INVALID_ARGUMENT, EMPTY_KEY, () -> kv().put(
                        PutRequest.newBuilder().setValue(utf8("v")).build()));
    }

    @Test
    void anUnknownLeaseIsNotFound() {
        assertRefused(Status.Code.NOT_FOUND, LEASE_NOT_FOUND, () -> kv().put(
                        putting("a", "1").setLease(NO_SUCH_LEASE).build()));
        assertThat(exists("a")).isFalse();
    }

    @Test
    void emptyValuesAndAnyBytesAreKept() {
        put("empty", "");
        assertThat(get("empty").getValue()).isEqualTo(ByteString.EMPTY);
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (255 - i);
        }
        ByteString all = ByteString.copyFrom(bytes);
        ByteString key = folderStart().concat(all);
        kv().put(PutRequest.newBuilder().setKey(key).setValue(all).build());
        RangeResponse read = kv().range(RangeRequest.newBuilder().setKey(key).build());
        assertThat(read.getKvs(0).getKey()).isEqualTo(key);
        assertThat(read.getKvs(0).getValue()).isEqualTo(all);
    }

    @Test
    void aLargeValueIsKeptAndATooLargeOneRefused() {
        put("large", "x".repeat(LARGE_BYTES));
        assertThat(get("large").getValue().size()).isEqualTo(LARGE_BYTES);
        String tooLarge = "x".repeat(TOO_LARGE_BYTES);
        assertRefused(
                Status.Code.INVALID_ARGUMENT, "etcdserver: request is too large", () -> put("too-large", tooLarge));
        assertThat(exists("too-large")).isFalse();
    }

    @Test
    void deletingNothingChangesNothing() {
        long before = revision();
        DeleteRangeResponse response = delete(deleting("absent").setPrevKv(true));
        assertThat(response.getDeleted()).isZero();
        assertThat(response.getPrevKvsList()).isEmpty();
        assertThat(response.getHeader().getRevision()).isEqualTo(before);
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void aDeleteCountsAndTellsWhatWasThere() {
        put("a", "1");
        long last = putAt("a", "2");
        DeleteRangeResponse response = delete(deleting("a").setPrevKv(true));
        assertThat(response.getDeleted()).isEqualTo(1);
        assertThat(response.getHeader().getRevision()).isEqualTo(last + 1);
        assertThat(response.getPrevKvs(0).getValue().toStringUtf8()).isEqualTo("2");
        assertThat(response.getPrevKvs(0).getVersion()).isEqualTo(2);
        assertThat(delete(deleting("a")).getDeleted()).isZero();
    }

    @Test
    void deletingARangeTakesOneRevision() {
        put("a", "1");
        put("b", "1");
        put("c", "1");
        long last = putAt("d", "1");
        DeleteRangeResponse response =
                delete(deleting("b").setRangeEnd(key("d")).setPrevKv(true));
        assertThat(response.getDeleted()).isEqualTo(2);
        assertThat(response.getHeader().getRevision()).isEqualTo(last + 1);
        assertThat(response.getPrevKvsList()).extracting(KeyValue::getKey).containsExactly(key("b"), key("c"));
        assertThat(names(range(rangingAll()))).containsExactly("a", "d");
        assertThat(names(range(rangingAll().setRevision(last)))).containsExactly("a", "b", "c", "d");
    }

    @Test
    void deletingWithAnInvertedRangeDeletesNothing() {
        put("a", "1");
        long last = putAt("b", "1");
        DeleteRangeResponse response = delete(deleting("b").setRangeEnd(key("a")));
        assertThat(response.getDeleted()).isZero();
        assertThat(response.getHeader().getRevision()).isEqualTo(last);
    }

    @Test
    void deletingFromAKeyOn() {
        ByteString high = ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xff});
        kv().put(PutRequest.newBuilder().setKey(high.concat(utf8("a"))).build());
        kv().put(PutRequest.newBuilder().setKey(high.concat(utf8("b"))).build());
        DeleteRangeResponse response = kv().deleteRange(DeleteRangeRequest.newBuilder()
                .setKey(high)
                .setRangeEnd(FROM_KEY)
                .build());
        assertThat(response.getDeleted()).isEqualTo(2);
        assertThat(response.getPrevKvsList()).isEmpty();
    }

    @Test
    void deletingNeedsAKey() {
        assertRefused(Status.Code.INVALID_ARGUMENT, EMPTY_KEY, () -> kv().deleteRange(
                        DeleteRangeRequest.getDefaultInstance()));
    }
}
