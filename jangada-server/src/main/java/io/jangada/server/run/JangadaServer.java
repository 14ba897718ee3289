package io.jangada.server.run;

import io.jangada.api.RaftNode;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.api.Backend;
import io.jangada.server.api.ReadPool;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.gateway.LeaderWatch;
import io.jangada.server.gateway.RequestGateway;
import io.jangada.server.member.Roster;
import io.jangada.server.port.PortCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: store, node and client port. Parts are closed in the opposite order of their start: no more clients, then the node,
 * then the store, then the folder.
 */
public final class JangadaServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JangadaServer.class);

    private static final int MAX_QUEUED_READS = 10_000;

    private final Roster roster;
    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean closed;

    /** Something that was started and must be closed. */
    private record Part(String name, AutoCloseable closing) {}

    private JangadaServer(Roster roster) {
        this.roster = roster;
    }

    /** Starts a server, or throws {@link StartException} with everything closed again. Returns when clients can connect; a leader may still be missing. */
    public static JangadaServer start(ServerConfig config, ServerEvents events) {
        JangadaServer server = new JangadaServer(Roster.of(config));
        try {
            server.startParts(config, events);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            if (e instanceof StartException refused) {
                throw refused;
            }
            throw new StartException(
                    "member " + config.name() + " cannot start with the data in "
                            + config.dataDir().toAbsolutePath() + ": " + e.getMessage(),
                    e);
        }
    }

    private void startParts(ServerConfig config, ServerEvents events) throws IOException {
        LOG.info(
                "member {} ({}) of cluster {}: clients {}, peers {}, data {}",
                config.name(),
                roster.self().id(),
                roster.cluster(),
                config.listenClientUrls(),
                config.listenPeerUrl(),
                config.dataDir().toAbsolutePath());
        warnOfUnknownClientUrls();
        for (HttpUrl url : config.listenClientUrls()) {
            checkPort(url, "--listen-client-urls");
        }
        checkPort(config.listenPeerUrl(), "--listen-peer-urls");
        DataFolder folder = DataFolder.open(config.dataDir());
        opened("data folder", folder);
        KeyValueStore store = KeyValueStore.onDisk(folder.store());
        opened("store", store);
        RaftNode<KvResponse> node = NodeAssembly.start(config, roster, folder.log(), store);
        opened("node", node);
        node.onStatusChange(new StatusLog(roster, events)::changed);
        LeaderWatch watch = new LeaderWatch(node);
        RequestGateway<KvResponse> gateway =
                new RequestGateway<>(node, watch, config.limits().maxPendingRequests());
        ReadPool readPool = new ReadPool(Math.max(2, Runtime.getRuntime().availableProcessors()), MAX_QUEUED_READS);
        opened("read pool", readPool);
        Backend backend = new Backend(node, store, roster, watch, gateway, readPool, config.limits());
        ClientPort clientPort = ClientPort.open(backend, config.listenClientUrls());
        opened("client port", clientPort);
        LOG.info("listening for clients at {}", config.listenClientUrls());
        announceServing(gateway, clientPort, events);
    }

    private static void announceServing(
            RequestGateway<KvResponse> gateway, ClientPort clientPort, ServerEvents events) {
        long noDeadline = System.nanoTime() + Duration.ofDays(365).toNanos();
        Future<?> unused = gateway.readBarrier(noDeadline, clientPort.timer()).whenComplete((index, failure) -> {
            if (failure == null) {
                LOG.info("ready to serve client requests");
                events.serving();
            }
        });
    }

    private static void checkPort(HttpUrl url, String flag) {
        PortCheck.problem(url).ifPresent(problem -> {
            throw new StartException(problem + "; stop that program or choose another port with " + flag);
        });
    }

    private void warnOfUnknownClientUrls() {
        boolean unknown =
                roster.members().stream().anyMatch(member -> member.clientUrls().isEmpty());
        if (unknown) {
            LOG.warn(
                    "client URLs of other members are unknown, so member lists will lack them; give --initial-cluster-client-urls");
        }
    }

    private synchronized void opened(String name, AutoCloseable closing) {
        parts.push(new Part(name, closing));
    }

    /** Who this server is. */
    public Roster roster() {
        return roster;
    }

    /** Stops everything; returns when all files are closed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closing().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.warn("interrupted while closing the {}", part.name());
            } catch (Exception e) {
                LOG.warn("closing the {} failed", part.name(), e);
            }
        }
    }
}
