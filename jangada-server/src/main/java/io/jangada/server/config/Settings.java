package io.jangada.server.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Values of settings, each with the place it came from; a later source replaces what an earlier one said. */
public final class Settings {

    /** A value and the place it was found, for messages. */
    public record Given(String value, String place) {}

    private final Map<Setting, Given> given = new EnumMap<>(Setting.class);

    /** Sets a value, replacing one from a weaker source. */
    public void put(Setting setting, String value, String place) {
        given.put(setting, new Given(value, place));
    }

    /** Takes over everything from a stronger source. */
    public void putAll(Settings stronger) {
        given.putAll(stronger.given);
    }

    public Optional<Given> get(Setting setting) {
        return Optional.ofNullable(given.get(setting));
    }
}
