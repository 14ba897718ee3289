package io.jangada.verify.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.jangada.verify.process.RealCluster;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** jetcd, the Java client of etcd, against each node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class JetcdTest {
    private final RealCluster cluster;

    JetcdTest(@TempDir Path folder) {
        cluster = RealCluster.start(3, folder);
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void keysAndValues(int node) throws Exception {
        try (Client client = client(node)) {
            KV kv = client.getKVClient();
            String prefix = "jetcd/" + node + "/";
            await(kv.put(bytes(prefix + "a"), bytes("1")));
            PutResponse second = await(kv.put(
                    bytes(prefix + "a"),
                    bytes("2"),
                    PutOption.builder().withPrevKV().build()));
            assertThat(second.getPrevKv().getValue()).isEqualTo(bytes("1"));
            await(kv.put(bytes(prefix + "b"), bytes("3")));

            GetResponse all = await(
                    kv.get(bytes(prefix), GetOption.builder().isPrefix(true).build()));
            assertThat(all.getKvs()).extracting(KeyValue::getValue).containsExactly(bytes("2"), bytes("3"));
            assertThat(all.getCount()).isEqualTo(2);
            assertThat(all.getHeader().getRevision()).isPositive();

            GetResponse old = await(kv.get(
                    bytes(prefix + "a"),
                    GetOption.builder()
                            .withRevision(second.getHeader().getRevision() - 1)
                            .build()));
            assertThat(old.getKvs().get(0).getVersion()).isEqualTo(1);

            assertThat(await(kv.delete(
                                    bytes(prefix),
                                    DeleteOption.builder().isPrefix(true).build()))
                            .getDeleted())
                    .isEqualTo(2);
            assertThat(await(kv.get(bytes(prefix + "a"))).getKvs()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void transactions(int node) throws Exception {
        try (Client client = client(node)) {
            KV kv = client.getKVClient();
            ByteSequence key = bytes("jetcd-txn/" + node);
            TxnResponse created = await(kv.txn()
                    .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                    .Then(Op.put(key, bytes("mine"), PutOption.DEFAULT))
                    .Else(Op.get(key, GetOption.DEFAULT))
                    .commit());
            assertThat(created.isSucceeded()).isTrue();
            TxnResponse refused = await(kv.txn()
                    .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                    .Then(Op.put(key, bytes("yours"), PutOption.DEFAULT))
                    .Else(Op.get(key, GetOption.DEFAULT))
                    .commit());
            assertThat(refused.isSucceeded()).isFalse();
            assertThat(refused.getGetResponses().get(0).getKvs().get(0).getValue())
                    .isEqualTo(bytes("mine"));
        }
    }

    /** Clients tell errors apart by their texts. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void compaction(int node) throws Exception {
        try (Client client = client(node)) {
            KV kv = client.getKVClient();
            ByteSequence key = bytes("jetcd-compact/" + node);
            long first = await(kv.put(key, bytes("1"))).getHeader().getRevision();
            long second = await(kv.put(key, bytes("2"))).getHeader().getRevision();
            await(kv.compact(second));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> await(
                            kv.get(key, GetOption.builder().withRevision(first).build())))
                    .withMessageContaining("mvcc: required revision has been compacted");
            assertThat(await(kv.get(key)).getKvs().get(0).getValue()).isEqualTo(bytes("2"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void statusAndMembers(int node) throws Exception {
        try (Client client = client(node)) {
            StatusResponse status = await(client.getMaintenanceClient()
                    .statusMember("http://" + cluster.endpoints().get(node)));
            assertThat(status.getVersion()).startsWith("3.5.");
            assertThat(status.getLeader()).isNotZero();
            Set<String> names = new HashSet<>();
            Set<Long> ids = new HashSet<>();
            for (Member member : await(client.getClusterClient().listMember()).getMembers()) {
                names.add(member.getName());
                ids.add(member.getId());
                assertThat(member.getClientURIs()).isNotEmpty();
            }
            assertThat(names).containsExactlyInAnyOrder("n1", "n2", "n3");
            assertThat(ids).contains(status.getLeader());
        }
    }

    private Client client(int node) {
        return Client.builder()
                .endpoints("http://" + cluster.endpoints().get(node))
                .build();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
