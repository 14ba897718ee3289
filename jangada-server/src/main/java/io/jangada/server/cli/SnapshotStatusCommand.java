package io.jangada.server.cli;

import io.jangada.server.backup.BackupFile;
import io.jangada.server.backup.BackupInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada snapshot status}: what is in a backup, after every byte of it has been checked. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Reads all of a backup, checks every checksum in it, and says what it holds. Needs no server.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the backup is whole",
            "1:it is damaged, no backup, or of a newer release",
            "2:wrong command line"
        })
final class SnapshotStatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What 'snapshot save' has saved.")
    private Path file = Path.of("");

    @Option(
            names = {"-w", "--write-out"},
            paramLabel = "FORMAT",
            defaultValue = "simple",
            description = "simple or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.SIMPLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        try {
            BackupInfo info = new BackupFile(file).verify();
            if (format == OutputFormat.JSON) {
                spec.commandLine().getOut().println(BackupReport.json(info));
            } else {
                BackupReport.table(info).lines().forEach(spec.commandLine().getOut()::println);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw BackupReport.failed(e);
        }
    }
}
