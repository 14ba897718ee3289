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
import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.EtcdProcess;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.TreeRemoval;
import io.jangada.verify.process.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Leadership moves on request, a learner gets a vote and loses it again, by our own commands and by etcdctl. */
    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void leadershipMovesAndLearnersVoteUnderLoad() {
        HistoryRecorder<Op, Answer> recorder = new HistoryRecorder<>(System::nanoTime);
        try (RealCluster cluster = RealCluster.start(3, 1, folder, SMALL_LOG);
                MemberChannels channels = new MemberChannels(cluster.endpoints());
                PatientClients load = PatientClients.start(channels, recorder, CLIENTS, 3)) {
            Operator operator = new Operator(cluster, channels, folder);
            awaitNames(operator);
            for (int round = 0; round < 3; round++) {
                load.beginRound(round);
                int target = (cluster.awaitLeader(channels, LIMIT) + 1) % 3;
                assertThat(operator.run("transfer", operator.nameOf(target)))
                        .contains(operator.nameOf(target) + " (")
                        .contains("leads now.");
                assertThat(cluster.awaitLeader(channels, LIMIT)).isEqualTo(target);
            }
            load.beginRound(3);
            operator.run("member", "add", "n4", "--learner", "--peer-url", cluster.peerUrl(3));
            cluster.nodes().get(3).start();
            operator.await("n4 learns", 3, state -> state.getAppliedIndex() > 0 && state.getLeader() != 0);
            Waiting.until(
                    "n4 may be promoted",
                    LIMIT,
                    () -> operator.tryTo("member", "promote", "n4").exitCode() == 0,
                    cluster::logs);
            operator.awaitVoter(3);
            assertThat(operator.run("status")).contains("What the leader knows of the others:");
            assertThat(operator.run("member", "list")).contains("n1", "n2", "n3", "n4");
            operator.run("member", "demote", "n4");
            operator.await("n4 has no vote", 3, state -> state.getRole().equals("LEARNER"));
            EtcdProcess.programNamed("etcdctl").ifPresent(etcdctl -> tryEtcdctl(etcdctl, cluster, channels, operator));
            load.stop();
            report("leadership and votes moved", load);
            judge(recorder, load);
        }
    }

    /** What etcd's own client says and does of members; the cluster has n1 to n3, and n4 as a learner. */
    private void tryEtcdctl(Path etcdctl, RealCluster cluster, MemberChannels channels, Operator operator) {
        String endpoints = String.join(",", cluster.endpoints().subList(0, 3));
        List<String> lines =
                etcdctl(etcdctl, endpoints, "member", "list").lines().toList();
        assertThat(lines).hasSize(4).allMatch(line -> line.contains(", started, n"));
        assertThat(lines)
                .filteredOn(line -> line.endsWith(", true"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("n4"));
        int target = (cluster.awaitLeader(channels, LIMIT) + 2) % 3;
        assertThat(etcdctl(etcdctl, endpoints, "move-leader", idOf(lines, operator.nameOf(target))))
                .contains("Leadership transferred");
        assertThat(etcdctl(etcdctl, endpoints, "member", "remove", idOf(lines, "n4")))
                .contains("removed from cluster");
        assertThat(cluster.nodes().get(3).awaitEnd(LIMIT)).isEqualTo(6);
        assertThat(etcdctl(etcdctl, endpoints, "member", "add", "n5", "--peer-urls=http://127.0.0.1:1"))
                .contains("ETCD_NAME=\"n5\"")
                .contains("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
        String unstarted = etcdctl(etcdctl, endpoints, "member", "list")
                .lines()
                .filter(line -> line.contains("unstarted"))
                .findFirst()
                .orElseThrow();
        String id = unstarted.substring(0, unstarted.indexOf(','));
        assertThat(etcdctl(etcdctl, endpoints, "member", "update", id, "--peer-urls=http://127.0.0.1:2"))
                .contains("updated in cluster");
        assertThat(etcdctl(etcdctl, endpoints, "member", "remove", id)).contains("removed from cluster");
    }

    private static String idOf(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.contains(", " + name + ","))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow();
    }

    private String etcdctl(Path etcdctl, String endpoints, String... words) {
        List<String> command =
                new ArrayList<>(List.of("env", "ETCDCTL_API=3", etcdctl.toString(), "--endpoints", endpoints));
        command.addAll(List.of(words));
        ChildProcess.Finished finished = ChildProcess.run(command, folder, "", LIMIT);
        assertThat(finished.exitCode())
                .as("etcdctl %s: %s", String.join(" ", words), finished.output())
                .isZero();
        return finished.output();
    }

    /** A member that comes back without its disk is refused and says what to do. A majority that is lost for good is given up by the operator. */
    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void lostDisksAreRefusedAndALostMajorityIsRecoveredFrom() throws IOException {
        try (RealCluster cluster = RealCluster.start(3, 1, folder, SMALL_LOG);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            Operator operator = new Operator(cluster, channels, folder);
            awaitNames(operator);
            for (int i = 0; i < 20; i++) {
                operator.put(0, "key-" + i, "value-" + i);
            }
            cluster.nodes().get(2).kill9();
            TreeRemoval.remove(cluster.dataOf(2));
            cluster.nodes().get(2).start();
            assertThat(cluster.nodes().get(2).awaitEnd(LIMIT)).isEqualTo(6);
            assertThat(cluster.nodes().get(2).log())
                    .contains("the disk was wiped or exchanged")
                    .contains("member add");

            assertThat(operator.offline("recover", "--data-dir", data(cluster, 0), "--member", "n1", "--dry-run"))
                    .satisfies(busy -> assertThat(busy.exitCode()).isEqualTo(5))
                    .satisfies(busy -> assertThat(busy.output()).contains("is in use by another server"));
            cluster.nodes().get(0).kill9();
            cluster.nodes().get(1).kill9();
            recover(cluster, operator);
            cluster.nodes().get(0).start();
            operator.await(
                    "n1 leads alone",
                    0,
                    state -> state.getRole().equals("LEADER")
                            && Operator.names(state).equals(List.of("n1")));
            assertThat(operator.get(0, "key-19")).isEqualTo("value-19");
            operator.run("member", "add", "n4", "--peer-url", cluster.peerUrl(3));
            cluster.nodes().get(3).start();
            operator.awaitVoter(3);
            operator.put(3, "key-20", "value-20");
            assertThat(operator.get(0, "key-20")).isEqualTo("value-20");
        }
    }

    private static void recover(RealCluster cluster, Operator operator) {
        String data = data(cluster, 0);
        ChildProcess.Finished dry = operator.offline("recover", "--data-dir", data, "--member", "n1", "--dry-run");
        assertThat(dry.exitCode()).as(dry.output()).isZero();
        assertThat(dry.output())
                .containsPattern("members after +n1 \\([0-9a-f]+\\)\\R")
                .contains("What may be lost: every write that was acknowledged by members which are not here")
                .contains("nothing has been changed");
        assertThat(operator.offline("recover", "--data-dir", data, "--member", "n1"))
                .satisfies(unasked -> assertThat(unasked.exitCode()).isEqualTo(2))
                .satisfies(unasked -> assertThat(unasked.output()).contains("say --yes"));
        assertThat(operator.offline("recover", "--data-dir", data, "--member", "n2", "--yes")
                        .output())
                .contains("which must be one of the members (--member) afterwards");
        ChildProcess.Finished done = operator.offline("recover", "--data-dir", data, "--member", "n1", "--yes");
        assertThat(done.exitCode()).as(done.output()).isZero();
        assertThat(done.output()).contains("Done: entry ");
    }

    private static String data(RealCluster cluster, int node) {
        return cluster.dataOf(node).toString();
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
