package io.jangada.server.member;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.MemberPlan;
import io.jangada.server.config.ServerConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All members of the cluster, and which of them this is.
 *
 * <p>Identities are computed, so that every member knows all of them without asking: a member's is a hash of cluster token and name, the
 * cluster's a hash of token and all names. Addresses are not part of it, so a member may move.
 */
public record Roster(ClusterId cluster, Member self, List<Member> members) {

    public Roster {
        members = List.copyOf(members);
    }

    /** The roster that a configuration describes; members in the order of their identities. */
    public static Roster of(ServerConfig config) {
        List<Member> members = new ArrayList<>();
        for (MemberPlan plan : config.members()) {
            NodeId id = NodeId.of(hash("member", config.clusterToken(), List.of(plan.name())));
            members.add(new Member(id, plan.name(), plan.peerUrl(), plan.clientUrls()));
        }
        members.sort(Comparator.comparing(Member::id));
        Set<NodeId> ids = new HashSet<>();
        for (Member member : members) {
            if (!ids.add(member.id())) {
                throw new IllegalStateException("two members got the identity " + member.id()
                        + ", which is a coincidence of hashes; change the name of one of them");
            }
        }
        List<String> names = members.stream().map(Member::name).sorted().toList();
        ClusterId cluster = new ClusterId(hash("cluster", config.clusterToken(), names));
        Member self = members.stream()
                .filter(member -> member.name().equals(config.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("member " + config.name() + " is not in its own cluster"));
        return new Roster(cluster, self, members);
    }

    /** The name of a member, or its identity if it is none. */
    public String nameOf(NodeId id) {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .map(Member::name)
                .findFirst()
                .orElse(id.toString());
    }

    /** The first eight bytes of the SHA-256 of the texts, each preceded by its length; never 0. */
    private static long hash(String kind, String token, List<String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, kind);
            add(digest, token);
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
