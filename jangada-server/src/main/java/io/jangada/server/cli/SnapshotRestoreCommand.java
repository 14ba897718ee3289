package io.jangada.server.cli;

import io.jangada.server.backup.BackupFile;
import io.jangada.server.config.ConfigReader;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.Setting;
import io.jangada.server.config.Settings;
import io.jangada.server.run.Restoration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada snapshot restore}: the data folder of a member of a new cluster, made of a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        description = {
            "Makes the data folder of a member of a new cluster out of a backup. Offline.",
            "%nRun it for each member, with the same backup, members and token; then start the servers with the same settings. The cluster and its"
                    + " members get new identities, so that nobody who knew the old ones takes them for those. If the same backup is"
                    + " restored more than once for the same names, give each time another --initial-cluster-token.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; the server can be started",
            "2:wrong command line, file or environment",
            "5:nothing was restored: the folder is not empty, or the backup is damaged or of a newer release"
        })
final class SnapshotRestoreCommand implements Callable<Integer> {
    /** Those that matter here; the others are taken without a word, so that the flags of the server can be repeated as they are. */
    private static final List<Setting> EXPLAINED = List.of(
            Setting.NAME,
            Setting.DATA_DIR,
            Setting.INITIAL_CLUSTER,
            Setting.INITIAL_CLUSTER_TOKEN,
            Setting.LISTEN_PEER_URLS,
            Setting.INITIAL_ADVERTISE_PEER_URLS);

    @Parameters(paramLabel = "FILE", description = "What 'snapshot save' has saved.")
    private Path file = Path.of("");

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings, that of the server.")
    private @Nullable Path configuration;

    @CommandLine.Spec
    private CommandSpec spec = CommandSpec.create();

    /** The command with a flag for each setting that says who the member is. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new SnapshotRestoreCommand());
        for (Setting setting : Setting.values()) {
            line.getCommandSpec()
                    .addOption(OptionSpec.builder(setting.flag())
                            .paramLabel(setting.valueLabel())
                            .type(String.class)
                            .hidden(!EXPLAINED.contains(setting))
                            .description(setting.description() + " Default: " + setting.defaultText())
                            .build());
        }
        return line;
    }

    @Override
    public Integer call() {
        ServerConfig config = ConfigReader.read(configuration, flags(), System.getenv());
        Restoration.Restored restored = Restoration.run(new BackupFile(file), config);
        spec.commandLine()
                .getOut()
                .println("Restored revision "
                        + restored.info().header().revision() + " with "
                        + restored.info().state().keys() + " keys into " + config.dataDir() + ": member "
                        + config.name() + " (" + restored.identity().self() + ") of the new cluster "
                        + restored.identity().cluster() + ".");
        return ExitCode.OK;
    }

    private Settings flags() {
        Settings flags = new Settings();
        for (Setting setting : Setting.values()) {
            if (spec.commandLine().getParseResult().hasMatchedOption(setting.flag())) {
                String value = spec.commandLine().getParseResult().matchedOptionValue(setting.flag(), "");
                flags.put(setting, value, "flag " + setting.flag());
            }
        }
        return flags;
    }
}
