package io.jangada.core.read;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.quorum.Quorum;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The heartbeat rounds of one leader, numbered upwards, and what their answers prove.
 *
 * <p>An answer to round <i>r</i> proves that its sender still followed this leader when it received a message sent after round <i>r</i> began. What counts is
 * always the time of sending, on the monotonic clock (trap 38).
 */
public final class HeartbeatRounds {
    private static final int REMEMBERED = 1024;

    private final Supplier<Membership> membership;
    private final NodeId self;
    private final long[] sentAtNanos = new long[REMEMBERED];
    private final Map<NodeId, Long> answeredRound = new HashMap<>();
    private final Map<NodeId, Long> confirmedAtNanos = new HashMap<>();
    private final long intervalNanos;
    private final EntryTimes entries;
    private final long startNanos;
    private long round;

    /** The rounds of a leader elected just now, an interval apart as a rule: having been elected counts as a confirmation. */
    public HeartbeatRounds(Supplier<Membership> membership, NodeId self, long intervalNanos, long nowNanos) {
        this.membership = membership;
        this.self = self;
        this.intervalNanos = intervalNanos;
        this.entries = new EntryTimes(intervalNanos / 16);
        this.startNanos = nowNanos;
    }

    /** Begins a round; returns its number. */
    public long begin(long nowNanos) {
        round++;
        sentAtNanos[(int) (round % REMEMBERED)] = nowNanos;
        return round;
    }

    public long current() {
        return round;
    }

    /** An answer to a round; numbers that were never given out are ignored. */
    public void answered(NodeId node, long answered) {
        if (answered < 1 || answered > round) {
            return;
        }
        if (answered <= answeredRound.getOrDefault(node, 0L)) {
            return;
        }
        answeredRound.put(node, answered);
        if (round - answered < REMEMBERED) {
            confirm(node, sentAtNanos[(int) (answered % REMEMBERED)]);
        }
    }

    private void confirm(NodeId node, long atNanos) {
        Long known = confirmedAtNanos.get(node);
        if (known == null || atNanos - known > 0) {
            confirmedAtNanos.put(node, atNanos);
        }
    }

    /** This leader makes an entry now. */
    public void made(long index, long nowNanos) {
        entries.made(index, nowNanos);
    }

    /** This node has answered in this term that it has the entry: it followed this leader after the entry was made. Confirms leadership, but no round: reads count rounds. */
    public void has(NodeId node, long index) {
        entries.madeSince(index).ifPresent(atNanos -> confirm(node, atNanos));
    }

    /**
     * An answer of this term to something else than a round. Until the first round begins, a heartbeat interval after the election, it shows as well that its sender
     * follows this leader; what it answers was not sent before the election.
     */
    public void heard(NodeId node) {
        if (round == 0) {
            confirm(node, startNanos);
        }
    }

    /** The newest round that a majority has answered, the leader itself included. */
    public long confirmedRound() {
        return Quorum.reachedByMajority(
                membership.get(), node -> node.equals(self) ? round : answeredRound.getOrDefault(node, 0L));
    }

    /** How long ago leadership was last certain: the age of the newest time at which a majority still followed. */
    public long unconfirmedForNanos(long nowNanos) {
        // Times are counted from the start, so that a clock may begin anywhere.
        long youngest = Quorum.reachedByMajority(
                membership.get(),
                node -> node.equals(self)
                        ? nowNanos - startNanos
                        : confirmedAtNanos.getOrDefault(node, startNanos) - startNanos);
        return nowNanos - startNanos - youngest;
    }

    /** How long ago the newest message was sent that this node has answered; since this leader's start if it has answered none. */
    public long unheardForNanos(NodeId node, long nowNanos) {
        return node.equals(self) ? 0 : nowNanos - confirmedAtNanos.getOrDefault(node, startNanos);
    }

    /** How long the next round can wait where entries tell as much: until an interval after the oldest of those that the members have answered last. 0 or less if it is due. */
    public long restNanos(long nowNanos) {
        long longest = 0;
        for (NodeId node : membership.get().members()) {
            longest = Math.max(longest, unheardForNanos(node, nowNanos));
        }
        return intervalNanos - longest;
    }

    /** Whether this node has answered at all. */
    public boolean hasAnswered(NodeId node) {
        return node.equals(self) || confirmedAtNanos.containsKey(node);
    }
}
