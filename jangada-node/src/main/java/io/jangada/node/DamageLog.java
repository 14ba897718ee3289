package io.jangada.node;

import io.jangada.core.model.Damage;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people in the log what a damaged disk has lost, when it is there again, and, now and then, why it is not yet and what helps. */
final class DamageLog {
    private static final Logger LOG = LoggerFactory.getLogger(DamageLog.class);
    /** How often a state that lasts is told again. */
    private static final long INTERVAL_NANOS = 10_000_000_000L;

    private final NodeId self;
    private Damage told = Damage.NONE;
    private long toldAtNanos;

    DamageLog(NodeId self) {
        this.self = self;
    }

    /** What is missing after a step. */
    void observe(Damage present, long nowNanos) {
        if (present.isNone() && told.isNone()) {
            return;
        }
        boolean sameGap = present.hasGap() == told.hasGap() && present.lastMissing() == told.lastMissing();
        boolean samePromise = present.promised().equals(told.promised());
        if (!sameGap) {
            gapChanged(present);
        } else if (!samePromise) {
            promiseChanged(present);
        } else if (nowNanos - toldAtNanos >= INTERVAL_NANOS) {
            stillMissing(present);
        } else {
            return;
        }
        told = present;
        toldAtNanos = nowNanos;
    }

    private void gapChanged(Damage present) {
        if (told.hasGap()) {
            LOG.info("node {} has done with the damaged entries up to {}", self, told.lastMissing());
        }
        if (present.hasGap()) {
            LOG.warn(
                    "entries {}..{} are damaged on the disk of node {}; getting them from the other members",
                    present.firstMissing(),
                    present.lastMissing(),
                    self);
        } else if (present.isNone() || !told.hasGap()) {
            promiseChanged(present);
        }
    }

    private void promiseChanged(Damage present) {
        if (present.isNone()) {
            LOG.info("node {} has everything again that its damaged disk had lost", self);
        } else {
            LOG.warn(
                    "the end of the log of node {} is damaged: it may have acknowledged entries up to {}, and votes as if it had them until a leader has sent them again",
                    self,
                    text(present.promised().possible()));
        }
    }

    private void stillMissing(Damage present) {
        if (present.hasGap()) {
            LOG.warn(
                    "node {} still lacks entries {}..{}; not there on {}, no answer from {}. It goes on when a member that has them is back, or a leader that is elected"
                            + " without them; if neither can be, see 'jangada recover'",
                    self,
                    present.firstMissing(),
                    present.lastMissing(),
                    present.lacking(),
                    present.silent());
        } else {
            LOG.warn(
                    "node {} still waits for a leader that has what it acknowledged, entry {} for certain and {} perhaps; bring back the missing members, or see 'jangada recover'",
                    self,
                    text(present.promised().certain()),
                    text(present.promised().possible()));
        }
    }

    private static String text(LogPosition position) {
        return position.index() + " of term " + position.term();
    }
}
