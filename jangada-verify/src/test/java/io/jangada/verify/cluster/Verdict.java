package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.kv.KeyValueStore;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.LinearizabilityChecker;
import io.jangada.testkit.history.Operation;
import io.jangada.testkit.history.RevisionOrder;
import io.jangada.testkit.history.VersionedRegisterModel;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Get;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is required of a cluster after a {@link Workload}: a legal history with the last word on every key in it, and the same state on every node. */
final class Verdict {
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private Verdict() {}

    /** Reads every key of these rounds at every member, as part of the history: whatever was acknowledged must show here. */
    static void readEverything(MemberChannels channels, HistoryRecorder<Op, Answer> recorder, int client, int rounds) {
        RecordingClient reader = new RecordingClient(client, channels, recorder, READ_LIMIT);
        for (int round = 0; round < rounds; round++) {
            for (int key = 0; key < Workload.KEYS_PER_ROUND; key++) {
                for (int member = 0; member < channels.size(); member++) {
                    assertThat(reader.ask(member, new Get(Workload.key(round, key))))
                            .isPresent();
                }
            }
        }
    }

    /** Requires that there is a legal order of all that clients asked and were told. */
    static void judge(HistoryRecorder<Op, Answer> recorder) {
        List<Operation<Op, Answer>> history = recorder.history();
        assertThat(new LinearizabilityChecker<>(new VersionedRegisterModel()).check(history))
                .satisfies(result -> assertThat(result.linearizable())
                        .as(result.explanation())
                        .isTrue());
        assertThat(RevisionOrder.violations(history)).isEmpty();
    }

    /** Stops all nodes as told, and requires that their stores hold the same, version by version. */
    static void stopAndCompare(RealCluster cluster) throws IOException {
        for (ServerNode node : cluster.nodes()) {
            assertThat(node.interrupt(STOP_LIMIT))
                    .as("exit code of %s; its log:%n%s", node.name(), node.log())
                    .isZero();
        }
        Set<Long> hashes = new HashSet<>();
        Set<Long> revisions = new HashSet<>();
        for (int node = 0; node < cluster.nodes().size(); node++) {
            try (KeyValueStore store = KeyValueStore.onDisk(cluster.storeOf(node))) {
                hashes.add(store.stateHash());
                revisions.add(store.revision());
            }
        }
        assertThat(revisions).as("revisions of the stores").hasSize(1);
        assertThat(hashes).as("state hashes of the stores").hasSize(1);
    }
}
