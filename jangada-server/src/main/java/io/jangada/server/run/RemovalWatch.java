package io.jangada.server.run;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a second whether this member has been removed from the cluster: a committed membership without it. Says so once. */
final class RemovalWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RemovalWatch.class);

    private static final long PAUSE_MILLIS = 1_000;

    private final RaftNode<?> node;
    private final NodeId self;
    private final ServerEvents events;

    private final ScheduledExecutorService timer;

    RemovalWatch(RaftNode<?> node, NodeId self, ServerEvents events, ScheduledExecutorService timer) {
        this.node = node;
        this.self = self;
        this.events = events;
        this.timer = timer;
    }

    /** Looks now and then from now on. */
    void begin() {
        Future<?> unused = timer.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (removed()) {
            report();
        } else {
            begin();
        }
    }

    private boolean removed() {
        NodeStatus status = node.status();
        MembershipAt now = status.raft().membership();
        return !now.membership().isNone()
                && !now.membership().isMember(self)
                && status.raft().commitIndex() >= now.index();
    }

    private void report() {
        LOG.error(
                "this member ({}) has been removed from the cluster and stops. Its data folder is of no use any more: to bring the server"
                        + " back, delete the folder, add it as a new member ('jangada member add'), and start it with --join",
                self);
        events.removed();
    }
}
