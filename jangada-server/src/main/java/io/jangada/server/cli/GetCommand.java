package io.jangada.server.cli;

import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada get}: reads a key or a range. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description =
                "Reads a key or a range; prints key and value on lines of their own. A key that is not there is no error.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused or failed", "2:wrong command line", "3:no server reached"})
final class GetCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private KeyRange range = new KeyRange();

    @Option(names = "--limit", paramLabel = "N", description = "At most N keys.")
    private long limit;

    @Option(names = "--rev", paramLabel = "REVISION", description = "As it was at this revision.")
    private long revision;

    @Option(
            names = "--serializable",
            description = "What the server at hand has, perhaps a little old; works without a majority.")
    private boolean serializable;

    @Option(names = "--keys-only", description = "Print no values.")
    private boolean keysOnly;

    @Option(names = "--count-only", description = "Print only how many keys there are.")
    private boolean countOnly;

    @Option(names = "--print-value-only", description = "Print no keys.")
    private boolean valueOnly;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(range.begin())
                .setRangeEnd(range.end())
                .setLimit(limit)
                .setRevision(revision)
                .setSerializable(serializable)
                .setKeysOnly(keysOnly)
                .setCountOnly(countOnly)
                .build();
        RangeResponse response = client.client().range(request);
        PrintWriter out = spec.commandLine().getOut();
        if (client.format() == OutputFormat.JSON) {
            out.println(JsonOutput.range(response));
        } else if (countOnly) {
            out.println(response.getCount());
        } else {
            for (KeyValue kv : response.getKvsList()) {
                if (!valueOnly) {
                    out.println(kv.getKey().toStringUtf8());
                }
                if (!keysOnly) {
                    out.println(kv.getValue().toStringUtf8());
                }
            }
        }
        return ExitCode.OK;
    }
}
