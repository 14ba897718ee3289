package io.jangada.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.error.NodeClosedException;
import io.jangada.server.api.TestPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line as a user types it: what it prints, and its exit codes. */
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final Path folder;

    CommandLineTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dev",
                "server",
                "put",
                "get",
                "del",
                "status",
                "member",
                "member list",
                "member add",
                "member replace",
                "member promote",
                "member demote",
                "member remove",
                "transfer",
                "recover",
                "snapshot",
                "snapshot save",
                "snapshot status",
                "snapshot restore",
                "log",
                "log verify",
                "log dump",
                "log repair",
                "bench",
                "bench put",
                "lab"
            })
    void everyCommandExplainsItself(String command) {
        String[] words = (command + " --help").strip().split(" ", -1);
        assertThat(run(words)).isZero();
        assertThat(out.toString()).contains("Usage: jangada");
        if (!command.equals("bench")) {
            assertThat(out.toString()).contains("Exit codes:");
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void keysArePutReadAndDeleted() {
        try (TestPort port = new TestPort()) {
            String endpoints = "--endpoints=" + port.authority();
            assertThat(run("put", endpoints, "fruit/apple", "red")).isZero();
            assertThat(run("put", endpoints, "fruit/pear", "green")).isZero();
            assertThat(run("get", endpoints, "fruit/", "--prefix")).isZero();
            assertThat(run("get", endpoints, "fruit/", "--prefix", "--limit", "1", "--keys-only"))
                    .isZero();
            assertThat(run("get", endpoints, "", "--from-key", "--count-only")).isZero();
            assertThat(run("del", endpoints, "fruit/apple", "--prev-kv")).isZero();
            assertThat(run("get", endpoints, "fruit/apple")).isZero();
            assertThat(run("get", endpoints, "fruit/apple", "--rev", "2", "--print-value-only"))
                    .isZero();
            assertThat(out.toString().lines())
                    .containsExactly(
                            "OK",
                            "OK",
                            "fruit/apple",
                            "red",
                            "fruit/pear",
                            "green",
                            "fruit/apple",
                            "2",
                            "1",
                            "fruit/apple",
                            "red",
                            "red");
        }
    }

    @Test
    void jsonLooksLikeEtcdctls() {
        try (TestPort port = new TestPort()) {
            String endpoints = "--endpoints=" + port.authority();
            assertThat(run("put", endpoints, "-w", "json", "a", "1")).isZero();
            assertThat(run("get", endpoints, "-w", "json", "a")).isZero();
            assertThat(out.toString().lines())
                    .containsExactly(
                            "{\"header\":{\"cluster_id\":51966,\"member_id\":17,\"revision\":2,\"raft_term\":3}}",
                            "{\"header\":{\"cluster_id\":51966,\"member_id\":17,\"revision\":2,\"raft_term\":3},"
                                    + "\"kvs\":[{\"key\":\"YQ==\",\"create_revision\":2,\"mod_revision\":2,"
                                    + "\"version\":1,\"value\":\"MQ==\"}],\"count\":1}");
        }
    }

    @Test
    void membersAreListedAddedAndRemovedByName() {
        try (TestPort port = new TestPort()) {
            String endpoints = "--endpoints=" + port.authority();
            assertThat(run("member", "add", endpoints, "n3", "--peer-url", "http://10.0.0.3:2380"))
                    .isZero();
            assertThat(out.toString())
                    .containsPattern(
                            "Member n3 \\([0-9a-f]+\\) has been added; it votes when it has caught up. Start it with")
                    .contains("  ./jangada server --name n3 --listen-peer-urls http://10.0.0.3:2380"
                            + " --join http://10.0.0.1:2379,http://10.0.0.2:2379");
            assertThat(run("member", "list", endpoints)).isZero();
            assertThat(out.toString())
                    .containsPattern("11 +n1 +leader +http://10.0.0.1:2380 +http://10.0.0.1:2379\\R")
                    .containsPattern("22 +n2 +voter +http://10.0.0.2:2380 +http://10.0.0.2:2379,http://b:1\\R")
                    .containsPattern(" n3 +learner, will vote +http://10.0.0.3:2380 +-\\R");
            assertThat(run("member", "demote", endpoints, "n2")).isZero();
            assertThat(run("member", "promote", endpoints, "22")).isZero();
            assertThat(run("member", "remove", endpoints, "n3")).isZero();
            assertThat(out.toString())
                    .contains("Member n2 (22) is a learner now.")
                    .contains("Member n2 (22) is a voter now.")
                    .contains("has been removed.");
            assertThat(run("member", "remove", endpoints, "n3")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("there is no member 'n3'; there are n1, n2");
            assertThat(run("member", "list", endpoints, "-w", "json")).isZero();
            assertThat(out.toString())
                    .contains("\"members\":[{\"ID\":17,\"name\":\"n1\",\"peerURLs\":[\"http://10.0.0.1:2380\"],");
        }
    }

    @Test
    void aBackupIsSavedLookedAtAndRestored() throws IOException {
        String file = folder.resolve("backup").toString();
        String data = folder.resolve("n1").toString();
        try (TestPort port = new TestPort()) {
            String endpoints = "--endpoints=127.0.0.1:1," + port.authority();
            for (int i = 0; i < 3; i++) {
                assertThat(run("put", endpoints, "key-" + i, "value")).isZero();
            }
            assertThat(run("snapshot", "save", endpoints, file)).isZero();
            assertThat(out.toString()).containsPattern("Saved revision 4 with 3 keys, [0-9]+ bytes, in ");
            assertThat(run("snapshot", "save", endpoints, file)).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("exists already; name another file, or say --overwrite");
            assertThat(run("snapshot", "save", endpoints, "--overwrite", "-w", "json", file))
                    .isZero();
            port.node().failNext(new NodeClosedException("closed"));
            assertThat(run("snapshot", "save", endpoints, "--timeout", "300", file + "2"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("no server gives a backup").contains("--serializable saves what");
            assertThat(run("snapshot", "save", endpoints, "--serializable", file + "2"))
                    .isZero();
        }
        assertThat(run("snapshot", "status", file)).isZero();
        assertThat(out.toString())
                .containsPattern("revision +4\\R +keys +3\\R +size +[0-9]+ bytes\\R +hash +[0-9a-f]+\\R")
                .contains("member 11 of cluster");
        assertThat(run("snapshot", "status", "-w", "json", file)).isZero();
        assertThat(out.toString()).containsPattern("\"hash\":[0-9]+,\"revision\":4,\"totalKey\":3,\"totalSize\":");
        String members = "n1=http://127.0.0.1:1,n2=http://127.0.0.1:2";
        String[] restore = {
            "snapshot", "restore", file, "--data-dir", data, "--name", "n1", "--initial-cluster", members
        };
        assertThat(run(restore)).isZero();
        assertThat(out.toString()).containsPattern("Restored revision 4 with 3 keys into .*: member n1 \\(");
        assertThat(run(restore)).isEqualTo(ExitCode.CANNOT_START);
        assertThat(err.toString()).contains("is not empty: it has MEMBER, raft");
        assertThat(run("snapshot", "status", folder.resolve("nothing").toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("there is no file");
    }

    @Test
    void leadershipIsTransferredByName() {
        try (TestPort port = new TestPort()) {
            String endpoints = "--endpoints=" + port.authority();
            assertThat(run("status", endpoints)).isZero();
            assertThat(run("transfer", endpoints, "n2")).isZero();
            assertThat(out.toString()).contains("n2 (22) leads now.");
            assertThat(run("transfer", endpoints)).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString())
                    .contains("none of the endpoints could do that")
                    .contains("not leader");
        }
    }

    @Test
    void aServerThatIsGoneIsPassedOver() throws IOException {
        try (TestPort port = new TestPort()) {
            String endpoints = "--endpoints=" + freeAddress() + "," + port.authority();
            assertThat(run("put", endpoints, "a", "1")).isZero();
            assertThat(run("status", endpoints)).isEqualTo(ExitCode.FAILED);
            assertThat(out.toString()).contains("no server there").contains("leader");
        }
    }

    @Test
    void withoutAnyServerTheMessageSaysWhatToDo() throws IOException {
        String address = freeAddress();
        for (String command : new String[] {"get", "del"}) {
            assertThat(run(command, "--endpoints", address, "a")).isEqualTo(ExitCode.UNREACHABLE);
        }
        assertThat(run("put", "--endpoints", address, "a", "b")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run("status", "--endpoints", address)).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString().lines())
                .hasSize(4)
                .allMatch(line -> line.contains("no server at " + address + ": start a cluster with './jangada dev'"));
    }

    @Test
    void whatTheClusterRefusesIsAFailure() {
        try (TestPort port = new TestPort()) {
            assertThat(run("get", "--endpoints", port.authority(), "a", "--rev", "99"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("required revision is a future revision");
        }
    }

    @Test
    void wrongCommandLinesAreRefusedShortly() {
        assertThat(run("gte", "a")).isEqualTo(ExitCode.USAGE);
        assertThat(run("get")).isEqualTo(ExitCode.USAGE);
        assertThat(run("get", "--perfix", "a")).isEqualTo(ExitCode.USAGE);
        assertThat(run("get", "a", "b", "--prefix")).isEqualTo(ExitCode.USAGE);
        assertThat(run("get", "--endpoints", "nonsense", "a")).isEqualTo(ExitCode.USAGE);
        assertThat(run("get", "--timeout", "soon", "a")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("Unmatched arguments from index 0: 'gte', 'a'; did you mean 'get'?")
                .contains("Missing required parameter: 'KEY'")
                .contains("Unknown option: '--perfix'; did you mean '--prefix'?")
                .contains("'nonsense' is not an endpoint like 127.0.0.1:2379")
                .contains("Try 'jangada get --help'.");
        assertThat(err.toString().lines().count()).isLessThan(25);
    }

    @Test
    void aServerIsNotStartedWithAnUnknownKeyOrBadValue() throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), "nmae: n1\n");
        assertThat(run("server", "--config", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("server", "--election-timeout", "soon")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("unknown key 'nmae'; did you mean 'name'?")
                .contains("flag --election-timeout: election-timeout 'soon' cannot be used");
    }

    @Test
    void aBusyPortIsNamedWithTheFlagThatChangesIt() throws IOException {
        try (ServerSocket busy = new ServerSocket(0)) {
            int port = busy.getLocalPort();
            assertThat(run(
                            "server",
                            "--data-dir",
                            folder.resolve("d").toString(),
                            "--listen-client-urls",
                            "http://127.0.0.1:" + port))
                    .isEqualTo(ExitCode.CANNOT_START);
            assertThat(err.toString())
                    .contains("port " + port + " of 127.0.0.1 cannot be used")
                    .contains("--listen-client-urls");
        }
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    /** An address where nobody listens. */
    private static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
