package io.jangada.server.config;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Timing;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns settings into a checked {@link ServerConfig}, or says which one is wrong, where it stands and what would be right. */
public final class ConfigReader {
    private final Settings settings;

    private ConfigReader(Settings settings) {
        this.settings = settings;
    }

    /** Reads a configuration; weak to strong: the file (if any), flags, environment. Throws {@link ConfigException}. */
    public static ServerConfig read(@Nullable Path file, Settings flags, Map<String, String> environment) {
        Settings merged = file == null ? new Settings() : new YamlSource(file).read();
        merged.putAll(flags);
        merged.putAll(EnvironmentSource.read(environment));
        return new ConfigReader(merged).read();
    }

    private ServerConfig read() {
        String name = text(Setting.NAME);
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw refuse(Setting.NAME, "use 1 to 64 letters, digits, '.', '_' or '-'");
        }
        List<HttpUrl> listenClients = urls(Setting.LISTEN_CLIENT_URLS);
        List<HttpUrl> advertised =
                given(Setting.ADVERTISE_CLIENT_URLS) ? urls(Setting.ADVERTISE_CLIENT_URLS) : listenClients;
        HttpUrl listenPeer = oneUrl(Setting.LISTEN_PEER_URLS);
        List<MemberPlan> members = members(name, listenPeer);
        HttpUrl advertisedPeer = members.stream()
                .filter(member -> member.name().equals(name))
                .map(MemberPlan::peerUrl)
                .findFirst()
                .orElse(listenPeer);
        Path dataDir = parse(
                Setting.DATA_DIR, given(Setting.DATA_DIR) ? text(Setting.DATA_DIR) : name + ".jangada", this::path);
        return new ServerConfig(
                name,
                dataDir,
                listenClients,
                advertised,
                listenPeer,
                advertisedPeer,
                joins(),
                members,
                given(Setting.JOIN) ? urls(Setting.JOIN) : List.of(),
                text(Setting.INITIAL_CLUSTER_TOKEN),
                timing(),
                limits(),
                new StorageSettings(
                        number(Setting.SNAPSHOT_COUNT, 10, 1_000_000_000),
                        number(Setting.SNAPSHOT_BYTES, 1 << 10, 1L << 40),
                        number(Setting.SNAPSHOT_CATCHUP_ENTRIES, 0, 1_000_000_000),
                        (int) number(Setting.MAX_SNAPSHOTS, 1, 1_000),
                        number(Setting.DISK_RESERVE, 0, 1L << 50)));
    }

    private boolean joins() {
        boolean join = given(Setting.JOIN);
        if (!given(Setting.INITIAL_CLUSTER_STATE)) {
            return join;
        }
        String state = text(Setting.INITIAL_CLUSTER_STATE);
        if (!state.equals("new") && !state.equals("existing")) {
            throw refuse(Setting.INITIAL_CLUSTER_STATE, "it must be new or existing");
        }
        if (join && state.equals("new")) {
            throw refuse(Setting.INITIAL_CLUSTER_STATE, "a member that joins (--join) needs existing, or nothing");
        }
        return state.equals("existing");
    }

    private List<MemberPlan> members(String name, HttpUrl listenPeer) {
        Map<String, List<HttpUrl>> peers = new LinkedHashMap<>();
        if (given(Setting.INITIAL_CLUSTER)) {
            peers.putAll(namedUrls(Setting.INITIAL_CLUSTER));
        } else {
            HttpUrl self = given(Setting.INITIAL_ADVERTISE_PEER_URLS)
                    ? oneUrl(Setting.INITIAL_ADVERTISE_PEER_URLS)
                    : listenPeer;
            peers.put(name, List.of(self));
        }
        if (!peers.containsKey(name)) {
            throw refuse(
                    Setting.INITIAL_CLUSTER,
                    "it must contain this member, '" + name + "' (--name); it has "
                            + String.join(", ", peers.keySet()));
        }
        checkOwnPeerUrl(name, peers);
        List<MemberPlan> members = new ArrayList<>();
        for (Map.Entry<String, List<HttpUrl>> peer : peers.entrySet()) {
            if (peer.getValue().size() != 1) {
                throw refuse(Setting.INITIAL_CLUSTER, "member '" + peer.getKey() + "' is named more than once");
            }
            members.add(new MemberPlan(peer.getKey(), peer.getValue().get(0)));
        }
        if (members.stream().map(MemberPlan::peerUrl).distinct().count() < members.size()) {
            throw refuse(Setting.INITIAL_CLUSTER, "two members have the same peer URL");
        }
        return members;
    }

    private void checkOwnPeerUrl(String name, Map<String, List<HttpUrl>> peers) {
        if (given(Setting.INITIAL_ADVERTISE_PEER_URLS)
                && !Optional.ofNullable(peers.get(name))
                        .orElse(List.of())
                        .contains(oneUrl(Setting.INITIAL_ADVERTISE_PEER_URLS))) {
            throw refuse(
                    Setting.INITIAL_ADVERTISE_PEER_URLS,
                    "it must equal this member's URL in --initial-cluster, " + peers.get(name));
        }
    }

    private Timing timing() {
        long heartbeat = number(Setting.HEARTBEAT_INTERVAL, 1, 60_000);
        long election = number(Setting.ELECTION_TIMEOUT, 1, 600_000);
        try {
            return Timing.ofMillis(heartbeat, election, 2 * election);
        } catch (IllegalArgumentException e) {
            throw refuse(Setting.ELECTION_TIMEOUT, "it does not fit --heartbeat-interval: " + e.getMessage());
        }
    }

    private ServerLimits limits() {
        return new ServerLimits(
                Duration.ofMillis(number(Setting.REQUEST_TIMEOUT, 1, 3_600_000)),
                Duration.ofMillis(number(Setting.SLOW_REQUEST, 0, 3_600_000)),
                (int) number(Setting.MAX_REQUEST_BYTES, 1_024, Limits.DEFAULT.maxCommandBytes()),
                (int) number(Setting.MAX_PENDING_REQUESTS, 1, 1_000_000));
    }

    private boolean given(Setting setting) {
        return settings.get(setting).isPresent();
    }

    private String text(Setting setting) {
        return settings.get(setting)
                .map(Settings.Given::value)
                .orElse(setting.defaultText())
                .strip();
    }

    private long number(Setting setting, long least, long most) {
        String text = text(setting);
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw refuse(setting, "it must be a whole number from " + least + " to " + most);
        }
        if (value < least || value > most) {
            throw refuse(setting, "it must be from " + least + " to " + most);
        }
        return value;
    }

    private List<HttpUrl> urls(Setting setting) {
        return parse(setting, text(setting), text -> parts(text).stream()
                .map(HttpUrl::parse)
                .toList());
    }

    private HttpUrl oneUrl(Setting setting) {
        List<HttpUrl> urls = urls(setting);
        if (urls.size() != 1) {
            throw refuse(setting, "it must be exactly one URL");
        }
        return urls.get(0);
    }

    private Map<String, List<HttpUrl>> namedUrls(Setting setting) {
        Map<String, List<HttpUrl>> named = new LinkedHashMap<>();
        for (String part : parts(text(setting))) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw refuse(setting, "'" + part + "' is not like n1=http://127.0.0.1:2380");
            }
            HttpUrl url = parse(setting, part.substring(equals + 1), HttpUrl::parse);
            named.computeIfAbsent(part.substring(0, equals), unused -> new ArrayList<>())
                    .add(url);
        }
        return named;
    }

    private Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path: " + e.getReason(), e);
        }
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private <T> T parse(Setting setting, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw refuse(setting, String.valueOf(e.getMessage()));
        }
    }

    private ConfigException refuse(Setting setting, String why) {
        Settings.Given given =
                settings.get(setting).orElse(new Settings.Given(setting.defaultText(), "default of " + setting.flag()));
        return new ConfigException(
                given.place() + ": " + setting.key() + " '" + given.value() + "' cannot be used: " + why);
    }
}
