package io.jangada.server.run;

import io.jangada.api.NodeStatus;
import io.jangada.core.model.NodeId;
import io.jangada.server.member.Roster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells log and listener of changes that matter to an operator: who leads, and whether the node has failed. */
final class StatusLog {
    private static final Logger LOG = LoggerFactory.getLogger(StatusLog.class);

    private final Roster roster;
    private final ServerEvents events;
    private NodeId leader = NodeId.NONE;
    private long term = -1;
    private boolean failed;

    StatusLog(Roster roster, ServerEvents events) {
        this.roster = roster;
        this.events = events;
    }

    synchronized void changed(NodeStatus status) {
        if (status.health() == NodeStatus.Health.FAILED) {
            reportFailure(status);
            return;
        }
        NodeId now = status.raft().leader();
        long nowTerm = status.raft().term();
        if (now.equals(leader) && (nowTerm == term || now.isNone())) {
            return;
        }
        if (now.isNone()) {
            LOG.info("no leader in term {}; {} was the last one known", nowTerm, roster.nameOf(leader));
        } else if (now.equals(roster.self())) {
            LOG.info("this member leads term {}", nowTerm);
        } else {
            LOG.info("{} leads term {}", roster.nameOf(now), nowTerm);
        }
        leader = now;
        term = nowTerm;
        events.leader(now.isNone() ? "" : roster.nameOf(now), nowTerm);
    }

    private void reportFailure(NodeStatus status) {
        if (failed) {
            return;
        }
        failed = true;
        Throwable failure = status.failure();
        Throwable cause = failure == null ? new IllegalStateException("no cause was given") : failure;
        LOG.error(
                "this node has FAILED and promises nothing any more; the other members go on without it. Repair the cause below (a full or"
                        + " broken disk is the usual one), then start this server again: it continues from what is on its disk",
                cause);
        events.failed(cause);
    }
}
