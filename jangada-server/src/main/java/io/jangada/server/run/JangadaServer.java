package io.jangada.server.run;

import io.jangada.api.RaftNode;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.api.Backend;
import io.jangada.server.api.ReadPool;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.gateway.LeaderWatch;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.gateway.RequestGateway;
import io.jangada.server.member.Identity;
import io.jangada.server.member.MemberAddress;
import io.jangada.server.member.Roster;
import io.jangada.server.port.PortCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean closed;

    /** Something that was started and must be closed. */
    private record Part(String name, AutoCloseable closing) {}

    private JangadaServer() {}

    /** Starts a server, or throws {@link StartException} with everything closed again. Returns when clients can connect; a leader may still be missing. */
    public static JangadaServer start(ServerConfig config, ServerEvents events) {
        JangadaServer server = new JangadaServer();
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
        for (HttpUrl url : config.listenClientUrls()) {
            checkPort(url, "--listen-client-urls");
        }
        checkPort(config.listenPeerUrl(), "--listen-peer-urls");
        DataFolder folder = DataFolder.open(config.dataDir());
        opened("data folder", folder);
        Identity identity = FirstStart.identity(config, folder);
        LOG.info(
                "member {} ({}) of cluster {}: clients {}, peers {}, data {}",
                config.name(),
                identity.self(),
                identity.cluster(),
                config.listenClientUrls(),
                config.listenPeerUrl(),
                config.dataDir().toAbsolutePath());
        KeyValueStore store = KeyValueStore.onDisk(folder.store());
        opened("store", store);
        RaftNode<KvResponse> node = NodeAssembly.start(config, identity, folder.log(), store);
        opened("node", node);
        Roster roster = new Roster(
                identity.cluster(), identity.self(), () -> node.status().raft().membership());
        node.onStatusChange(new StatusLog(roster, events)::changed);
        Backend backend = backend(config, node, store, roster);
        ClientPort clientPort = ClientPort.open(backend, config.listenClientUrls());
        opened("client port", clientPort);
        LOG.info("listening for clients at {}", config.listenClientUrls());
        new RemovalWatch(node, identity.self(), events, clientPort.timer()).begin();
        MemberAddress described =
                new MemberAddress(config.name(), List.of(config.advertisePeerUrl()), config.advertiseClientUrls());
        SelfDescription description = new SelfDescription(roster, backend.membership(), clientPort.timer(), described);
        announceServing(backend.gateway(), clientPort, () -> {
            events.serving();
            description.begin();
        });
    }

    private Backend backend(ServerConfig config, RaftNode<KvResponse> node, KeyValueStore store, Roster roster) {
        LeaderWatch watch = new LeaderWatch(node);
        RequestGateway<KvResponse> gateway =
                new RequestGateway<>(node, watch, config.limits().maxPendingRequests());
        ReadPool readPool = new ReadPool(Math.max(2, Runtime.getRuntime().availableProcessors()), MAX_QUEUED_READS);
        opened("read pool", readPool);
        return new Backend(
                node, store, roster, watch, gateway, new MembershipGateway(node, watch), readPool, config.limits());
    }

    private static void announceServing(RequestGateway<KvResponse> gateway, ClientPort clientPort, Runnable serving) {
        long noDeadline = System.nanoTime() + Duration.ofDays(365).toNanos();
        Future<?> unused = gateway.readBarrier(noDeadline, clientPort.timer()).whenComplete((index, failure) -> {
            if (failure == null) {
                LOG.info("ready to serve client requests");
                serving.run();
            }
        });
    }

    private static void checkPort(HttpUrl url, String flag) {
        PortCheck.problem(url).ifPresent(problem -> {
            throw new StartException(problem + "; stop that program or choose another port with " + flag);
        });
    }

    private synchronized void opened(String name, AutoCloseable closing) {
        parts.push(new Part(name, closing));
    }

    /** Stops everything; returns when all files are closed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        LOG.info("stopping");
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
        LOG.info("stopped");
    }
}
