package io.jangada.server.cli;

import io.jangada.etcd.admin.ChangeRequest;
import io.jangada.etcd.admin.ChangeResponse;
import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.server.client.AdminClient;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.HttpUrl;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada member}: who belongs to the cluster, and changing that while it runs. */
@Command(
        name = "member",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Lists and changes the members of a running cluster.",
            "%nTo replace a server: 'member add' the new one, start it as that says, wait until 'member list' shows it as a voter, then"
                    + " 'member remove' the old one. Or 'member replace', which does both when the new one has caught up. A member is"
                    + " named by its name or its identity.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
final class MemberCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** A member that is told by its name or identity. */
    private static final String WHO = "Name or identity of the member.";

    private static final String FORCE = "Do it though too few of the voters afterwards can be reached now.";

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the members.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:refused", "2:wrong command line", "3:no server reached"})
    int list(@Mixin ClientOptions options) {
        StateResponse state = new AdminClient(options.endpoints()).state();
        if (options.format() == OutputFormat.JSON) {
            out().println(MemberJson.state(state));
        } else {
            MemberTable.of(state).lines().forEach(out()::println);
        }
        return ExitCode.OK;
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Adds a member, which is started afterwards.",
                "%nIt is sent the data, and becomes a voter by itself when it has caught up; with --learner it stays without a vote."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
    int add(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "NAME", description = "Name of the new member, never used before.") String name,
            @Option(
                            names = {"--peer-url", "--peer-urls"},
                            paramLabel = "URL",
                            split = ",",
                            required = true,
                            description = "Where the other members will reach it.")
                    List<String> peerUrls,
            @Option(names = "--learner", description = "It stays without a vote until it is promoted.") boolean learner,
            @Option(names = "--force", description = FORCE) boolean force) {
        ChangeRequest.Kind kind = learner ? ChangeRequest.Kind.ADD_LEARNER : ChangeRequest.Kind.ADD_VOTER;
        return addNew(
                options,
                ChangeRequest.newBuilder()
                        .setKind(kind)
                        .setName(name)
                        .addAllPeerUrls(checked(peerUrls))
                        .setForce(force));
    }

    @Command(
            name = "replace",
            mixinStandardHelpOptions = true,
            description = "Adds a member that takes the place of another one in the moment in which it has caught up.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
    int replace(
            @Mixin ClientOptions options,
            @Parameters(index = "0", paramLabel = "OLD", description = WHO) String old,
            @Parameters(index = "1", paramLabel = "NAME", description = "Name of the new member, never used before.")
                    String name,
            @Option(
                            names = {"--peer-url", "--peer-urls"},
                            paramLabel = "URL",
                            split = ",",
                            required = true,
                            description = "Where the other members will reach it.")
                    List<String> peerUrls,
            @Option(names = "--force", description = FORCE) boolean force) {
        MemberState leaving = new AdminClient(options.endpoints()).find(old);
        return addNew(
                options,
                ChangeRequest.newBuilder()
                        .setKind(ChangeRequest.Kind.REPLACE)
                        .setId(leaving.getId())
                        .setName(name)
                        .addAllPeerUrls(checked(peerUrls))
                        .setForce(force));
    }

    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Gives a learner that has caught up a vote.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
    int promote(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "MEMBER", description = WHO) String member,
            @Option(names = "--force", description = FORCE) boolean force) {
        return change(options, ChangeRequest.Kind.PROMOTE, member, force, "is a voter now");
    }

    @Command(
            name = "demote",
            mixinStandardHelpOptions = true,
            description = "Takes a voter's vote; it stays as a learner.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
    int demote(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "MEMBER", description = WHO) String member,
            @Option(names = "--force", description = FORCE) boolean force) {
        return change(options, ChangeRequest.Kind.DEMOTE, member, force, "is a learner now");
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes a member for ever; its server stops by itself. A leader hands over first.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:refused, or outcome unknown", "2:wrong command line", "3:no server reached"})
    int remove(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "MEMBER", description = WHO) String member,
            @Option(names = "--force", description = FORCE) boolean force) {
        return change(options, ChangeRequest.Kind.REMOVE, member, force, "has been removed");
    }

    private int change(
            ClientOptions options, ChangeRequest.Kind kind, String member, boolean force, String whatIsDone) {
        AdminClient admin = new AdminClient(options.endpoints());
        MemberState subject = admin.find(member);
        ChangeResponse response = admin.change(ChangeRequest.newBuilder()
                .setKind(kind)
                .setId(subject.getId())
                .setForce(force)
                .build());
        if (options.format() == OutputFormat.JSON) {
            out().println(MemberJson.change(response));
        } else {
            out().println("Member " + AdminClient.nameOf(subject) + " (" + Long.toHexString(subject.getId()) + ") "
                    + whatIsDone + ".");
        }
        return ExitCode.OK;
    }

    private int addNew(ClientOptions options, ChangeRequest.Builder request) {
        ChangeResponse response = new AdminClient(options.endpoints()).change(request.build());
        if (options.format() == OutputFormat.JSON) {
            out().println(MemberJson.change(response));
            return ExitCode.OK;
        }
        String fate =
                switch (request.getKind()) {
                    case ADD_LEARNER -> "it has no vote until you promote it";
                    case REPLACE -> "it replaces " + Long.toHexString(request.getId()) + " when it has caught up";
                    case ADD_VOTER, PROMOTE, DEMOTE, REMOVE, UNKNOWN, UNRECOGNIZED -> "it votes when it has caught up";
                };
        out().println("Member " + request.getName() + " (" + Long.toHexString(response.getId()) + ") has been added; "
                + fate + ". Start it with");
        out().println();
        out().println("  ./jangada server --name " + request.getName() + " --listen-peer-urls " + request.getPeerUrls(0)
                + " --join " + clientUrls(response));
        out().println();
        out().println("and with --listen-client-urls and --data-dir as they shall be.");
        return ExitCode.OK;
    }

    private static String clientUrls(ChangeResponse response) {
        String urls = response.getMembership().getMembersList().stream()
                .filter(member -> member.getVoter() && member.getClientUrlsCount() > 0)
                .map(member -> member.getClientUrls(0))
                .collect(Collectors.joining(","));
        return urls.isEmpty() ? "CLIENT-URLS-OF-RUNNING-MEMBERS" : urls;
    }

    private static List<String> checked(List<String> urls) {
        try {
            return urls.stream().map(HttpUrl::parse).map(HttpUrl::toString).toList();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--peer-url: " + e.getMessage());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
