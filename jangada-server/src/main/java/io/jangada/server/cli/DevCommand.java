package io.jangada.server.cli;

import io.jangada.server.config.ConfigException;
import io.jangada.server.dev.DevCluster;
import io.jangada.server.dev.DevLayout;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jangada dev}: a cluster of three processes on this machine, until Ctrl-C. */
@Command(
        name = "dev",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = {
            "Runs a cluster of three nodes on this machine until Ctrl-C.",
            "%nEach node is a process of its own with data, log and ports of its own; kill one and see. A killed node is started again"
                    + " after two seconds. The data stays for the next time.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as told",
            "2:wrong command line",
            "5:cannot start: a busy port, a foreign folder, a node that fails"
        })
final class DevCommand implements Callable<Integer> {
    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            defaultValue = "jangada-data",
            description = "Folder of the cluster's data and logs (default: ${DEFAULT-VALUE}).")
    private Path dataDir = Path.of("jangada-data");

    @Option(names = "--fresh", description = "Delete the data of the last time first.")
    private boolean fresh;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description =
                    "Client ports at PORT, PORT+10, PORT+20 and peer ports one above each, instead of etcd's 2379, 22379, 32379.")
    private @Nullable Integer basePort;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Integer base = basePort;
        if (base != null && (base < 1 || base > 65_000)) {
            throw new ConfigException("--base-port " + base + " cannot be used: it must be from 1 to 65000");
        }
        DevLayout layout = base == null ? DevLayout.standard(dataDir) : DevLayout.fromBasePort(dataDir, base);
        TerminalScreen screen = new TerminalScreen(spec.commandLine().getOut());
        DevCluster cluster = new DevCluster(layout, screen);
        ProcessEnd end = new ProcessEnd();
        end.onSignal(() -> {
            screen.stopping();
            cluster.stop();
            screen.stopped(layout);
        });
        try {
            cluster.run(fresh);
        } catch (RuntimeException e) {
            cluster.stop();
            end.end(ExitCode.CANNOT_START);
            throw e;
        }
        return ExitCode.OK;
    }
}
