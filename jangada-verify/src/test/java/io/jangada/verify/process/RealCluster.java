package io.jangada.verify.process;

import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.testkit.net.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * A cluster of our own server: real processes, real sockets on loopback, real files.
 *
 * <p>With links, every node reaches every other one through a proxy of its own, so that each direction between two nodes can be cut:
 * a node listens on its own port, but its view of the cluster names the proxies of its peers.
 */
public final class RealCluster implements KvTarget {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STATUS_LIMIT = Duration.ofMillis(500);

    private final Path folder;
    private final List<ServerNode> nodes;
    private final Map<Link, FaultProxy> links;

    private RealCluster(Path folder, List<ServerNode> nodes, Map<Link, FaultProxy> links) {
        this.folder = folder;
        this.nodes = List.copyOf(nodes);
        this.links = links;
    }

    /** Starts a cluster whose nodes talk to each other directly, and waits until all its nodes serve. */
    public static RealCluster start(int size, Path folder) {
        return start(size, folder, false);
    }

    /** Starts a cluster whose nodes talk to each other through links that can be cut, and waits until all its nodes serve. */
    public static RealCluster startWithLinks(int size, Path folder) {
        return start(size, folder, true);
    }

    private static RealCluster start(int size, Path folder, boolean withLinks) {
        List<Integer> ports = FreePorts.take(2 * size);
        List<Integer> clientPorts = ports.subList(0, size);
        List<Integer> peerPorts = ports.subList(size, 2 * size);
        Map<Link, FaultProxy> links = withLinks ? links(peerPorts) : Map.of();
        List<ServerNode> nodes = new ArrayList<>();
        for (int self = 0; self < size; self++) {
            StringJoiner members = new StringJoiner(",");
            StringJoiner clients = new StringJoiner(",");
            for (int peer = 0; peer < size; peer++) {
                int port = withLinks && peer != self
                        ? link(links, self, peer).address().getPort()
                        : peerPorts.get(peer);
                members.add(nameOf(peer) + "=" + url(port));
                clients.add(nameOf(peer) + "=" + url(clientPorts.get(peer)));
            }
            String client = url(clientPorts.get(self));
            String peer = url(peerPorts.get(self));
            List<String> flags = List.of(
                    "--name",
                    nameOf(self),
                    "--data-dir",
                    folder.resolve(nameOf(self)).toString(),
                    "--listen-client-urls",
                    client,
                    "--advertise-client-urls",
                    client,
                    "--listen-peer-urls",
                    peer,
                    "--initial-advertise-peer-urls",
                    peer,
                    "--initial-cluster",
                    members.toString(),
                    "--initial-cluster-client-urls",
                    clients.toString(),
                    "--initial-cluster-token",
                    "verify");
            nodes.add(new ServerNode(
                    nameOf(self), "127.0.0.1:" + clientPorts.get(self), folder, ServerCommand.server(flags)));
        }
        RealCluster cluster = new RealCluster(folder, nodes, links);
        try {
            nodes.forEach(ServerNode::start);
            cluster.awaitServing(START_LIMIT);
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    private static Map<Link, FaultProxy> links(List<Integer> peerPorts) {
        Map<Link, FaultProxy> links = new HashMap<>();
        try {
            for (int from = 0; from < peerPorts.size(); from++) {
                for (int to = 0; to < peerPorts.size(); to++) {
                    if (from != to) {
                        InetSocketAddress target =
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), peerPorts.get(to));
                        links.put(new Link(from, to), FaultProxy.start(target));
                    }
                }
            }
            return links;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FaultProxy link(Map<Link, FaultProxy> links, int from, int to) {
        return Objects.requireNonNull(links.get(new Link(from, to)), "a cluster without links cannot be cut");
    }

    private static String nameOf(int number) {
        return "n" + (number + 1);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    public List<ServerNode> nodes() {
        return nodes;
    }

    @Override
    public List<String> endpoints() {
        return nodes.stream().map(ServerNode::endpoint).toList();
    }

    /** Waits until every node serves and returns how long that took. */
    public Duration awaitServing(Duration limit) {
        return Waiting.until(
                "all nodes serve", limit, () -> nodes.stream().allMatch(ServerNode::isServing), this::logs);
    }

    /** Cuts a node off from all others, in both directions, without closing a connection: the others just hear nothing. */
    public void isolate(int node) {
        for (int other = 0; other < nodes.size(); other++) {
            if (other != node) {
                link(links, node, other).hold();
                link(links, other, node).hold();
            }
        }
    }

    /** Lets a node speak but not hear: what others send over connections of their own does not arrive. */
    public void deafen(int node) {
        for (int other = 0; other < nodes.size(); other++) {
            if (other != node) {
                link(links, other, node).hold();
            }
        }
    }

    /** The running member that says it leads, in the highest term; waits for one. */
    public int awaitLeader(MemberChannels channels, Duration limit) {
        int[] leader = {-1};
        Waiting.until(
                "a leader",
                limit,
                () -> {
                    leader[0] = leader(channels);
                    return leader[0] >= 0;
                },
                this::logs);
        return leader[0];
    }

    private int leader(MemberChannels channels) {
        long term = -1;
        int leader = -1;
        for (int member = 0; member < nodes.size(); member++) {
            if (!nodes.get(member).isRunning()) {
                continue;
            }
            try {
                StatusResponse status = channels.status(member, STATUS_LIMIT);
                if (status.getLeader() == status.getHeader().getMemberId() && status.getRaftTerm() > term) {
                    term = status.getRaftTerm();
                    leader = member;
                }
            } catch (StatusRuntimeException e) {
                channels.connectAgain(member);
            }
        }
        return leader;
    }

    /** The folder of the store of a node that has ended. */
    public Path storeOf(int node) {
        return folder.resolve(nameOf(node)).resolve("kv");
    }

    /** Ends every cut. */
    public void heal() {
        links.values().forEach(FaultProxy::heal);
    }

    /** The last lines of every node's log. */
    public String logs() {
        StringJoiner text = new StringJoiner("\n");
        for (ServerNode node : nodes) {
            String log = node.log();
            text.add("---- " + node.name() + (node.isRunning() ? "" : " (not running)"));
            text.add(log.substring(Math.max(0, log.length() - 4_000)));
        }
        return text.toString();
    }

    @Override
    public void close() {
        nodes.forEach(ServerNode::close);
        links.values().forEach(RealCluster::close);
    }

    private static void close(FaultProxy link) {
        try {
            link.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The way from one node to another, as connections opened by the first. */
    private record Link(int from, int to) {}
}
