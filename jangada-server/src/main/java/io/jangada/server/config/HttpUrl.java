package io.jangada.server.config;

/** An address in the form {@code http://host:port}, as etcd's flags have it. A port of 0 lets the system choose one. */
public record HttpUrl(String host, int port) {
    private static final String SCHEME = "http://";

    /** Reads a URL. Throws {@link IllegalArgumentException} with what is wrong and an example. */
    public static HttpUrl parse(String text) {
        if (text.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "'" + text + "' asks for TLS, which this version does not have; use http://host:port");
        }
        if (!text.startsWith(SCHEME)) {
            throw wrong(text);
        }
        String rest = text.substring(SCHEME.length());
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        int colon = rest.lastIndexOf(':');
        if (colon <= 0 || rest.indexOf('/') >= 0) {
            throw wrong(text);
        }
        String host = rest.substring(0, colon);
        if (host.startsWith("[") != host.endsWith("]") || (!host.startsWith("[") && host.indexOf(':') >= 0)) {
            throw wrong(text);
        }
        try {
            int port = Integer.parseInt(rest.substring(colon + 1));
            if (port < 0 || port > 65_535) {
                throw wrong(text);
            }
            return new HttpUrl(host, port);
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "' is not a URL like http://127.0.0.1:2379");
    }

    /** {@code host:port}. */
    public String authority() {
        return host + ":" + port;
    }

    /** The host without the brackets of an IPv6 address. */
    public String bareHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return SCHEME + authority();
    }
}
