package io.jangada.verify.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks {@code /health} over HTTP/1.1, as a load balancer would. */
public final class HealthProbe {
    private static final int LIMIT_MILLIS = 2_000;

    private HealthProbe() {}

    /** Whether the member at {@code host:port} says it can serve: it has a leader and answers a linearizable read. */
    public static boolean isHealthy(String endpoint) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + endpoint + "/health").toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
