package io.jangada.server.metrics;

import io.jangada.api.DiskStatus;
import io.jangada.api.NodeStatus;
import io.jangada.api.StorageSpace;
import io.jangada.api.error.OverloadedException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.SpaceLevel;
import io.jangada.server.api.Backend;
import io.jangada.server.api.Refusals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * The figures of one member for Prometheus, read when they are asked for. Those that etcd has too bear etcd's names, so that dashboards made for etcd find them; all
 * others begin with {@code jangada_}. What Micrometer registers ends with this object: whoever serves the figures holds on to it.
 */
public final class ServerMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LeaderChanges leaderChanges = new LeaderChanges();
    private final Backend backend;
    private final Refusals refusals;

    private ServerMetrics(Backend backend, Refusals refusals) {
        this.backend = backend;
        this.refusals = refusals;
    }

    /** Begins to count what this member sees. */
    public static ServerMetrics of(Backend backend, Refusals refusals) {
        ServerMetrics metrics = new ServerMetrics(backend, refusals);
        backend.node().onStatusChange(metrics.leaderChanges::changed);
        metrics.registerServer();
        metrics.registerLog();
        metrics.registerDisk();
        metrics.registerRefusals();
        return metrics;
    }

    /** All figures in Prometheus' text format, version 0.0.4. */
    public String text() {
        return registry.scrape();
    }

    private void registerServer() {
        gauge(
                "etcd_server_has_leader",
                "1 if this member works and knows a leader, else 0",
                () -> flag(backend.watch().leaderKnown()));
        gauge("etcd_server_is_leader", "1 if this member leads, else 0", () -> flag(works() && raft().leads()));
        gauge(
                "etcd_server_is_learner",
                "1 if this member is a learner, else 0",
                () -> flag(backend.roster().isLearner()));
        gauge(
                "jangada_node_failed",
                "1 if this member has stopped itself because its disk failed or an invariant was violated, else 0",
                () -> flag(backend.node().status().health() == NodeStatus.Health.FAILED));
        counter(
                "etcd_server_leader_changes_seen_total",
                "How often this member has seen another leader than before, the first one included",
                leaderChanges::count);
        // Gauges in etcd. A gauge may not be called _total here; nobody who asks for them sees a difference.
        counter(
                "etcd_server_proposals_committed_total",
                "The log index up to which this member knows entries to be committed",
                () -> raft().commitIndex());
        counter(
                "etcd_server_proposals_applied_total",
                "The log index up to which this member has applied entries to its store",
                () -> backend.node().status().appliedIndex());
        gauge("etcd_mvcc_db_total_size_in_bytes", "Bytes that the store of this member occupies", () -> backend.store()
                .sizeBytes());
        gauge(
                "etcd_mvcc_db_total_size_in_use_in_bytes",
                "Bytes of the store of this member that are in use, estimated",
                () -> backend.store().sizeInUseBytes());
    }

    private void registerLog() {
        gauge("jangada_raft_term", "The current term", () -> raft().term());
        gauge(
                "jangada_raft_commit_index",
                "The last entry that this member knows to be committed",
                () -> raft().commitIndex());
        gauge("jangada_raft_applied_index", "The last entry that this member has applied", () -> backend.node()
                .status()
                .appliedIndex());
        gauge("jangada_log_first_index", "The first entry that is in the log", () -> raft().firstIndex());
        gauge("jangada_log_last_index", "The last entry that is in the log", () -> raft().lastIndex());
        gauge(
                "jangada_snapshot_index",
                "The last entry that is in the newest snapshot; 0 without one",
                () -> raft().snapshotIndex());
    }

    private void registerDisk() {
        gauge(
                "jangada_disk_usable_bytes",
                "Bytes that may still be written where the log is; +Inf if nobody knows a limit",
                () -> usableBytes(disk().space()));
        gauge(
                "jangada_disk_reserve_bytes",
                "With fewer usable bytes than this, commands are refused",
                () -> disk().space().reserveBytes());
        for (SpaceLevel level : SpaceLevel.values()) {
            gauge(
                    "jangada_disk_space_level",
                    Tags.of("level", label(level)),
                    "1 for the level that the disk is at, 0 for the others: ample; scarce, a leader refuses commands; exhausted, a follower takes"
                            + " no entries either",
                    () -> flag(disk().space().level() == level));
        }
        gauge(
                "jangada_disk_stalled_seconds",
                "For how long the disk has hung; 0 if it works",
                () -> disk().stall().forNanos() / NANOS_PER_SECOND);
    }

    private void registerRefusals() {
        for (OverloadedException.Limit limit : OverloadedException.Limit.values()) {
            counter(
                    "jangada_requests_refused_total",
                    Tags.of("limit", label(limit)),
                    "Requests of clients that were refused, without effect, because a limit was reached: space, the room on the disk; work, any other",
                    () -> refusals.of(limit));
        }
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        gauge(name, Tags.empty(), help, value);
    }

    private void gauge(String name, Tags tags, String help, DoubleSupplier value) {
        Gauge.builder(name, this, self -> value.getAsDouble())
                .tags(tags)
                .description(help)
                .register(registry);
    }

    private void counter(String name, String help, DoubleSupplier value) {
        counter(name, Tags.empty(), help, value);
    }

    private void counter(String name, Tags tags, String help, DoubleSupplier value) {
        FunctionCounter.builder(name, this, self -> value.getAsDouble())
                .tags(tags)
                .description(help)
                .register(registry);
    }

    private static double usableBytes(StorageSpace space) {
        return space.isUnlimited() ? Double.POSITIVE_INFINITY : space.usableBytes();
    }

    private boolean works() {
        return backend.node().status().health() == NodeStatus.Health.RUNNING;
    }

    private RaftStatus raft() {
        return backend.node().status().raft();
    }

    private DiskStatus disk() {
        return backend.node().status().disk();
    }

    private static double flag(boolean set) {
        return set ? 1 : 0;
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
