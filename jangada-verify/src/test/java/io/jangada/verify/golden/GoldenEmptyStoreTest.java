package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RequestOp;
import io.jangada.etcd.rpc.ResponseHeader;
import io.jangada.etcd.rpc.TxnRequest;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Golden answers of a store that nobody has written to, and what the header of every answer says. */
final class GoldenEmptyStoreTest {
    @ParameterizedTest
    @EnumSource
    void anEmptyStoreIsAtRevisionOne(Target target) {
        try (GrpcMembers members = GoldenTargets.fresh(target)) {
            RangeRequest read =
                    RangeRequest.newBuilder().setKey(GoldenKvAnswers.utf8("k")).build();
            Set<Long> clusters = new HashSet<>();
            Set<Long> answering = new HashSet<>();
            for (int member = 0; member < members.size(); member++) {
                ResponseHeader header = members.member(member).range(read).getHeader();
                assertThat(header.getRevision()).isEqualTo(1);
                assertThat(header.getRaftTerm()).isPositive();
                clusters.add(header.getClusterId());
                answering.add(header.getMemberId());
            }
            assertThat(clusters).as("one cluster id").hasSize(1).doesNotContain(0L);
            assertThat(answering).as("member ids").hasSize(members.size()).doesNotContain(0L);

            KVGrpc.KVBlockingStub kv = members.next();
            DeleteRangeRequest delete = DeleteRangeRequest.newBuilder()
                    .setKey(GoldenKvAnswers.utf8("k"))
                    .build();
            assertThat(kv.deleteRange(delete).getHeader().getRevision()).isEqualTo(1);
            TxnRequest txn = TxnRequest.newBuilder()
                    .addSuccess(RequestOp.newBuilder().setRequestRange(read))
                    .build();
            assertThat(kv.txn(txn).getHeader().getRevision()).isEqualTo(1);
            PutRequest put =
                    PutRequest.newBuilder().setKey(GoldenKvAnswers.utf8("k")).build();
            assertThat(kv.put(put).getHeader().getRevision()).isEqualTo(2);
            assertThat(kv.put(put).getHeader().getRevision()).isEqualTo(3);
        }
    }
}
