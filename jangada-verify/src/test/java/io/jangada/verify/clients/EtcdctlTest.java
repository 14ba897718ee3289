package io.jangada.verify.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.EtcdProcess;
import io.jangada.verify.process.FreePorts;
import io.jangada.verify.process.HealthProbe;
import io.jangada.verify.process.StartScript;
import io.jangada.verify.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's etcdctl against each node of a cluster that {@code ./jangada dev} has started, and the end of that cluster by Ctrl-C. */
@Timeout(240)
final class EtcdctlTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(20);

    private final Path folder;
    private final Path etcdctl;
    private final int basePort = freeBasePort();
    private final List<String> endpoints = IntStream.of(0, 10, 20)
            .mapToObj(offset -> "127.0.0.1:" + (basePort + offset))
            .toList();

    EtcdctlTest(@TempDir Path folder) {
        this.folder = folder;
        this.etcdctl = EtcdProcess.programNamed("etcdctl")
                .orElseGet(() -> abort("etcdctl is not installed (package etcd-client), so it cannot be tried"));
    }

    @Test
    void everyCommandOnEveryNodeAndTheDataStays() {
        try (ChildProcess dev = startDev()) {
            for (String endpoint : endpoints) {
                tryCommands(endpoint);
            }
            ctrlC(dev);
        }
        try (ChildProcess dev = startDev()) {
            assertThat(etcdctl(endpoints.get(0), "", "get", "kept", "--print-value-only"))
                    .isEqualTo("stays\n");
            ctrlC(dev);
        }
    }

    private void tryCommands(String endpoint) {
        String prefix = "ctl/" + endpoint + "/";
        assertThat(etcdctl(endpoint, "", "put", prefix + "a", "1")).isEqualTo("OK\n");
        assertThat(etcdctl(endpoint, "", "put", prefix + "b", "2")).isEqualTo("OK\n");
        assertThat(etcdctl(endpoint, "", "put", "kept", "stays")).isEqualTo("OK\n");
        assertThat(etcdctl(endpoint, "", "get", "--prefix", prefix)).isEqualTo(prefix + "a\n1\n" + prefix + "b\n2\n");
        String txn = "version(\"" + prefix + "a\") = \"1\"\n\nput " + prefix + "c 3\nget " + prefix + "a\n\nget "
                + prefix + "b\n\n";
        assertThat(etcdctl(endpoint, txn, "txn")).contains("SUCCESS").contains(prefix + "a\n1\n");
        assertThat(etcdctl(endpoint, "", "del", "--prefix", prefix)).isEqualTo("3\n");
        String revision =
                etcdctl(endpoint, "", "get", "kept", "-w", "json").replaceAll("(?s).*\"revision\":(\\d+).*", "$1");
        assertThat(etcdctl(endpoint, "", "compaction", revision)).isEqualTo("compacted revision " + revision + "\n");
        assertThat(run(endpoint, "", "compaction", revision))
                .satisfies(again -> assertThat(again.exitCode()).isNotZero())
                .satisfies(again -> assertThat(again.output()).contains("required revision has been compacted"));
        assertThat(etcdctl(endpoint, "", "endpoint", "status", "-w", "table"))
                .contains("IS LEADER")
                .contains(endpoint);
        assertThat(etcdctl(endpoint, "", "endpoint", "health")).contains("is healthy");
        assertThat(etcdctl(endpoint, "", "member", "list").lines())
                .hasSize(3)
                .allMatch(line -> line.contains("started"));
    }

    private ChildProcess startDev() {
        ChildProcess dev = ChildProcess.start(
                StartScript.command(
                        "dev",
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--base-port",
                        Integer.toString(basePort)),
                folder,
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                folder.resolve("dev.log"));
        Waiting.until(
                "./jangada dev serves",
                START_LIMIT,
                () -> {
                    if (!dev.isAlive()) {
                        throw new AssertionError("./jangada dev has ended\n" + dev.log());
                    }
                    return endpoints.stream().allMatch(HealthProbe::isHealthy);
                },
                dev::log);
        return dev;
    }

    /** Ctrl-C ends all four processes, and the command says that this was as told. */
    private static void ctrlC(ChildProcess dev) {
        List<ProcessHandle> nodes = dev.children();
        assertThat(nodes).as("processes of the nodes").hasSizeGreaterThanOrEqualTo(3);
        dev.interrupt();
        assertThat(dev.awaitExit(Duration.ofSeconds(30))).as(dev.log()).isZero();
        Waiting.until(
                "all nodes end",
                Duration.ofSeconds(10),
                () -> nodes.stream().noneMatch(ProcessHandle::isAlive),
                dev::log);
    }

    private String etcdctl(String endpoint, String input, String... arguments) {
        ChildProcess.Finished finished = run(endpoint, input, arguments);
        assertThat(finished.exitCode())
                .as("etcdctl %s: %s", String.join(" ", arguments), finished.output())
                .isZero();
        return finished.output();
    }

    private ChildProcess.Finished run(String endpoint, String input, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("env", "ETCDCTL_API=3", etcdctl.toString(), "--endpoints", endpoint));
        command.addAll(List.of(arguments));
        return ChildProcess.run(command, folder, input, CALL_LIMIT);
    }

    /** A port such that those the script uses above it are free as well. */
    private static int freeBasePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int base = FreePorts.take(1).get(0);
            if (base <= 65_000
                    && FreePorts.areFree(List.of(base, base + 1, base + 10, base + 11, base + 20, base + 21))) {
                return base;
            }
        }
        throw new IllegalStateException("no free range of ports found in 100 attempts");
    }
}
