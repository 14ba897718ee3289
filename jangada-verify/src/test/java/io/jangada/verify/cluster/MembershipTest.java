package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.LinearizabilityChecker;
import io.jangada.testkit.history.Operation;
import io.jangada.testkit.history.RevisionOrder;
import io.jangada.testkit.history.VersionedRegisterModel;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The members of a running cluster change under load, by commands as an operator types them, and no client sees an operation fail. */
final class MembershipTest {
    private static final int CLIENTS = 8;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Small enough that a new member needs a snapshot: its first entries are gone. */
    private static final List<String> SMALL_LOG =
            List.of("--snapshot-count", "300", "--snapshot-catchup-entries", "50");

    private final Path folder;

    MembershipTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** All three members are replaced, one after the other. */
    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void allMembersAreReplacedWithoutAFailedOperation() {
        HistoryRecorder<Op, Answer> recorder = new HistoryRecorder<>(System::nanoTime);
        try (RealCluster cluster = RealCluster.start(3, 3, folder, SMALL_LOG);
                MemberChannels channels = new MemberChannels(cluster.endpoints());
                PatientClients load = PatientClients.start(channels, recorder, CLIENTS, 3)) {
            Operator operator = new Operator(cluster, channels, folder);
            awaitNames(operator);
            for (int old = 0; old < 3; old++) {
                load.beginRound(old);
                awaitSnapshot(cluster, operator, old);
                replace(cluster, operator, load, old, old + 3);
            }
            load.beginRound(3);
            awaitOperations(cluster, load, 200);
            load.stop();
            StateResponse state = operator.look(5).orElseThrow();
            assertThat(Operator.names(state)).containsExactly("n4", "n5", "n6");
            assertThat(state.getMembership().getMembersList()).allMatch(MemberState::getVoter);
            assertThat(state.getFirstIndex())
                    .as("first entry in the log of a new member")
                    .isGreaterThan(1);
            report("three members replaced", load);
            judge(recorder, load);
        }
    }

    /** Each member has told its name and where its clients connect. */
    private static void awaitNames(Operator operator) {
        operator.await(
                "all members have told their clients' URLs", 0, state -> state.getMembership().getMembersList().stream()
                        .allMatch(member -> member.getClientUrlsCount() == 1));
    }

    private static void awaitSnapshot(RealCluster cluster, Operator operator, int old) {
        for (int node = old; node < old + 3; node++) {
            operator.await(
                    cluster.nodes().get(node).name() + " has cut its log", node, state -> state.getFirstIndex() > 1);
        }
    }

    private static void replace(RealCluster cluster, Operator operator, PatientClients load, int old, int fresh) {
        String name = operator.nameOf(fresh);
        assertThat(operator.run("member", "add", name, "--peer-url", cluster.peerUrl(fresh)))
                .contains("Member " + name + " (")
                .contains("--join http://");
        cluster.nodes().get(fresh).start();
        operator.awaitVoter(fresh);
        load.tell(fresh, true);
        load.tell(old, false);
        assertThat(operator.run("member", "remove", operator.nameOf(old)))
                .contains("Member " + operator.nameOf(old) + " (")
                .contains("has been removed.");
        assertThat(cluster.nodes().get(old).awaitEnd(LIMIT))
                .as("exit code of a removed member")
                .isEqualTo(6);
        assertThat(cluster.nodes().get(old).log()).contains("has been removed from the cluster and stops");
    }

    private static void awaitOperations(RealCluster cluster, PatientClients load, long more) {
        long enough = load.done() + more;
        Waiting.until(more + " more operations", LIMIT, () -> load.done() >= enough, cluster::logs);
    }

    private static void report(String what, PatientClients load) {
        System.out.printf(
                "%s under %d clients: %d operations, %d failed, %d retries, the longest operation took %d ms%n",
                what,
                CLIENTS,
                load.done(),
                load.failed(),
                load.retries(),
                load.longest().toMillis());
    }

    private static void judge(HistoryRecorder<Op, Answer> recorder, PatientClients load) {
        assertThat(load.failed())
                .as("operations that no member answered in time")
                .isZero();
        List<Operation<Op, Answer>> history = recorder.history();
        assertThat(new LinearizabilityChecker<>(new VersionedRegisterModel()).check(history))
                .satisfies(result -> assertThat(result.linearizable())
                        .as(result.explanation())
                        .isTrue());
        assertThat(RevisionOrder.violations(history)).isEmpty();
    }
}
