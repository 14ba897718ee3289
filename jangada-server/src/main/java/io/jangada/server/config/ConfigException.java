package io.jangada.server.config;

/** A configuration that cannot be used; the message is for whoever wrote it: it names the setting, the place and the way out. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
