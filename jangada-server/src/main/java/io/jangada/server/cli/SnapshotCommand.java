package io.jangada.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code jangada snapshot}: backups, and clusters made of them. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Saves the state of a running cluster in a file, looks into such a file, and makes a new cluster of it.",
            "%nTo bring a cluster back: 'snapshot restore' the same file for each member of the new cluster, into a new folder; then start the"
                    + " servers with the same settings. Revisions go on where they were when the backup was taken.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, damaged, or broken off",
            "2:wrong command line",
            "3:no server reached",
            "5:the folder cannot be restored into"
        })
final class SnapshotCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** The command with those below it. */
    static CommandLine commandLine() {
        return new CommandLine(new SnapshotCommand())
                .addSubcommand("save", new SnapshotSaveCommand())
                .addSubcommand("status", new SnapshotStatusCommand())
                .addSubcommand("restore", SnapshotRestoreCommand.commandLine());
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
