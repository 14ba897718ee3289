package io.jangada.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code jangada} without a command does: it explains itself. */
@Command(
        name = "jangada",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        header = "A replicated key-value server that etcd clients can use.",
        synopsisSubcommandLabel = "COMMAND",
        description = "%nStart here: @|bold jangada dev|@ runs a cluster of three nodes on this machine.%n",
        footerHeading = "%n",
        footer = "'jangada COMMAND --help' explains a command. docs/server.md is the reference.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the operation failed: the cluster refused it, or its outcome is unknown",
            "2:the command line, configuration file or environment is wrong",
            "3:no server of the cluster can be reached",
            "4:the node has stopped itself because of a failure; its log says which",
            "5:the server cannot start here: a busy port, a data folder in use, damaged or foreign",
            "6:this member has been removed from its cluster; add it anew"
        })
final class RootCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
