package io.jangada.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Settings from environment variables that begin with {@code JANGADA_}. */
public final class EnvironmentSource {
    private static final String PREFIX = "JANGADA_";

    /** Variables that speak to the start script or to the client commands. */
    private static final Set<String> OTHERS =
            Set.of("JANGADA_JAVA", "JANGADA_JAVA_OPTS", "JANGADA_MVN", "JANGADA_ENDPOINTS", "JANGADA_HOME");

    private EnvironmentSource() {}

    static Settings read(Map<String, String> environment) {
        Settings settings = new Settings();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || OTHERS.contains(name)) {
                continue;
            }
            Setting setting = Setting.ofVariable(name).orElseThrow(() -> unknown(name));
            if (variable.getValue().isBlank()) {
                throw new ConfigException("environment variable " + name + " is empty; give it a value or unset it");
            }
            settings.put(setting, variable.getValue(), "environment variable " + name);
        }
        return settings;
    }

    /** Whether a variable would configure a server that inherits it. */
    public static boolean isSetting(String variable) {
        return Setting.ofVariable(variable).isPresent();
    }

    private static ConfigException unknown(String name) {
        List<String> known =
                Arrays.stream(Setting.values()).map(Setting::variable).toList();
        String hint = NearestName.of(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse(";");
        return new ConfigException(
                "unknown environment variable " + name + hint + " Known variables: " + String.join(", ", known));
    }
}
