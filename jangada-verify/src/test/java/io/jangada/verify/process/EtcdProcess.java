package io.jangada.verify.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One member of a real etcd, from Debian's package {@code etcd-server}: it judges what we expect of ourselves. */
public final class EtcdProcess implements KvTarget {
    private final ChildProcess process;
    private final String endpoint;

    private EtcdProcess(ChildProcess process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Where the program is, or nothing if it is not installed. */
    public static Optional<Path> program() {
        return programNamed("etcd");
    }

    /** A program on the search path. */
    public static Optional<Path> programNamed(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String folder : path.split(":", -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Starts one member with its data in {@code folder} and waits until it answers. */
    public static EtcdProcess start(Path program, Path folder) {
        List<Integer> ports = FreePorts.take(2);
        String client = "http://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        List<String> command = List.of(
                program.toString(),
                "--name",
                "judge",
                "--data-dir",
                folder.resolve("judge.etcd").toString(),
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                "judge=" + peer);
        ChildProcess process = ChildProcess.start(
                command,
                folder,
                Map.of("ETCD_UNSUPPORTED_ARCH", System.getProperty("os.arch")),
                folder.resolve("etcd.log"));
        EtcdProcess etcd = new EtcdProcess(process, "127.0.0.1:" + ports.get(0));
        Waiting.until("etcd answers", Duration.ofSeconds(30), () -> HealthProbe.isHealthy(etcd.endpoint), process::log);
        return etcd;
    }

    @Override
    public List<String> endpoints() {
        return List.of(endpoint);
    }

    @Override
    public void close() {
        process.close();
    }
}
