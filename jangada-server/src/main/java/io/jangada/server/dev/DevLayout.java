package io.jangada.server.dev;

import io.jangada.server.config.HttpUrl;
import io.jangada.server.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Names, ports and folders of the three nodes of a local cluster. */
public record DevLayout(Path folder, List<Node> nodes) {
    private static final String HOST = "127.0.0.1";
    private static final int NODES = 3;

    /** One node: where its clients and its peers connect, where its data and its log are. */
    public record Node(String name, HttpUrl client, HttpUrl peer, Path data, Path log) {}

    /** etcd's ports for a local cluster: clients at 2379, 22379, 32379, peers one above. */
    public static DevLayout standard(Path folder) {
        return of(folder, new int[] {2379, 22379, 32379});
    }

    /** Clients at the base port, ten above and twenty above; peers one above each. */
    public static DevLayout fromBasePort(Path folder, int basePort) {
        return of(folder, new int[] {basePort, basePort + 10, basePort + 20});
    }

    private static DevLayout of(Path folder, int[] clientPorts) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            String name = "n" + (i + 1);
            Path home = folder.resolve(name);
            nodes.add(new Node(
                    name,
                    new HttpUrl(HOST, clientPorts[i]),
                    new HttpUrl(HOST, clientPorts[i] + 1),
                    home.resolve("data"),
                    home.resolve("log").resolve("node.log")));
        }
        return new DevLayout(folder, List.copyOf(nodes));
    }

    /** All client endpoints, for {@code --endpoints}. */
    public String endpoints() {
        return nodes.stream().map(node -> node.client().authority()).collect(Collectors.joining(","));
    }

    /** The flags of one node's server process. */
    List<String> flags(Node self) {
        return List.of(
                Setting.NAME.flag(),
                self.name(),
                Setting.DATA_DIR.flag(),
                self.data().toAbsolutePath().toString(),
                Setting.LISTEN_CLIENT_URLS.flag(),
                self.client().toString(),
                Setting.LISTEN_PEER_URLS.flag(),
                self.peer().toString(),
                Setting.INITIAL_CLUSTER.flag(),
                nodes.stream().map(node -> node.name() + "=" + node.peer()).collect(Collectors.joining(",")),
                Setting.INITIAL_CLUSTER_TOKEN.flag(),
                "jangada-dev");
    }
}
