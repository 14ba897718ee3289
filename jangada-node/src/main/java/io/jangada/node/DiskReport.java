package io.jangada.node;

import io.jangada.api.DiskStatus;
import io.jangada.api.StorageSpace;
import io.jangada.core.model.DiskStall;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SpaceLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node knows of its disk, and what it tells people about it: once when something begins, once when it is over. The loop's thread; {@link #status} any. */
final class DiskReport {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReport.class);
    private static final long NANOS_PER_MILLISECOND = 1_000_000;

    private final NodeId self;
    private DiskStall longestStall = DiskStall.NONE;
    private volatile DiskStatus status = DiskStatus.WELL;

    DiskReport(NodeId self) {
        this.self = self;
    }

    DiskStatus status() {
        return status;
    }

    StorageSpace space() {
        return status.space();
    }

    /** The room as it is now. Says whether the level is another one than before. */
    boolean measured(StorageSpace space) {
        SpaceLevel before = space().level();
        status = new DiskStatus(space, status.stall());
        if (space.level() == before) {
            return false;
        }
        switch (space.level()) {
            case AMPLE ->
                LOG.info(
                        "node {} has room again and takes commands: {} bytes are usable in {}, {} are kept in reserve",
                        self,
                        space.usableBytes(),
                        space.location(),
                        space.reserveBytes());
            case SCARCE ->
                LOG.warn(
                        "node {} takes no commands when it leads, and goes on with everything else: {}",
                        self,
                        space.explained());
            case EXHAUSTED ->
                LOG.warn(
                        "node {} takes no commands, and none from its leader either, so that votes, memberships and a snapshot find room; reads go on"
                                + " as far as it has the entries: {}",
                        self,
                        space.explained());
        }
        return true;
    }

    /** Whether the disk hangs, as the core sees it. Says whether that is another answer than before. */
    boolean observed(DiskStall stall) {
        boolean before = status.stall().isThere();
        if (stall.isThere() || before) {
            status = new DiskStatus(space(), stall);
        }
        if (stall.isThere()) {
            longestStall = stall;
        }
        if (stall.isThere() == before) {
            return false;
        }
        if (stall.isThere()) {
            LOG.warn(
                    "the disk under node {} has hung for {} ms: {} writes wait for it, and until they are done the node neither leads nor votes nor"
                            + " acknowledges; reads that another leader confirms go on. Look at the disk and its driver (dmesg, iostat); if it does not come"
                            + " back, end this process: the others go on without it",
                    self,
                    stall.forNanos() / NANOS_PER_MILLISECOND,
                    stall.waitingWrites());
        } else {
            LOG.info(
                    "the disk under node {} works again, after more than {} ms",
                    self,
                    longestStall.forNanos() / NANOS_PER_MILLISECOND);
            longestStall = DiskStall.NONE;
        }
        return true;
    }
}
