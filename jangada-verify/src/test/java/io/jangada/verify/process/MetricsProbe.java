package io.jangada.verify.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks {@code /metrics} over HTTP/1.1, as a Prometheus does. */
public final class MetricsProbe {
    private static final int LIMIT_MILLIS = 5_000;

    private MetricsProbe() {}

    /** What the member at {@code host:port} has now: each sample, name with labels as they are written, and its value. */
    public static Map<String, Double> read(String endpoint) {
        return text(endpoint)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.valueOf(
                                line.substring(line.lastIndexOf(' ') + 1).replace("Inf", "Infinity"))));
    }

    private static String text(String endpoint) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + endpoint + "/metrics").toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no metrics from " + endpoint, e);
        }
    }
}
