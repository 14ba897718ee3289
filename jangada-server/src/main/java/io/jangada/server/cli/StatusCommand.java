package io.jangada.server.cli;

import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.server.client.ClientException;
import io.jangada.server.client.ClusterClient;
import io.jangada.server.client.Endpoint;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
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
        Map<String, String> problems = new LinkedHashMap<>();
        List<Endpoint> endpoints = client.endpoints();
        for (Endpoint endpoint : endpoints) {
            try {
                answers.put(endpoint.toString(), endpoint.maintenance().status(StatusRequest.getDefaultInstance()));
            } catch (StatusRuntimeException e) {
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
            out.println(JsonOutput.statuses(answers));
            problems.forEach((endpoint, problem) -> spec.commandLine().getErr().println(endpoint + ": " + problem));
        } else {
            table(endpoints, answers, problems).lines().forEach(out::println);
        }
        boolean well = problems.isEmpty() && answers.values().stream().allMatch(answer -> answer.getErrorsCount() == 0);
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    private static TextTable table(
            List<Endpoint> endpoints, Map<String, StatusResponse> answers, Map<String, String> problems) {
        TextTable table = new TextTable(
                "endpoint", "member", "role", "term", "committed", "applied", "revision", "size", "problems");
        for (Endpoint endpoint : endpoints) {
            StatusResponse answer = answers.get(endpoint.toString());
            if (answer == null) {
                String problem = String.valueOf(problems.get(endpoint.toString()));
                table.row(endpoint.toString(), "-", "-", "-", "-", "-", "-", "-", problem);
                continue;
            }
            long member = answer.getHeader().getMemberId();
            table.row(
                    endpoint.toString(),
                    Long.toHexString(member),
                    role(answer, member),
                    Long.toUnsignedString(answer.getRaftTerm()),
                    Long.toUnsignedString(answer.getRaftIndex()),
                    Long.toUnsignedString(answer.getRaftAppliedIndex()),
                    Long.toString(answer.getHeader().getRevision()),
                    size(answer.getDbSize()),
                    answer.getErrorsCount() == 0 ? "none" : String.join("; ", answer.getErrorsList()));
        }
        return table;
    }

    private static String role(StatusResponse answer, long member) {
        if (answer.getLeader() == 0) {
            return "no leader";
        }
        return answer.getLeader() == member ? "leader" : "follower";
    }

    private static String size(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
    }
}
