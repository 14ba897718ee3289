package io.jangada.server.cli;

import io.jangada.server.client.ClientException;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.NearestName;
import io.jangada.server.run.StartException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Set;
import picocli.CommandLine;

/** Where the process starts: {@code jangada COMMAND ...}. */
public final class Main {

    /** Commands that run a server in this very process and log what it does. */
    private static final Set<String> SERVERS = Set.of("server");

    private Main() {}

    public static void main(String[] args) {
        if (Arrays.stream(args).anyMatch(SERVERS::contains)) {
            System.setProperty("jangada.log.level", "INFO");
        }
        int code = commandLine().execute(args);
        System.out.flush();
        System.exit(code);
    }

    /** The whole command line, as the tests use it too. */
    static CommandLine commandLine() {
        return commandLine(new LabCommand());
    }

    /** The same with labs of one's own. */
    static CommandLine commandLine(LabCommand labs) {
        CommandLine line = new CommandLine(new RootCommand());
        line.addSubcommand("dev", new DevCommand());
        line.addSubcommand("server", ServerCommand.commandLine());
        line.addSubcommand("put", new PutCommand());
        line.addSubcommand("get", new GetCommand());
        line.addSubcommand("del", new DelCommand());
        line.addSubcommand("status", new StatusCommand());
        line.addSubcommand("member", new MemberCommand());
        line.addSubcommand("transfer", new TransferCommand());
        line.addSubcommand("recover", new RecoverCommand());
        line.addSubcommand("snapshot", SnapshotCommand.commandLine());
        line.addSubcommand("log", new LogCommand());
        line.addSubcommand("bench", new CommandLine(new BenchCommand()).addSubcommand("put", new BenchPutCommand()));
        line.addSubcommand("lab", labs);
        line.setExecutionExceptionHandler(Main::failed);
        line.setParameterExceptionHandler(Main::misspelt);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    /** A wrong command line gets one line that says so, near names, and the way to the help; not the whole help. */
    private static int misspelt(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("jangada: " + wrong.getMessage() + nearName(wrong, command));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static String nearName(CommandLine.ParameterException wrong, CommandLine command) {
        if (!(wrong instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return "";
        }
        String given = unmatched.getUnmatched().get(0);
        Set<String> known = given.startsWith("-")
                ? command.getCommandSpec().optionsMap().keySet()
                : command.getSubcommands().keySet();
        return NearestName.of(given, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigException) {
            err.println("jangada: " + failure.getMessage());
            return ExitCode.USAGE;
        }
        if (failure instanceof StartException) {
            err.println("jangada: " + failure.getMessage());
            return ExitCode.CANNOT_START;
        }
        if (failure instanceof ClientException refused) {
            err.println("jangada: " + refused.getMessage());
            return refused.kind() == ClientException.Kind.UNREACHABLE ? ExitCode.UNREACHABLE : ExitCode.FAILED;
        }
        throw failure;
    }
}
