package io.jangada.server.cli;

import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.ConfigException;
import io.jangada.server.member.Member;
import io.jangada.server.run.ForcedRecovery;
import io.jangada.storage.ForcedMembership;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jangada recover}: after the loss of a majority, makes a survivor go on. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        description = {
            "After the loss of a majority for good: makes the members that are left the whole cluster. Offline, on the data folder of one"
                    + " of them.",
            "%nThis can lose acknowledged writes, and says what is known of that. First run it with --dry-run on the folder of every member"
                    + " that is left, and take the one with the highest last term, then index. Members that are not named must"
                    + " never be started again with their folders. Afterwards start the server as usual, and add new members.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or the dry run is over",
            "1:not confirmed; nothing was changed",
            "2:wrong command line",
            "5:the folder is in use, damaged, or not that of a server"
        })
final class RecoverCommand implements Callable<Integer> {
    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            required = true,
            description = "Data folder of a member that is left; its server must not run.")
    private Path folder = Path.of("");

    @Option(
            names = "--member",
            paramLabel = "NAME|ID",
            split = ",",
            required = true,
            description = "Members that are left and will be all there are; the folder's own is one.")
    private List<String> members = List.of();

    @Option(names = "--dry-run", description = "Only say what is there, what would be done and what may be lost.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        try (ForcedRecovery recovery = ForcedRecovery.open(folder)) {
            Membership after = recovery.of(members);
            print(recovery, after);
            if (dryRun) {
                out().println("This was a dry run: nothing has been changed.");
                return ExitCode.OK;
            }
            if (!yes && !confirmed()) {
                out().println("Nothing has been changed.");
                return ExitCode.FAILED;
            }
            ForcedMembership.Survivor done = recovery.force(after);
            out().println("Done: entry " + done.lastIndex() + " of term " + done.lastTerm()
                    + " has the new membership. Start the server as usual, then add new members (jangada member add).");
            return ExitCode.OK;
        }
    }

    private void print(ForcedRecovery recovery, Membership after) {
        ForcedMembership.Survivor survivor = recovery.survivor();
        long doubtful = Math.max(0, survivor.lastIndex() - recovery.knownCommitted());
        TextTable facts = new TextTable("data folder", folder.toAbsolutePath().toString());
        facts.row(
                "member",
                recovery.identity().name() + " (" + recovery.identity().self() + ")");
        facts.row("last term seen", Long.toString(survivor.hardState().term()));
        facts.row("last entry", survivor.lastIndex() + " of term " + survivor.lastTerm());
        if (!survivor.missing().isNothing()) {
            LogPosition missing = survivor.missing().possible();
            facts.row("damaged, it had", "up to entry " + missing.index() + " of term " + missing.term());
        }
        facts.row("known to be committed", "up to " + recovery.knownCommitted());
        facts.row("members before", describe(recovery.before().membership()));
        facts.row("members after", describe(after));
        facts.lines().forEach(out()::println);
        out().println();
        out().println(
                        "What may be lost: every write that was acknowledged by members which are not here and never reached this"
                                + " one. How many there are cannot be seen here.");
        out().println("What may appear: the " + doubtful + " entries after " + recovery.knownCommitted()
                + " become final, also those that were never acknowledged.");
        String gone = recovery.before().membership().members().stream()
                .filter(member -> !after.isMember(member))
                .map(member -> describe(member, recovery.before().membership()))
                .collect(Collectors.joining(", "));
        if (!gone.isEmpty()) {
            out().println("What must not happen: that " + gone
                    + " start again with their folders; they would be a second cluster. Delete the folders.");
        }
        out().println();
    }

    private static String describe(Membership membership) {
        return membership.members().stream()
                .map(member -> describe(member, membership) + (membership.isLearner(member) ? ", learner" : ""))
                .collect(Collectors.joining("; "));
    }

    private static String describe(NodeId id, Membership membership) {
        return ForcedRecovery.describe(Member.of(id, membership));
    }

    private boolean confirmed() throws IOException {
        out().print("Type 'yes' to do it: ");
        out().flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (answer == null) {
            throw new ConfigException("there is nobody to ask; say --yes if this is really wanted");
        }
        return answer.strip().equals("yes");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
