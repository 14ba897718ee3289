package io.jangada.server.port;

import io.jangada.server.config.HttpUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Tries an address before anything is started, so that a busy port gives a message instead of a half-started node. */
public final class PortCheck {

    private PortCheck() {}

    /** Why nothing can listen there, in words for the user; empty if it can. */
    public static Optional<String> problem(HttpUrl url) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(url.bareHost(), url.port()));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            String holder =
                    PortHolder.of(url.port()).map(who -> ", held by " + who).orElse("");
            return Optional.of(
                    "port " + url.port() + " of " + url.host() + " cannot be used: " + e.getMessage() + holder);
        }
    }
}
