package io.jangada.api.error;

import io.jangada.core.model.NodeId;

/** The node does not lead and could not hand the request on. Nothing has happened; retry at the leader, or here a little later. */
public final class NotLeaderException extends RaftException {
    private static final long serialVersionUID = 1L;

    private final transient NodeId leader;

    public NotLeaderException(NodeId leader) {
        super(
                leader.isNone()
                        ? "no leader is known; retry when one has been elected"
                        : "this node does not lead; the leader is probably " + leader,
                true);
        this.leader = leader;
    }

    /** The probable leader, or {@link NodeId#NONE}. */
    public NodeId leader() {
        return leader;
    }
}
