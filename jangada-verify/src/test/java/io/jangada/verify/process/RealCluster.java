package io.jangada.verify.process;

import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.testkit.net.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A cluster of our own server: real processes, real sockets on loopback, real files.
 *
 * <p>With links, every node reaches every other one through a proxy of its own, so that each direction between two nodes can be cut: all name the same host for a
 * member, and each has a file of hosts of its own, by which that is the address of its proxy.
 */
public final class RealCluster implements KvTarget {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STATUS_LIMIT = Duration.ofMillis(500);

    private final Path folder;
    private final List<ServerNode> nodes;
    private final List<ServerNode> founders;
    private final List<String> peerUrls;
    private final Map<Link, FaultProxy> links;

    private RealCluster(
            Path folder, List<ServerNode> nodes, int founders, List<String> peerUrls, Map<Link, FaultProxy> links) {
        this.folder = folder;
        this.nodes = List.copyOf(nodes);
        this.founders = List.copyOf(nodes.subList(0, founders));
        this.peerUrls = List.copyOf(peerUrls);
        this.links = links;
    }

    /** Starts a cluster whose nodes talk to each other directly, and waits until all its nodes serve. */
    public static RealCluster start(int size, Path folder) {
        return start(size, 0, folder, List.of());
    }

    /**
     * Starts a cluster, with more flags for each of its nodes, beside which there are nodes that do not run: each will join when it is started, after it was added
     * under its name and {@linkplain #peerUrl peer URL}. They come last in {@link #nodes}.
     */
    public static RealCluster start(int size, int spares, Path folder, List<String> flags) {
        return start(size, spares, folder, flags, unused -> {});
    }

    /** Starts a cluster after each of its nodes was prepared, by somebody who gets the flags with which the node will be started. */
    public static RealCluster startPrepared(int size, Path folder, Consumer<List<String>> preparation) {
        return start(size, 0, folder, List.of(), preparation);
    }

    private static RealCluster start(
            int size, int spares, Path folder, List<String> flags, Consumer<List<String>> preparation) {
        List<Integer> ports = FreePorts.take(2 * (size + spares));
        List<Integer> peerPorts = ports.subList(size + spares, ports.size());
        List<String> peerUrls = peerPorts.stream().map(RealCluster::url).toList();
        List<ServerNode> nodes = new ArrayList<>();
        String join = ports.subList(0, size).stream().map(RealCluster::url).collect(Collectors.joining(","));
        for (int self = 0; self < size + spares; self++) {
            List<String> all = new ArrayList<>(flags);
            all.addAll(flagsOf(self, folder, ports.get(self), peerPorts.get(self), peerUrls.get(self)));
            if (self < size) {
                all.addAll(List.of("--initial-cluster", members(peerUrls.subList(0, size))));
                preparation.accept(List.copyOf(all));
            } else {
                all.addAll(List.of("--join", join));
            }
            nodes.add(new ServerNode(
                    nameOf(self), "127.0.0.1:" + ports.get(self), folder, ServerCommand.server(List.of(), all)));
        }
        return new RealCluster(folder, nodes, size, peerUrls, Map.of()).started();
    }

    /** Starts a cluster whose nodes talk to each other through links that can be cut, and waits until all its nodes serve. */
    public static RealCluster startWithLinks(int size, Path folder) {
        List<Integer> ports = FreePorts.take(2 * size);
        List<Integer> peerPorts = ports.subList(size, 2 * size);
        Map<Link, FaultProxy> links = links(peerPorts);
        List<String> peerUrls = new ArrayList<>();
        for (int self = 0; self < size; self++) {
            peerUrls.add("http://" + nameOf(self) + ".peer:" + peerPorts.get(self));
        }
        List<ServerNode> nodes = new ArrayList<>();
        for (int self = 0; self < size; self++) {
            List<String> all =
                    new ArrayList<>(flagsOf(self, folder, ports.get(self), peerPorts.get(self), peerUrls.get(self)));
            all.addAll(List.of("--initial-cluster", members(peerUrls)));
            nodes.add(new ServerNode(
                    nameOf(self),
                    "127.0.0.1:" + ports.get(self),
                    folder,
                    ServerCommand.server(List.of("-Djdk.net.hosts.file=" + hosts(folder, self, size)), all)));
        }
        return new RealCluster(folder, nodes, size, peerUrls, links).started();
    }

    private RealCluster started() {
        try {
            founders.forEach(ServerNode::start);
            awaitServing(START_LIMIT);
            return this;
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private static List<String> flagsOf(int self, Path folder, int clientPort, int peerPort, String peerUrl) {
        return List.of(
                "--name",
                nameOf(self),
                "--data-dir",
                folder.resolve(nameOf(self)).toString(),
                "--listen-client-urls",
                url(clientPort),
                "--advertise-client-urls",
                url(clientPort),
                "--listen-peer-urls",
                url(peerPort),
                "--initial-advertise-peer-urls",
                peerUrl,
                "--initial-cluster-token",
                "verify");
    }

    private static String members(List<String> peerUrls) {
        StringJoiner members = new StringJoiner(",");
        for (int peer = 0; peer < peerUrls.size(); peer++) {
            members.add(nameOf(peer) + "=" + peerUrls.get(peer));
        }
        return members.toString();
    }

    /** What each name stands for, as this node sees it. */
    private static Path hosts(Path folder, int self, int size) {
        List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
        for (int peer = 0; peer < size; peer++) {
            String address = peer == self ? "127.0.0.1" : linkAddress(self, peer);
            lines.add(address + " " + nameOf(peer) + ".peer");
        }
        try {
            return Files.write(folder.resolve(nameOf(self) + ".hosts"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String linkAddress(int from, int to) {
        return "127.1." + (from + 1) + "." + (to + 1);
    }

    private static Map<Link, FaultProxy> links(List<Integer> peerPorts) {
        Map<Link, FaultProxy> links = new HashMap<>();
        try {
            for (int from = 0; from < peerPorts.size(); from++) {
                for (int to = 0; to < peerPorts.size(); to++) {
                    if (from != to) {
                        int port = peerPorts.get(to);
                        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                        InetSocketAddress listen = new InetSocketAddress(linkAddress(from, to), port);
                        links.put(new Link(from, to), FaultProxy.start(listen, target));
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

    /** Where the other members reach this node. */
    public String peerUrl(int node) {
        return peerUrls.get(node);
    }

    /** The data folder of a node. */
    public Path dataOf(int node) {
        return folder.resolve(nameOf(node));
    }

    @Override
    public List<String> endpoints() {
        return nodes.stream().map(ServerNode::endpoint).toList();
    }

    /** Waits until every node that began the cluster serves and returns how long that took. */
    public Duration awaitServing(Duration limit) {
        return Waiting.until(
                "all nodes serve", limit, () -> founders.stream().allMatch(ServerNode::isServing), this::logs);
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
        return dataOf(node).resolve("kv");
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
