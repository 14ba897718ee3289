package io.jangada.transport;

import io.jangada.api.GroupId;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the other members of all groups are, where they can be reached, and by which data folders they are known. As long as no group knows its
 * members they are the configured peers. Any thread.
 */
final class Roster {
    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

    /** What the groups know of one member. The address is null if it is not known; the data folders are as many as groups disagree. */
    private record Member(@Nullable InetSocketAddress address, Set<Long> incarnations) {}

    private final TransportConfig config;
    private final LogThrottle throttle;

    /** The latest change last. */
    private final Map<GroupId, Membership> byGroup = new LinkedHashMap<>();

    private volatile Map<NodeId, Member> members;

    Roster(TransportConfig config, LogThrottle throttle) {
        this.config = config;
        this.throttle = throttle;
        this.members = configured();
    }

    private Map<NodeId, Member> configured() {
        Map<NodeId, Member> all = new HashMap<>();
        config.peers().forEach((node, address) -> all.put(node, new Member(address, Set.of())));
        all.remove(config.self());
        return Map.copyOf(all);
    }

    synchronized void update(GroupId group, Membership membership) {
        byGroup.remove(group);
        if (!membership.isNone()) {
            byGroup.put(group, membership);
        }
        if (byGroup.isEmpty()) {
            members = configured();
            return;
        }
        Map<NodeId, Member> all = new HashMap<>();
        for (Membership known : byGroup.values()) {
            for (NodeId node : known.members()) {
                all.put(node, merged(node, all.get(node), known.infoOf(node)));
            }
        }
        all.remove(config.self());
        members = Map.copyOf(all);
    }

    private Member merged(NodeId node, @Nullable Member before, MemberInfo info) {
        InetSocketAddress address = read(node, info.address());
        if (address == null) {
            address = before == null ? config.peers().get(node) : before.address();
        }
        Set<Long> incarnations = new HashSet<>(before == null ? Set.of() : before.incarnations());
        if (info.incarnation() != 0) {
            incarnations.add(info.incarnation());
        }
        return new Member(address, Set.copyOf(incarnations));
    }

    private @Nullable InetSocketAddress read(NodeId node, String text) {
        if (text.isEmpty()) {
            return null;
        }
        InetSocketAddress address;
        try {
            address = config.addresses().read(text);
        } catch (RuntimeException e) {
            unreadable(node, text, ": " + TransportContext.describe(e));
            return null;
        }
        if (address == null || address.getPort() == 0) {
            unreadable(node, text, "");
            return null;
        }
        return address;
    }

    private void unreadable(NodeId node, String text, String why) {
        throttle.log(
                "address " + node + " " + text,
                1,
                suffix -> LOG.warn(
                        "cannot tell where peers reach node {} from its address in the membership, '{}'{}; describe the"
                                + " member with another address, or give its address in the peers of this node{}",
                        node,
                        text,
                        why,
                        suffix));
    }

    Set<NodeId> members() {
        return members.keySet();
    }

    boolean isMember(NodeId node) {
        return members.containsKey(node);
    }

    /** By the memberships, or by the configuration; null if neither knows. */
    @Nullable
    InetSocketAddress addressOf(NodeId node) {
        Member member = members.get(node);
        InetSocketAddress address = member == null ? null : member.address();
        return address == null ? config.peers().get(node) : address;
    }

    /** Why a peer that comes with this data folder cannot be the member it says it is; null if it can. */
    @Nullable
    String imposture(NodeId node, long incarnation) {
        Member member = members.get(node);
        if (incarnation == 0 || member == null) {
            return null;
        }
        for (long known : member.incarnations()) {
            if (known != incarnation) {
                return "node " + node + " comes with data folder " + Long.toHexString(incarnation)
                        + ", the cluster knows it by data folder " + Long.toHexString(known)
                        + ": this member's data folder is not the one the cluster knows it by (wiped or replaced disk);"
                        + " remove the member and add it again under a new name";
            }
        }
        return null;
    }
}
