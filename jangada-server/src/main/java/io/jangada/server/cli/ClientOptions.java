package io.jangada.server.cli;

import io.jangada.server.client.ClusterClient;
import io.jangada.server.client.Endpoint;
import io.jangada.server.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What all client commands share: where the cluster is, how long to wait, how to print. */
final class ClientOptions {

    /** The client ports of {@code jangada dev}. */
    private static final String DEV_ENDPOINTS = "127.0.0.1:2379,127.0.0.1:22379,127.0.0.1:32379";

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT",
            split = ",",
            defaultValue = "${JANGADA_ENDPOINTS:-" + DEV_ENDPOINTS + "}",
            description = "Servers to try, in this order. Default: JANGADA_ENDPOINTS, else those of 'jangada dev'.")
    private List<String> endpoints = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            defaultValue = "5000",
            description = "Milliseconds to wait for an answer (default: ${DEFAULT-VALUE}).")
    private long timeoutMillis;

    @Option(
            names = {"-w", "--write-out"},
            paramLabel = "FORMAT",
            defaultValue = "simple",
            description = "simple or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.SIMPLE;

    OutputFormat format() {
        return format;
    }

    List<Endpoint> endpoints() {
        if (timeoutMillis < 1) {
            throw new ConfigException("--timeout " + timeoutMillis + " cannot be used: it must be at least 1");
        }
        List<Endpoint> parsed = new ArrayList<>();
        for (String endpoint : endpoints) {
            try {
                parsed.add(Endpoint.parse(endpoint.strip(), Duration.ofMillis(timeoutMillis)));
            } catch (IllegalArgumentException e) {
                throw new ConfigException("--endpoints: " + e.getMessage());
            }
        }
        return parsed;
    }

    ClusterClient client() {
        return new ClusterClient(endpoints());
    }
}
