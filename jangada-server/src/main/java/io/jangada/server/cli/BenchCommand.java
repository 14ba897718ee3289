package io.jangada.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code jangada bench}: measures a running cluster. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "OPERATION",
        description = {
            "Measures a running cluster from this machine.",
            "The start script also knows 'bench log', which measures the log on a disk of this machine."
        })
final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
