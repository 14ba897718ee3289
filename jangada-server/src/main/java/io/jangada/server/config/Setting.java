package io.jangada.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of a server: each is a key of the YAML file, a flag and an environment variable of the same name.
 *
 * <p>Where etcd has a flag for the same thing, the name and the form of the value are etcd's.
 */
public enum Setting {
    NAME("name", "NAME", "default", "Name of this member, unique in the cluster and its identity for ever."),
    DATA_DIR("data-dir", "FOLDER", "<name>.jangada", "Folder of the log and the store; must not be shared."),
    LISTEN_CLIENT_URLS(
            "listen-client-urls", "URLS", "http://127.0.0.1:2379", "Where clients connect (comma-separated)."),
    ADVERTISE_CLIENT_URLS(
            "advertise-client-urls", "URLS", "as --listen-client-urls", "What member lists tell clients to use."),
    LISTEN_PEER_URLS("listen-peer-urls", "URL", "http://127.0.0.1:2380", "Where the other members connect."),
    INITIAL_ADVERTISE_PEER_URLS(
            "initial-advertise-peer-urls", "URL", "as in --initial-cluster", "Where others reach this member."),
    INITIAL_CLUSTER(
            "initial-cluster", "NAME=URL,...", "this member alone", "Members that start the cluster, self included."),
    INITIAL_CLUSTER_STATE(
            "initial-cluster-state",
            "new|existing",
            "new; existing with --join",
            "Whether this member starts a cluster with the others, or joins one that runs. Only for an empty folder."),
    JOIN(
            "join",
            "URLS",
            "none",
            "Client URLs of running members, asked at the first start of a member that was added to their cluster."),
    INITIAL_CLUSTER_TOKEN(
            "initial-cluster-token", "TEXT", "jangada-cluster", "Tells this cluster from others; same on all members."),
    HEARTBEAT_INTERVAL("heartbeat-interval", "MS", "50", "Milliseconds between a leader's heartbeats."),
    ELECTION_TIMEOUT(
            "election-timeout",
            "MS",
            "500",
            "Milliseconds of silence before an election; drawn from 1 to 2 times this."),
    REQUEST_TIMEOUT("request-timeout", "MS", "5000", "Milliseconds a request may take, unless its client allows less."),
    SLOW_REQUEST("slow-request", "MS", "500", "Requests slower than this many milliseconds are logged; 0 logs none."),
    MAX_REQUEST_BYTES("max-request-bytes", "BYTES", "1572864", "Largest request a client may send."),
    MAX_PENDING_REQUESTS("max-pending-requests", "COUNT", "20000", "Requests in progress before more are refused."),
    SNAPSHOT_COUNT("snapshot-count", "ENTRIES", "100000", "Entries of the log after which a snapshot is taken."),
    SNAPSHOT_BYTES(
            "snapshot-bytes", "BYTES", "67108864", "Bytes of the log after which one is taken, if that is sooner."),
    SNAPSHOT_CATCHUP_ENTRIES(
            "snapshot-catchup-entries", "ENTRIES", "10000", "Entries that stay in the log for slow members."),
    MAX_SNAPSHOTS("max-snapshots", "COUNT", "2", "Snapshots that are kept; one that is being sent stays besides."),
    DISK_RESERVE(
            "disk-reserve",
            "BYTES",
            "268435456",
            "With less room than this in the data folder's file system, writes are refused until there is more.");

    private final String key;
    private final String valueLabel;
    private final String defaultText;
    private final String description;

    Setting(String key, String valueLabel, String defaultText, String description) {
        this.key = key;
        this.valueLabel = valueLabel;
        this.defaultText = defaultText;
        this.description = description;
    }

    /** The name in the YAML file. */
    public String key() {
        return key;
    }

    /** The name on the command line. */
    public String flag() {
        return "--" + key;
    }

    /** The name in the environment. */
    public String variable() {
        return "JANGADA_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What the value is, for help texts. */
    public String valueLabel() {
        return valueLabel;
    }

    /** The value if none is given: the value itself or, where it depends on others, words for it. */
    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }

    /** The setting with this key in a YAML file. */
    public static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /** The setting with this environment variable. */
    public static Optional<Setting> ofVariable(String variable) {
        return Arrays.stream(values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst();
    }

    /** All keys. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Setting::key).toList();
    }
}
