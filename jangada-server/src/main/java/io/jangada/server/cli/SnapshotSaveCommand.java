package io.jangada.server.cli;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.server.backup.BackupFile;
import io.jangada.server.backup.BackupInfo;
import io.jangada.server.client.ClientException;
import io.jangada.server.client.ClusterClient;
import io.jangada.server.client.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada snapshot save}: a backup of a running cluster, from the first of its servers that can give one. */
@Command(
        name = "save",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        description = {
            "Saves the state of a running cluster in FILE, with its whole history as far as it is not compacted.",
            "%nEvery write that was acknowledged before this began is in it. All of it is checked while it arrives; until it is whole and"
                    + " on the disk, the file is called FILE.part.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the backup is whole and on the disk",
            "1:refused, or broken off; there is no backup",
            "2:wrong command line",
            "3:no server reached"
        })
final class SnapshotSaveCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "FILE", description = "Where the backup goes.")
    private Path file = Path.of("");

    @Option(names = "--overwrite", description = "Replace FILE, if there is one.")
    private boolean overwrite;

    @Option(
            names = "--serializable",
            description = "What the server at hand has, perhaps a little old; works without a majority.")
    private boolean serializable;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        BackupInfo info = save(endpoint());
        if (client.format() == OutputFormat.JSON) {
            spec.commandLine().getOut().println(BackupReport.json(info));
        } else {
            spec.commandLine()
                    .getOut()
                    .println("Saved revision " + info.header().revision() + " with "
                            + info.state().keys() + " keys, " + info.fileBytes() + " bytes, in " + file);
        }
        return ExitCode.OK;
    }

    private BackupInfo save(Endpoint endpoint) {
        try {
            return new BackupFile(file).save(endpoint::backup, overwrite);
        } catch (IOException e) {
            throw BackupReport.failed(e);
        }
    }

    /** The first server that answers; it has applied all that was acknowledged before. */
    private Endpoint endpoint() {
        List<String> problems = new ArrayList<>();
        boolean reached = false;
        for (Endpoint endpoint : client.endpoints()) {
            try {
                RangeResponse unused = endpoint.kv()
                        .range(RangeRequest.newBuilder()
                                .setKey(ByteString.copyFrom(new byte[1]))
                                .setSerializable(serializable)
                                .build());
                return endpoint;
            } catch (StatusRuntimeException e) {
                boolean absent = ClusterClient.neverSent(e);
                reached |= !absent;
                problems.add(endpoint + ": " + (absent ? "no server there" : describe(e.getStatus())));
            }
        }
        throw new ClientException(
                reached ? ClientException.Kind.FAILED : ClientException.Kind.UNREACHABLE,
                "no server gives a backup: " + String.join("; ", problems)
                        + (reached && !serializable
                                ? ". Without a majority of the members, --serializable saves what one of them has"
                                : ". Name running servers with --endpoints"));
    }

    private static String describe(Status status) {
        return status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    }
}
