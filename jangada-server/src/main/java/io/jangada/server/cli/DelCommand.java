package io.jangada.server.cli;

import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada del}: deletes a key or a range. */
@Command(
        name = "del",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Deletes a key or a range; prints how many keys there were.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
final class DelCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private KeyRange range = new KeyRange();

    @Option(names = "--prev-kv", description = "Print what was deleted.")
    private boolean prevKv;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        DeleteRangeRequest request = DeleteRangeRequest.newBuilder()
                .setKey(range.begin())
                .setRangeEnd(range.end())
                .setPrevKv(prevKv)
                .build();
        DeleteRangeResponse response = client.client().delete(request);
        PrintWriter out = spec.commandLine().getOut();
        if (client.format() == OutputFormat.JSON) {
            out.println(JsonOutput.delete(response));
            return ExitCode.OK;
        }
        out.println(response.getDeleted());
        for (KeyValue kv : response.getPrevKvsList()) {
            out.println(kv.getKey().toStringUtf8());
            out.println(kv.getValue().toStringUtf8());
        }
        return ExitCode.OK;
    }
}
