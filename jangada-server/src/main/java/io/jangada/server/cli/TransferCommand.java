package io.jangada.server.cli;

import io.jangada.etcd.admin.TransferResponse;
import io.jangada.server.client.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jangada transfer}: makes another member lead. */
@Command(
        name = "transfer",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Makes another voter lead, without an election timeout. Requests that arrive meanwhile wait.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or not in time", "2:wrong command line", "3:no server reached"})
final class TransferCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..1",
            description = "Name or identity of the member that shall lead. Default: the voter that is furthest.")
    private String target = "";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        AdminClient admin = new AdminClient(client.endpoints());
        TransferResponse response =
                admin.transfer(target.isEmpty() ? 0 : admin.find(target).getId());
        String leader = Long.toHexString(response.getLeader());
        spec.commandLine()
                .getOut()
                .println(
                        client.format() == OutputFormat.JSON
                                ? MemberJson.transfer(response)
                                : AdminClient.nameOf(admin.find(leader)) + " (" + leader + ") leads now.");
        return ExitCode.OK;
    }
}
