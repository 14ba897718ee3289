package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeRequest.SortOrder;
import io.jangada.etcd.rpc.RangeRequest.SortTarget;
import io.jangada.etcd.rpc.RangeResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden answers to Range. */
final class GoldenRangeTest extends GoldenKvAnswers {
    private static final int UNKNOWN_ENUM = 99;

    GoldenRangeTest(Target target, GoldenTargets targets) {
        super(targets.shared(target));
    }

    @Test
    void oneKey() {
        long at = putAt("a", "1");
        RangeResponse response = range(ranging("a"));
        assertThat(names(response)).containsExactly("a");
        assertThat(response.getCount()).isEqualTo(1);
        assertThat(response.getMore()).isFalse();
        assertThat(response.getHeader().getRevision()).isEqualTo(at);
    }

    @Test
    void anAbsentKeyIsAnEmptyAnswer() {
        RangeResponse response = range(ranging("absent"));
        assertThat(response.getKvsList()).isEmpty();
        assertThat(response.getCount()).isZero();
        assertThat(response.getMore()).isFalse();
    }

    @Test
    void aHalfOpenRange() {
        putAll("a", "b", "c", "d");
        assertThat(names(range(ranging("b").setRangeEnd(key("d"))))).containsExactly("b", "c");
        assertThat(names(range(ranging("bb").setRangeEnd(key("zz"))))).containsExactly("c", "d");
    }

    @Test
    void aPrefix() {
        putAll("x", "xa", "xb", "xb/c", "y");
        assertThat(names(range(ranging("x").setRangeEnd(key("y"))))).containsExactly("x", "xa", "xb", "xb/c");
        assertThat(range(rangingAll()).getCount()).isEqualTo(5);
    }

    @Test
    void keysAreOrderedAsUnsignedBytes() {
        ByteString low = folderStart().concat(ByteString.copyFrom(new byte[] {0x7f}));
        ByteString high = folderStart().concat(ByteString.copyFrom(new byte[] {(byte) 0x80}));
        ByteString highest = folderStart().concat(ByteString.copyFrom(new byte[] {(byte) 0xff, 0}));
        for (ByteString key : List.of(highest, low, high)) {
            kv().put(PutRequest.newBuilder().setKey(key).build());
        }
        assertThat(range(rangingAll()).getKvsList())
                .extracting(KeyValue::getKey)
                .containsExactly(low, high, highest);
    }

    @Test
    void fromAKeyOn() {
        ByteString high = ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xfe});
        kv().put(PutRequest.newBuilder().setKey(high.concat(utf8("a"))).build());
        kv().put(PutRequest.newBuilder().setKey(high.concat(utf8("b"))).build());
        RangeResponse response = range(RangeRequest.newBuilder().setKey(high).setRangeEnd(FROM_KEY));
        assertThat(response.getKvsList())
                .extracting(kv -> kv.getKey().substring(2).toStringUtf8())
                .containsExactly("a", "b");
    }

    @Test
    void zeroAndZeroMeanEverything() {
        putAll("a", "b");
        RangeResponse response = range(
                RangeRequest.newBuilder().setKey(FROM_KEY).setRangeEnd(FROM_KEY).setKeysOnly(true));
        assertThat(response.getKvsList()).extracting(KeyValue::getKey).contains(key("a"), key("b"));
        assertThat(response.getCount()).isEqualTo(response.getKvsCount());
    }

    @Test
    void anInvertedOrEmptyRangeIsAnEmptyAnswer() {
        putAll("a", "b");
        for (RangeRequest.Builder request :
                List.of(ranging("b").setRangeEnd(key("a")), ranging("a").setRangeEnd(key("a")))) {
            RangeResponse response = range(request);
            assertThat(response.getKvsList()).isEmpty();
            assertThat(response.getCount()).isZero();
            assertThat(response.getMore()).isFalse();
        }
    }

    @Test
    void limitMoreAndCount() {
        for (int i = 0; i < 45; i++) {
            put(String.format("%02d", i), "v");
        }
        RangeResponse one = range(rangingAll().setLimit(1));
        assertThat(names(one)).containsExactly("00");
        assertThat(one.getMore()).isTrue();
        assertThat(one.getCount()).isEqualTo(45);
        RangeResponse exactly = range(rangingAll().setLimit(45));
        assertThat(exactly.getKvsCount()).isEqualTo(45);
        assertThat(exactly.getMore()).isFalse();
        RangeResponse almost = range(rangingAll().setLimit(44));
        assertThat(almost.getKvsCount()).isEqualTo(44);
        assertThat(almost.getMore()).isTrue();
        assertThat(range(rangingAll().setLimit(0)).getKvsCount()).isEqualTo(45);
    }

    @Test
    void pagesFollowOneAnother() {
        putAll("a", "b", "c", "d", "e");
        RangeResponse first = range(rangingAll().setLimit(2));
        ByteString next = first.getKvs(1).getKey().concat(FROM_KEY);
        long at = first.getHeader().getRevision();
        put("bb", "late");
        RangeResponse second = range(RangeRequest.newBuilder()
                .setKey(next)
                .setRangeEnd(folderEnd())
                .setLimit(2)
                .setRevision(at));
        assertThat(names(second)).containsExactly("c", "d");
        assertThat(second.getMore()).isTrue();
        assertThat(second.getCount()).isEqualTo(3);
    }

    @Test
    void countOnly() {
        putAll("a", "b", "c");
        RangeResponse response = range(rangingAll().setCountOnly(true));
        assertThat(response.getKvsList()).isEmpty();
        assertThat(response.getCount()).isEqualTo(3);
        assertThat(response.getMore()).isFalse();
        RangeResponse limited = range(rangingAll().setCountOnly(true).setLimit(1));
        assertThat(limited.getKvsList()).isEmpty();
        assertThat(limited.getCount()).isEqualTo(3);
        assertThat(limited.getMore()).isFalse();
    }

    @Test
    void keysOnly() {
        put("a", "3");
        put("b", "1");
        put("c", "2");
        RangeResponse response = range(rangingAll().setKeysOnly(true));
        assertThat(names(response)).containsExactly("a", "b", "c");
        assertThat(response.getKvsList()).allSatisfy(kv -> {
            assertThat(kv.getValue()).isEqualTo(ByteString.EMPTY);
            assertThat(kv.getModRevision()).isPositive();
            assertThat(kv.getVersion()).isEqualTo(1);
        });
        RangeResponse byValue = range(
                rangingAll().setKeysOnly(true).setSortTarget(SortTarget.VALUE).setSortOrder(SortOrder.ASCEND));
        assertThat(names(byValue)).containsExactly("b", "c", "a");
    }

    /** Four keys whose orders by key, version, creation, modification and value all differ. */
    private void putSortable() {
        put("b", "5");
        put("a", "7");
        put("d", "1");
        put("c", "3");
        put("d", "9");
        put("a", "2");
        put("a", "8");
        for (int i = 0; i < 3; i++) {
            put("b", "4");
        }
    }

    @Test
    void sortedByEachTarget() {
        putSortable();
        assertThat(sorted(SortTarget.KEY, SortOrder.ASCEND)).containsExactly("a", "b", "c", "d");
        assertThat(sorted(SortTarget.KEY, SortOrder.DESCEND)).containsExactly("d", "c", "b", "a");
        assertThat(sorted(SortTarget.VERSION, SortOrder.ASCEND)).containsExactly("c", "d", "a", "b");
        assertThat(sorted(SortTarget.VERSION, SortOrder.DESCEND)).containsExactly("b", "a", "d", "c");
        assertThat(sorted(SortTarget.CREATE, SortOrder.ASCEND)).containsExactly("b", "a", "d", "c");
        assertThat(sorted(SortTarget.CREATE, SortOrder.DESCEND)).containsExactly("c", "d", "a", "b");
        assertThat(sorted(SortTarget.MOD, SortOrder.ASCEND)).containsExactly("c", "d", "a", "b");
        assertThat(sorted(SortTarget.MOD, SortOrder.DESCEND)).containsExactly("b", "a", "d", "c");
        assertThat(sorted(SortTarget.VALUE, SortOrder.ASCEND)).containsExactly("c", "b", "a", "d");
        assertThat(sorted(SortTarget.VALUE, SortOrder.DESCEND)).containsExactly("d", "a", "b", "c");
    }

    @Test
    void noOrderMeansKeysOrTheTargetRising() {
        putSortable();
        assertThat(sorted(SortTarget.KEY, SortOrder.NONE)).containsExactly("a", "b", "c", "d");
        assertThat(sorted(SortTarget.VERSION, SortOrder.NONE)).containsExactly("c", "d", "a", "b");
        assertThat(sorted(SortTarget.CREATE, SortOrder.NONE)).containsExactly("b", "a", "d", "c");
        assertThat(sorted(SortTarget.VALUE, SortOrder.NONE)).containsExactly("c", "b", "a", "d");
    }

    @Test
    void theLimitComesAfterTheSort() {
        putSortable();
        RangeResponse response = range(rangingAll()
                .setSortTarget(SortTarget.VALUE)
                .setSortOrder(SortOrder.DESCEND)
                .setLimit(2));
        assertThat(names(response)).containsExactly("d", "a");
        assertThat(response.getMore()).isTrue();
        assertThat(response.getCount()).isEqualTo(4);
        RangeResponse all = range(rangingAll().setSortOrder(SortOrder.DESCEND).setLimit(4));
        assertThat(names(all)).containsExactly("d", "c", "b", "a");
        assertThat(all.getMore()).isFalse();
    }

    /** etcd does so from 3.5 on; older ones sort by nothing. */
    @Test
    void unknownSortsAreRefused() {
        assumeThat(members().version()).as("version of the target").doesNotStartWith("3.4.");
        String text = "etcdserver: invalid sort option";
        assertRefused(
                Status.Code.INVALID_ARGUMENT, text, () -> range(rangingAll().setSortOrderValue(UNKNOWN_ENUM)));
        assertRefused(
                Status.Code.INVALID_ARGUMENT, text, () -> range(rangingAll().setSortTargetValue(UNKNOWN_ENUM)));
    }

    @Test
    void filtersByRevisionLeaveTheCountAlone() {
        long a = putAt("a", "1");
        long b = putAt("b", "1");
        long c = putAt("c", "1");
        long a2 = putAt("a", "2");
        assertThat(filtered(rangingAll().setMinModRevision(c))).containsExactly("a", "c");
        assertThat(filtered(rangingAll().setMaxModRevision(c))).containsExactly("b", "c");
        assertThat(filtered(rangingAll().setMinModRevision(b).setMaxModRevision(b)))
                .containsExactly("b");
        assertThat(filtered(rangingAll().setMinCreateRevision(b))).containsExactly("b", "c");
        assertThat(filtered(rangingAll().setMaxCreateRevision(b))).containsExactly("a", "b");
        assertThat(filtered(rangingAll().setMinModRevision(a2 + 1))).isEmpty();
        assertThat(filtered(rangingAll().setMaxCreateRevision(a).setMinModRevision(a2)))
                .containsExactly("a");
    }

    @Test
    void theLimitComesAfterTheFilters() {
        putAt("a", "1");
        long b = putAt("b", "1");
        putAt("c", "1");
        putAt("d", "1");
        RangeResponse two = range(rangingAll().setMinModRevision(b).setLimit(2));
        assertThat(names(two)).containsExactly("b", "c");
        assertThat(two.getMore()).isTrue();
        assertThat(two.getCount()).isEqualTo(4);
        RangeResponse three = range(rangingAll().setMinModRevision(b).setLimit(3));
        assertThat(names(three)).containsExactly("b", "c", "d");
        assertThat(three.getMore()).isFalse();
    }

    @Test
    void thePastCanBeRead() {
        long first = putAt("a", "1");
        long second = putAt("a", "2");
        putAt("b", "1");
        delete(deleting("a"));
        long now = revision();
        RangeResponse old = range(ranging("a").setRevision(first));
        assertThat(old.getKvs(0).getValue().toStringUtf8()).isEqualTo("1");
        assertThat(old.getHeader().getRevision())
                .as("the header tells the present")
                .isEqualTo(now);
        assertThat(range(ranging("a").setRevision(second)).getKvs(0).getVersion())
                .isEqualTo(2);
        assertThat(range(ranging("a").setRevision(now)).getKvsList()).isEmpty();
        assertThat(range(rangingAll().setRevision(second)).getCount()).isEqualTo(1);
        assertThat(range(rangingAll().setRevision(second + 1)).getCount()).isEqualTo(2);
        assertThat(range(ranging("a").setRevision(first - 1)).getCount()).isZero();
    }

    @Test
    void theFutureCannotBeRead() {
        assertRefused(Status.Code.OUT_OF_RANGE, FUTURE, () -> range(ranging("a").setRevision(revision() + 1)));
    }

    @Test
    void aNegativeRevisionMeansNow() {
        put("a", "1");
        assertThat(range(ranging("a").setRevision(-5)).getCount()).isEqualTo(1);
    }

    @Test
    void aKeyIsNeeded() {
        assertRefused(Status.Code.INVALID_ARGUMENT, EMPTY_KEY, () -> kv().range(RangeRequest.getDefaultInstance()));
        assertRefused(Status.Code.INVALID_ARGUMENT, EMPTY_KEY, () -> kv().range(
                        RangeRequest.newBuilder().setRangeEnd(key("z")).build()));
    }

    @Test
    void everyMemberReadsWhatWasJustWritten() {
        for (int round = 0; round < 20; round++) {
            String value = Integer.toString(round);
            long at = putAt("a", value);
            for (int member = 0; member < members().size(); member++) {
                RangeResponse response =
                        members().member(member).range(ranging("a").build());
                assertThat(response.getKvs(0).getValue().toStringUtf8()).isEqualTo(value);
                assertThat(response.getHeader().getRevision()).isEqualTo(at);
            }
        }
    }

    @Test
    void aSerializableReadAnswersFromTheMemberItself() {
        put("a", "1");
        for (int member = 0; member < members().size(); member++) {
            KVGrpc.KVBlockingStub stub = members().member(member);
            // After a linearizable read this member has applied the put.
            stub.range(ranging("a").build());
            RangeResponse response =
                    stub.range(ranging("a").setSerializable(true).build());
            assertThat(response.getKvs(0).getValue().toStringUtf8()).isEqualTo("1");
        }
    }

    @Test
    void aClientMayDemandALeader() {
        put("a", "1");
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
        RangeResponse response = kv().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .range(ranging("a").build());
        assertThat(response.getCount()).isEqualTo(1);
    }

    private void putAll(String... names) {
        for (String name : names) {
            put(name, "v");
        }
    }

    private List<String> sorted(SortTarget target, SortOrder order) {
        return names(range(rangingAll().setSortTarget(target).setSortOrder(order)));
    }

    /** The names the filters let pass; the count must be that of the whole range. */
    private List<String> filtered(RangeRequest.Builder request) {
        RangeResponse response = range(request);
        assertThat(response.getCount()).isEqualTo(3);
        assertThat(response.getMore()).isFalse();
        return names(response);
    }
}
