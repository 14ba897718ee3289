package io.jangada.server.member;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;

/** The changes of the membership that clients ask for, checked against the present one. Each throws {@link ServerException} for what cannot be. */
public final class MemberChanges {
    private static final SecureRandom RANDOM = new SecureRandom();

    private MemberChanges() {}

    /** An identity that no member of any cluster has had. */
    public static NodeId newIdentity() {
        long number = RANDOM.nextLong();
        return NodeId.of(number == 0 ? 1 : number);
    }

    /** The URLs that a client gave. */
    public static List<HttpUrl> peerUrls(Collection<String> texts) {
        try {
            List<HttpUrl> urls = texts.stream().map(HttpUrl::parse).distinct().toList();
            if (!urls.isEmpty()) {
                return urls;
            }
        } catch (IllegalArgumentException e) {
            throw new ServerException(ServerError.BAD_MEMBER_URLS);
        }
        throw new ServerException(ServerError.BAD_MEMBER_URLS);
    }

    public static MembershipChange addLearner(Membership now, NodeId id, MemberAddress address) {
        requireFree(now, id, address.peerUrls());
        return MembershipChange.of(new MembershipStep.AddLearner(id, MemberInfo.at(address.text())));
    }

    public static MembershipChange addVoter(Membership now, NodeId id, MemberAddress address) {
        requireFree(now, id, address.peerUrls());
        return MembershipChange.of(new MembershipStep.AddVoter(id, MemberInfo.at(address.text())));
    }

    /** A new voter that takes the place of {@code leaving} as soon as it has caught up. */
    public static MembershipChange replace(Membership now, NodeId id, MemberAddress address, NodeId leaving) {
        requireMember(now, leaving);
        requireFree(now, id, address.peerUrls());
        return MembershipChange.of(new MembershipStep.Replace(id, MemberInfo.at(address.text()), leaving));
    }

    public static MembershipChange promote(Membership now, NodeId id) {
        requireMember(now, id);
        if (!now.isLearner(id)) {
            throw new ServerException(ServerError.NOT_A_LEARNER);
        }
        return MembershipChange.of(new MembershipStep.Promote(id));
    }

    public static MembershipChange demote(Membership now, NodeId id) {
        requireMember(now, id);
        return MembershipChange.of(new MembershipStep.Demote(id));
    }

    public static MembershipChange remove(Membership now, NodeId id) {
        requireMember(now, id);
        return MembershipChange.of(new MembershipStep.Remove(id));
    }

    /** Other URLs at which a member is reached by the others. */
    public static MembershipChange move(Membership now, NodeId id, List<HttpUrl> peerUrls) {
        requireMember(now, id);
        requireFree(now, id, peerUrls);
        Member known = Member.of(id, now);
        return describe(now, id, new MemberAddress(known.name(), peerUrls, known.clientUrls()));
    }

    /** What is known of a member is this from now on; its priority stays. */
    public static MembershipChange describe(Membership now, NodeId id, MemberAddress address) {
        MemberInfo info = now.infoOf(id);
        return MembershipChange.of(
                new MembershipStep.Describe(id, new MemberInfo(address.text(), info.priority(), info.incarnation())));
    }

    private static void requireMember(Membership now, NodeId id) {
        if (!now.isMember(id)) {
            throw new ServerException(ServerError.MEMBER_NOT_FOUND);
        }
    }

    private static void requireFree(Membership now, NodeId id, List<HttpUrl> peerUrls) {
        for (NodeId other : now.members()) {
            if (!other.equals(id) && Member.of(other, now).peerUrls().stream().anyMatch(peerUrls::contains)) {
                throw new ServerException(ServerError.PEER_URL_EXISTS);
            }
        }
    }
}
