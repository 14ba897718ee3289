package io.jangada.server.member;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.HttpUrl;
import java.util.List;

/** One member of the cluster, as member lists show it. The name is empty until it has been started. */
public record Member(NodeId id, String name, List<HttpUrl> peerUrls, List<HttpUrl> clientUrls, boolean learner) {

    /** A member as this membership has it. */
    public static Member of(NodeId id, Membership membership) {
        boolean learner = membership.isLearner(id);
        return MemberAddress.tryParse(membership.infoOf(id).address())
                .map(known -> new Member(id, known.name(), known.peerUrls(), known.clientUrls(), learner))
                .orElseGet(() -> new Member(id, "", List.of(), List.of(), learner));
    }
}
