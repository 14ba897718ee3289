package io.jangada.server.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.Progress;
import io.jangada.etcd.admin.StateRequest;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.server.client.AdminClient;
import io.jangada.server.client.ClientException;
import io.jangada.server.client.ClusterClient;
import io.jangada.server.client.Endpoint;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jangada status}: asks every endpoint how it is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Asks every endpoint how it is.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every endpoint answered and knows a leader",
            "1:an endpoint did not answer, or knows no leader",
            "2:wrong command line",
            "3:no server reached"
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        Map<String, StatusResponse> answers = new LinkedHashMap<>();
        Map<String, StateResponse> states = new LinkedHashMap<>();
        Map<String, String> problems = new LinkedHashMap<>();
        List<Endpoint> endpoints = client.endpoints();
        for (Endpoint endpoint : endpoints) {
            try {
                answers.put(endpoint.toString(), endpoint.maintenance().status(StatusRequest.getDefaultInstance()));
                states.put(endpoint.toString(), endpoint.admin().state(StateRequest.getDefaultInstance()));
            } catch (StatusRuntimeException e) {
                if (answers.containsKey(endpoint.toString()) && e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                    // Another server of the etcd API; what it has told is all there is.
                    continue;
                }
                problems.put(
                        endpoint.toString(),
                        ClusterClient.neverSent(e) ? "no server there" : String.valueOf(e.getStatus()));
            }
        }
        if (answers.isEmpty()) {
            throw new ClientException(
                    ClientException.Kind.UNREACHABLE,
                    "no server at " + String.join(", ", problems.keySet())
                            + ": start a cluster with './jangada dev', or name one with --endpoints");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (client.format() == OutputFormat.JSON) {
            out.println(JsonOutput.statuses(answers, states));
            problems.forEach((endpoint, problem) -> spec.commandLine().getErr().println(endpoint + ": " + problem));
        } else {
            table(endpoints, answers, states, problems).lines().forEach(out::println);
            states.values().stream()
                    .filter(state -> state.getLeader() == state.getHeader().getMemberId())
                    .forEach(state -> followers(state).forEach(out::println));
        }
        boolean well = problems.isEmpty() && answers.values().stream().allMatch(answer -> answer.getErrorsCount() == 0);
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    private static TextTable table(
            List<Endpoint> endpoints,
            Map<String, StatusResponse> answers,
            Map<String, StateResponse> states,
            Map<String, String> problems) {
        TextTable table = new TextTable(
                "endpoint",
                "member",
                "role",
                "leader",
                "term",
                "committed",
                "applied",
                "snapshot",
                "revision",
                "size",
                "problems");
        for (Endpoint endpoint : endpoints) {
            String place = endpoint.toString();
            StatusResponse answer = answers.get(place);
            if (answer == null) {
                table.row(place, "-", "-", "-", "-", "-", "-", "-", "-", "-", String.valueOf(problems.get(place)));
                continue;
            }
            StateResponse state = states.getOrDefault(place, StateResponse.getDefaultInstance());
            long member = answer.getHeader().getMemberId();
            table.row(
                    place,
                    MemberTable.nameOf(member, state),
                    role(answer, member),
                    answer.getLeader() == 0 ? "none" : MemberTable.nameOf(answer.getLeader(), state),
                    Long.toUnsignedString(answer.getRaftTerm()),
                    Long.toUnsignedString(answer.getRaftIndex()),
                    Long.toUnsignedString(answer.getRaftAppliedIndex()),
                    state.getSnapshotIndex() == 0 ? "-" : Long.toString(state.getSnapshotIndex()),
                    Long.toString(answer.getHeader().getRevision()),
                    size(answer.getDbSize()),
                    problems.getOrDefault(
                            place, answer.getErrorsCount() == 0 ? "none" : String.join("; ", answer.getErrorsList())));
        }
        return table;
    }

    /** What the leader knows of the others: how many entries each is behind, and when it was last heard of. */
    private static List<String> followers(StateResponse leader) {
        TextTable table = new TextTable("member", "role", "sent to by", "has", "behind", "heard of");
        for (MemberState member : leader.getMembership().getMembersList()) {
            if (member.hasProgress()) {
                Progress progress = member.getProgress();
                table.row(
                        AdminClient.nameOf(member),
                        MemberTable.role(member, leader),
                        progress.getState().toLowerCase(Locale.ROOT),
                        Long.toString(progress.getMatchIndex()),
                        Long.toString(Math.max(0, leader.getLastIndex() - progress.getMatchIndex())),
                        progress.getUnheardForMillis() + " ms ago");
            }
        }
        List<String> lines = table.lines();
        if (lines.size() < 2) {
            return List.of();
        }
        List<String> titled = new ArrayList<>(List.of("", "What the leader knows of the others:", ""));
        titled.addAll(lines);
        return titled;
    }

    private static String role(StatusResponse answer, long member) {
        if (answer.getLeader() == member) {
            return "leader";
        }
        return answer.getIsLearner() ? "learner" : answer.getLeader() == 0 ? "no leader" : "follower";
    }

    private static String size(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
    }
}
