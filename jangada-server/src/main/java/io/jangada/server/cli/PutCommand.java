package io.jangada.server.cli;

import com.google.protobuf.ByteString;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.PutResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada put}: sets a key. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Sets a key. Without VALUE the value is read from standard input.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
final class PutCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", arity = "0..1", description = "The value.")
    private String value = "";

    @Option(names = "--prev-kv", description = "Print the key and value that were there before.")
    private boolean prevKv;

    @Option(names = "--ignore-value", description = "Keep the present value (the key gets a new version).")
    private boolean ignoreValue;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PutRequest.Builder request = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setPrevKv(prevKv)
                .setIgnoreValue(ignoreValue);
        boolean valueGiven = spec.commandLine().getParseResult().hasMatchedPositional(1);
        if (valueGiven) {
            request.setValue(ByteString.copyFromUtf8(value));
        } else if (!ignoreValue) {
            request.setValue(ByteString.readFrom(System.in));
        }
        PutResponse response = client.client().put(request.build());
        PrintWriter out = spec.commandLine().getOut();
        if (client.format() == OutputFormat.JSON) {
            out.println(JsonOutput.put(response));
        } else {
            out.println("OK");
            if (response.hasPrevKv()) {
                out.println(response.getPrevKv().getKey().toStringUtf8());
                out.println(response.getPrevKv().getValue().toStringUtf8());
            }
        }
        return ExitCode.OK;
    }
}
