package io.jangada.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources, their order, and what is refused with which words. */
class ConfigReaderTest {
    private static final String THREE = "n1=http://127.0.0.1:1001,n2=http://127.0.0.1:1002,n3=http://127.0.0.1:1003";

    private final Path folder;

    ConfigReaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void nothingGivenMeansOneNodeWithEtcdsPorts() {
        ServerConfig config = read(null, Map.of(), Map.of());
        assertThat(config.name()).isEqualTo("default");
        assertThat(config.dataDir()).isEqualTo(Path.of("default.jangada"));
        assertThat(config.listenClientUrls()).containsExactly(new HttpUrl("127.0.0.1", 2379));
        assertThat(config.members()).containsExactly(new MemberPlan("default", new HttpUrl("127.0.0.1", 2380)));
        assertThat(config.advertiseClientUrls()).containsExactly(new HttpUrl("127.0.0.1", 2379));
        assertThat(config.advertisePeerUrl()).isEqualTo(new HttpUrl("127.0.0.1", 2380));
        assertThat(config.joins()).isFalse();
        assertThat(config.timing().electionTimeoutMaxNanos())
                .isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(config.limits().maxRequestBytes()).isEqualTo(1_572_864);
        assertThat(config.storage()).isEqualTo(new StorageSettings(100_000, 64 << 20, 10_000, 2, 256L << 20));
    }

    @Test
    void aFlagReplacesTheFileAndTheEnvironmentReplacesBoth() throws IOException {
        Path file = file("name: from-file\nheartbeat-interval: 11\nelection-timeout: 200\n");
        ServerConfig fromFile = read(file, Map.of(), Map.of());
        assertThat(fromFile.name()).isEqualTo("from-file");
        ServerConfig withFlag = read(file, Map.of(Setting.NAME, "from-flag"), Map.of());
        assertThat(withFlag.name()).isEqualTo("from-flag");
        ServerConfig withBoth =
                read(file, Map.of(Setting.NAME, "from-flag"), Map.of("JANGADA_NAME", "from-environment"));
        assertThat(withBoth.name()).isEqualTo("from-environment");
        assertThat(withBoth.timing().heartbeatIntervalNanos())
                .isEqualTo(Duration.ofMillis(11).toNanos());
    }

    @Test
    void aFileMayHoldListsAndComments() throws IOException {
        Path file = file("""
                # the second member
                name: n2
                initial-cluster:
                  - n1=http://127.0.0.1:1001
                  - n2=http://127.0.0.1:1002
                listen-client-urls: [http://127.0.0.1:3001, "http://[::1]:3001"]
                """);
        ServerConfig config = read(file, Map.of(), Map.of());
        assertThat(config.members()).extracting(MemberPlan::name).containsExactly("n1", "n2");
        assertThat(config.listenClientUrls())
                .containsExactly(new HttpUrl("127.0.0.1", 3001), new HttpUrl("[::1]", 3001));
    }

    @Test
    void whoIsToldWhomToAskJoins() {
        Map<Setting, String> flags = Map.of(
                Setting.NAME,
                "n4",
                Setting.JOIN,
                "http://a:1,http://b:2",
                Setting.INITIAL_ADVERTISE_PEER_URLS,
                "http://d:4",
                Setting.ADVERTISE_CLIENT_URLS,
                "http://d:3");
        ServerConfig config = read(null, flags, Map.of());
        assertThat(config.joins()).isTrue();
        assertThat(config.join()).containsExactly(new HttpUrl("a", 1), new HttpUrl("b", 2));
        assertThat(config.advertisePeerUrl()).isEqualTo(new HttpUrl("d", 4));
        assertThat(config.advertiseClientUrls()).containsExactly(new HttpUrl("d", 3));
    }

    @Test
    void whatEtcdctlPrintsForANewMemberIsUnderstood() {
        Map<Setting, String> flags = Map.of(
                Setting.NAME,
                "n3",
                Setting.INITIAL_CLUSTER,
                THREE,
                Setting.INITIAL_ADVERTISE_PEER_URLS,
                "http://127.0.0.1:1003",
                Setting.INITIAL_CLUSTER_STATE,
                "existing");
        ServerConfig config = read(null, flags, Map.of());
        assertThat(config.joins()).isTrue();
        assertThat(config.join()).isEmpty();
        assertThat(config.advertisePeerUrl()).isEqualTo(new HttpUrl("127.0.0.1", 1003));
    }

    @Test
    void whoJoinsDoesNotStartACluster() {
        Map<Setting, String> flags = Map.of(Setting.JOIN, "http://a:1", Setting.INITIAL_CLUSTER_STATE, "new");
        assertThatThrownBy(() -> read(null, flags, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("initial-cluster-state 'new' cannot be used: a member that joins (--join)");
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLineAndTheNearestName() throws IOException {
        Path file = file("name: n1\nhearbeat-interval: 50\n");
        assertThatThrownBy(() -> read(file, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file + ":2: unknown key 'hearbeat-interval'; did you mean 'heartbeat-interval'?")
                .hasMessageContaining("Known keys: name, data-dir, listen-client-urls");
    }

    @Test
    void anUnknownVariableIsRefusedWithTheNearestName() {
        assertThatThrownBy(() -> read(null, Map.of(), Map.of("JANGADA_DATADIR", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown environment variable JANGADA_DATADIR; did you mean JANGADA_DATA_DIR?");
    }

    @Test
    void variablesOfTheScriptAndOfOthersAreNotOurs() {
        Map<String, String> environment =
                Map.of("JANGADA_JAVA_OPTS", "-Xmx1g", "JANGADA_ENDPOINTS", "a:1", "PATH", "/bin", "ETCD_NAME", "x");
        assertThat(read(null, Map.of(), environment).name()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            NAME               | a b                       | use 1 to 64 letters
            LISTEN_CLIENT_URLS | 127.0.0.1:2379            | '127.0.0.1:2379' is not a URL like http://127.0.0.1:2379
            LISTEN_CLIENT_URLS | https://127.0.0.1:2379    | asks for TLS
            LISTEN_CLIENT_URLS | http://127.0.0.1:99999    | is not a URL
            LISTEN_PEER_URLS   | http://a:1,http://b:2     | exactly one URL
            INITIAL_CLUSTER    | n7=http://127.0.0.1:1     | it must contain this member, 'default' (--name); it has n7
            INITIAL_CLUSTER    | http://127.0.0.1:1        | is not like n1=http://127.0.0.1:2380
            INITIAL_CLUSTER    | default=http://a:1,default=http://b:1 | named more than once
            INITIAL_CLUSTER    | default=http://a:1,n2=http://a:1 | two members have the same peer URL
            HEARTBEAT_INTERVAL | 50ms                      | it must be a whole number from 1 to 60000
            HEARTBEAT_INTERVAL | 0                         | it must be from 1 to 60000
            ELECTION_TIMEOUT   | 60                        | it does not fit --heartbeat-interval
            MAX_REQUEST_BYTES  | 99999999                  | it must be from 1024 to 2097152
            INITIAL_CLUSTER_STATE | old                    | it must be new or existing
            JOIN               | a:1                       | is not a URL
            SNAPSHOT_COUNT     | 1                         | it must be from 10 to 1000000000
            """)
    void aBadValueIsRefusedByNamePlaceAndReason(Setting setting, String value, String reason) {
        assertThatThrownBy(() -> read(null, Map.of(setting, value), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("flag " + setting.flag() + ": " + setting.key() + " '" + value + "'")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            name: [n1                | not valid YAML
            - name                   | the file must be a mapping of settings
            name:                    | 'name' needs a value
            name: {a: b}             | 'name' needs a value
            """)
    void aBadFileIsRefusedWithTheLine(String content, String reason) throws IOException {
        Path file = file(content + "\n");
        assertThatThrownBy(() -> read(file, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason.strip());
    }

    @Test
    void aKeyGivenTwiceIsRefused() throws IOException {
        Path file = file("name: n1\nname: n2\n");
        assertThatThrownBy(() -> read(file, Map.of(), Map.of())).hasMessageContaining(":2: 'name' is given twice");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("none.yaml");
        assertThatThrownBy(() -> read(file, Map.of(), Map.of())).hasMessage("there is no file " + file + " (--config)");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("jangada.yaml"), content);
    }

    private static ServerConfig read(@Nullable Path file, Map<Setting, String> flags, Map<String, String> environment) {
        Settings settings = new Settings();
        flags.forEach((setting, value) -> settings.put(setting, value, "flag " + setting.flag()));
        return ConfigReader.read(file, settings, environment);
    }
}
