package io.jangada.server.cli;

import io.jangada.server.run.StartException;
import io.jangada.storage.LogInspection;
import io.jangada.storage.LogInspection.Hole;
import io.jangada.storage.LogInspection.SegmentLine;
import io.jangada.storage.LogInspection.SnapshotLine;
import io.jangada.storage.LogInspection.Verdict;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada log}: what is in the log of a stopped server, what is damaged, and what the next start makes of it. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Looks into the log of a stopped server: its data folder, or the folder 'raft' in it.",
            "%nA damaged log needs nobody to repair it: the next start keeps what is intact, and the server fetches the rest from the other members."
                    + " These commands show what that will be.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {LogCommand.EXIT_WHOLE, LogCommand.EXIT_DAMAGED, LogCommand.EXIT_USAGE, LogCommand.EXIT_REFUSED})
final class LogCommand implements Runnable {
    static final String EXIT_WHOLE = "0:the log is whole";
    static final String EXIT_DAMAGED =
            "1:something is damaged; a start of the server goes on with what is intact and asks the others for the rest";
    static final String EXIT_USAGE = "2:wrong command line";
    static final String EXIT_REFUSED = "5:the folder is in use or none of a server, or a start would be refused";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(out());
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Reads every byte of the log and of the snapshots, and says what is damaged. Changes nothing.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {EXIT_WHOLE, EXIT_DAMAGED, EXIT_USAGE, EXIT_REFUSED})
    int verify(@Parameters(paramLabel = "FOLDER", description = "Data folder of a stopped server.") Path folder) {
        return look(folder, inspection -> {
            out().println("log of node " + inspection.owner().node() + " of cluster "
                    + inspection.owner().cluster() + " in " + inspection.location() + ", format "
                    + inspection.version());
            List<SegmentLine> segments = inspection.segments();
            List<SnapshotLine> snapshots = inspection.snapshots();
            print(segments, snapshots);
            Verdict verdict = inspection.verdict();
            print(verdict);
            boolean sound = segments.stream()
                            .allMatch(line ->
                                    line.header().isEmpty() && line.holes().isEmpty())
                    && snapshots.stream().allMatch(line -> line.defect().isEmpty());
            return verdict.log() == null
                    ? ExitCode.CANNOT_START
                    : sound && verdict.isWhole() ? ExitCode.OK : ExitCode.FAILED;
        });
    }

    @Command(
            name = "dump",
            mixinStandardHelpOptions = true,
            description =
                    "Prints a line for every intact record, those too that the log does not need any more. Changes nothing.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", EXIT_USAGE, EXIT_REFUSED})
    int dump(
            @Parameters(paramLabel = "FOLDER", description = "Data folder of a stopped server.") Path folder,
            @Option(
                            names = "--from",
                            paramLabel = "INDEX",
                            defaultValue = "0",
                            description = "Only records with entries from this one on.")
                    long from) {
        return look(folder, inspection -> {
            inspection.records(record -> {
                if (record.firstIndex() + record.count() > from || from == 0) {
                    String entries = record.count() == 0
                            ? ""
                            : "entries " + record.firstIndex() + ".." + (record.firstIndex() + record.count() - 1)
                                    + " of term " + record.term() + ": ";
                    out().println(record.file() + " " + record.offset() + " #" + record.sequence() + " " + entries
                            + record.does());
                }
            });
            return ExitCode.OK;
        });
    }

    @Command(
            name = "repair",
            mixinStandardHelpOptions = true,
            description = {
                "Does to the log what the next start of the server would do: restores the second copy of what exists twice, ends the log where a write was torn, and"
                        + " writes down what is missing, so that the server asks the other members for it. It loses nothing that a start would not lose.",
                "With --dry-run it only says what that would be."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {EXIT_WHOLE, EXIT_DAMAGED, EXIT_USAGE, EXIT_REFUSED})
    int repair(
            @Parameters(paramLabel = "FOLDER", description = "Data folder of a stopped server.") Path folder,
            @Option(names = "--dry-run", description = "Change nothing, only say what would be done.") boolean dryRun) {
        return look(
                folder,
                inspection -> {
                    List<SegmentLine> segments = inspection.segments();
                    Verdict verdict = inspection.verdict();
                    for (SegmentLine line : segments) {
                        if (!line.header().isEmpty()) {
                            out().println("restore: the header of " + line.file() + " (" + line.header() + ")");
                        }
                    }
                    boolean broken =
                            segments.stream().anyMatch(line -> !line.holes().isEmpty());
                    if (broken && verdict.log() != null) {
                        out().println("keep: all segment files as they are; the log goes on in a new one");
                    }
                    print(verdict);
                    if (dryRun) {
                        out().println("This was a dry run: nothing has been changed.");
                    }
                    return verdict.log() == null
                            ? ExitCode.CANNOT_START
                            : verdict.isWhole() ? ExitCode.OK : ExitCode.FAILED;
                },
                dryRun);
    }

    /** What is done with an open folder; returns the exit code. */
    private interface Look {
        int at(LogInspection inspection) throws IOException;
    }

    private int look(Path folder, Look look) {
        return look(folder, look, true);
    }

    private int look(Path folder, Look look, boolean onlyLook) {
        try {
            int code;
            try (LogInspection inspection = LogInspection.open(folder)) {
                code = look.at(inspection);
                if (onlyLook || code == ExitCode.CANNOT_START) {
                    return code;
                }
            }
            repairForGood(folder);
            return code;
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private void repairForGood(Path folder) throws IOException {
        Path log = LogInspection.logFolder(folder);
        try (SegmentedLog opened = SegmentedLog.open(log, LogInspection.ownerOf(log), LogOptions.DEFAULT)) {
            out().println("Done: the log ends with entry " + opened.recovered().lastIndex() + ".");
        }
    }

    private void print(List<SegmentLine> segments, List<SnapshotLine> snapshots) {
        out().println();
        TextTable table = new TextTable("SEGMENT", "RECORDS", "FROM", "TO", "USED", "OF", "STATE");
        for (SegmentLine line : segments) {
            table.row(
                    line.file(),
                    Long.toString(line.records()),
                    Long.toString(line.firstSequence()),
                    Long.toString(line.lastSequence()),
                    Long.toString(line.usedBytes()),
                    Long.toString(line.bytes()),
                    state(line));
        }
        table.lines().forEach(out()::println);
        for (SegmentLine line : segments) {
            for (Hole hole : line.holes()) {
                out().println("  " + hole.file() + ", offset " + hole.offset() + ": " + hole.defect() + ", from record "
                        + hole.sequence() + " on"
                        + (hole.bytes() > 0 ? "; what follows is intact " + hole.bytes() + " bytes further" : ""));
            }
        }
        out().println();
        TextTable files = new TextTable("SNAPSHOT", "INDEX", "TERM", "BYTES", "STATE");
        for (SnapshotLine line : snapshots) {
            files.row(
                    line.file(),
                    Long.toString(line.index()),
                    Long.toString(line.term()),
                    Long.toString(line.bytes()),
                    line.defect().isEmpty() ? "intact" : line.defect());
        }
        files.lines().forEach(out()::println);
        out().println();
    }

    private static String state(SegmentLine line) {
        String holes = line.holes().isEmpty()
                ? ""
                : line.holes().size() + (line.holes().size() == 1 ? " damaged place" : " damaged places");
        if (line.header().isEmpty()) {
            return holes.isEmpty() ? "intact" : holes;
        }
        return "header: " + line.header() + (holes.isEmpty() ? "" : "; " + holes);
    }

    private void print(Verdict verdict) {
        if (verdict.log() == null) {
            out().println("A start would be refused: " + verdict.refusal());
            return;
        }
        out().println("The log holds entries " + verdict.log().firstIndex() + ".."
                + verdict.log().lastIndex() + ", term "
                + verdict.log().hardState().term() + ".");
        if (verdict.isWhole()) {
            out().println("Nothing is missing.");
            return;
        }
        for (String gap : verdict.gaps()) {
            out().println("missing: " + gap);
        }
        out().println(
                        "The server starts with what is intact, votes as if it had the rest, and asks the other members for it.");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
