package io.jangada.server.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.server.config.ConfigReader;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.Setting;
import io.jangada.server.config.Settings;
import io.jangada.server.member.Identity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The flags of the three processes make one cluster whose member list is complete. */
class DevLayoutTest {

    @Test
    void theStandardPortsAreEtcds() {
        assertThat(DevLayout.standard(Path.of("d")).endpoints())
                .isEqualTo("127.0.0.1:2379,127.0.0.1:22379,127.0.0.1:32379");
        assertThat(DevLayout.fromBasePort(Path.of("d"), 5000).endpoints())
                .isEqualTo("127.0.0.1:5000,127.0.0.1:5010,127.0.0.1:5020");
    }

    @Test
    void allThreeNodesSeeTheSameCluster() {
        DevLayout layout = DevLayout.standard(Path.of("d"));
        Set<Object> seen = new HashSet<>();
        for (DevLayout.Node node : layout.nodes()) {
            Identity identity = Identity.ofFounder(config(layout.flags(node)));
            assertThat(identity.name()).isEqualTo(node.name());
            seen.add(List.of(identity.cluster(), identity.initial()));
        }
        assertThat(seen).hasSize(1);
    }

    private static ServerConfig config(List<String> flags) {
        Settings settings = new Settings();
        for (int i = 0; i < flags.size(); i += 2) {
            String flag = flags.get(i);
            Setting setting = Arrays.stream(Setting.values())
                    .filter(known -> known.flag().equals(flag))
                    .findFirst()
                    .orElseThrow();
            settings.put(setting, flags.get(i + 1), flag);
        }
        return ConfigReader.read(null, settings, Map.of());
    }
}
