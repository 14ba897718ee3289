package io.jangada.server.member;

import io.jangada.api.ClusterId;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.MemberPlan;
import io.jangada.server.config.ServerConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who a server is, decided at its first start and for ever.
 *
 * <p>Those who start a cluster compute their identities, so that each knows all without asking: a member's is a hash of cluster token and name, the cluster's a hash of
 * token and all names. Addresses are not part of it, so a member may move. Who is added later gets its identity from the cluster.
 *
 * @param name its name when it started first
 * @param initial the membership at index 0; {@link Membership#NONE} of one that joined
 */
public record Identity(ClusterId cluster, NodeId self, String name, String token, Membership initial) {

    /** The identity of one of those who start the cluster that the configuration describes. */
    public static Identity ofFounder(ServerConfig config) {
        return ofFounder(config, "");
    }

    /**
     * The same for a cluster that begins with the state of another one, as whose members its members must never be taken.
     *
     * @param origin what it begins with, the same text on all members; empty for a cluster that begins with nothing
     */
    public static Identity ofFounder(ServerConfig config, String origin) {
        String seed = origin.isEmpty() ? config.clusterToken() : config.clusterToken() + "\n" + origin;
        SortedMap<NodeId, MemberInfo> members = new TreeMap<>();
        for (MemberPlan plan : config.members()) {
            NodeId id = idOf(seed, plan.name());
            MemberAddress address = new MemberAddress(plan.name(), List.of(plan.peerUrl()), List.of());
            if (members.put(id, MemberInfo.at(address.text())) != null) {
                throw new IllegalStateException("two members got the identity " + id
                        + ", which is a coincidence of hashes; change the name of one of them");
            }
        }
        List<String> names =
                config.members().stream().map(MemberPlan::name).sorted().toList();
        return new Identity(
                new ClusterId(hash("cluster", seed, names)),
                idOf(seed, config.name()),
                config.name(),
                config.clusterToken(),
                Membership.ofVoters(members));
    }

    private static NodeId idOf(String seed, String name) {
        return NodeId.of(hash("member", seed, List.of(name)));
    }

    /** The first eight bytes of the SHA-256 of the texts, each preceded by its length; never 0. */
    private static long hash(String kind, String seed, List<String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, kind);
            add(digest, seed);
            texts.forEach(text -> add(digest, text));
            long value = ByteBuffer.wrap(digest.digest()).getLong();
            return value == 0 ? 1 : value;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }
}
