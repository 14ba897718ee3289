package io.jangada.server.cli;

import io.jangada.server.config.ConfigReader;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.Setting;
import io.jangada.server.config.Settings;
import io.jangada.server.run.JangadaServer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code jangada server}: runs one node in this process until it is told to stop. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        description = {
            "Runs one server until SIGTERM or SIGINT.",
            "%nEach setting can stand in the file (without the dashes), on the command line or in the environment (--data-dir as"
                    + " JANGADA_DATA_DIR); a flag replaces the file, the environment replaces both.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as told",
            "2:wrong command line, file or environment",
            "4:the node has failed; the log says why",
            "5:cannot start here: a busy port, a data folder in use or damaged",
            "6:this member has been removed from its cluster; add it anew"
        })
final class ServerCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
    private @Nullable Path file;

    @Option(
            names = "--exit-with-parent",
            description = "Stop when standard input ends: for a server whose parent must not leave it behind.")
    private boolean exitWithParent;

    @Option(names = "--report-events", hidden = true, description = "Print events for the parent on standard output.")
    private boolean reportEvents;

    @CommandLine.Spec
    private CommandSpec spec = CommandSpec.create();

    /** The command with a flag for each setting. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new ServerCommand());
        for (Setting setting : Setting.values()) {
            line.getCommandSpec()
                    .addOption(OptionSpec.builder(setting.flag())
                            .paramLabel(setting.valueLabel())
                            .type(String.class)
                            .description(setting.description() + " Default: " + setting.defaultText())
                            .build());
        }
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig config = ConfigReader.read(file, flags(), System.getenv());
        ProcessEnd end = new ProcessEnd();
        EventReport events = new EventReport(reportEvents ? System.out : null, end);
        JangadaServer server = JangadaServer.start(config, events);
        end.onSignal(server::close);
        if (exitWithParent) {
            end.endWithStandardInput();
        }
        int code = end.await();
        server.close();
        return code;
    }

    private Settings flags() {
        Settings flags = new Settings();
        for (Setting setting : Setting.values()) {
            String value = spec.commandLine().getParseResult().matchedOptionValue(setting.flag(), "");
            if (spec.commandLine().getParseResult().hasMatchedOption(setting.flag())) {
                flags.put(setting, value, "flag " + setting.flag());
            }
        }
        return flags;
    }
}
