package io.jangada.core.repair;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.log.RaftLog;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Salvage;
import io.jangada.core.step.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whom a node with a damaged disk has asked for the entries of its first gap, and what of the answers it believes.
 *
 * <p>Needs no leader, and does not care who leads: by Log Matching (§5.3) whoever has what lies behind the gap has the same entries before it. So all members are asked, each again only when it has
 * answered or had the time to.
 */
public final class GapRepair {
    private static final int MAX_DOUBLINGS = 5;

    /** What is known of one that was asked. */
    private static final class Asked {
        /** When it may be asked again. */
        long againAtNanos;

        boolean open;
        boolean lacks;
        int refusals;

        Asked(long nowNanos) {
            againAtNanos = nowNanos;
        }

        void again(long atNanos) {
            open = false;
            againAtNanos = atNanos;
        }
    }

    private final RaftConfig config;
    private final RaftLog log;
    private final long startNanos;
    private final Map<NodeId, Asked> asked = new TreeMap<>();
    private long nextNanos;

    public GapRepair(RaftConfig config, RaftLog log, long nowNanos) {
        this.config = config;
        this.log = log;
        this.startNanos = nowNanos;
        this.nextNanos = nowNanos;
    }

    /** Whether there is a gap that entries of others can fill. */
    private boolean isWanted() {
        return log.hasIslands() && !log.isAdrift();
    }

    /**
     * Whether it is too early to give up what lies behind the gap: for an election timeout after the start a leader's append that does not fit goes unanswered, so that it does not send again all
     * that is intact here for the sake of one lost record.
     */
    public boolean mayStillFill(long nowNanos) {
        return isWanted() && nowNanos - startNanos < config.timing().electionTimeoutMinNanos();
    }

    /** When {@link #proceed} is wanted next, if that is before {@code otherDeadlineNanos}; else the latter. */
    public long nextDeadlineNanos(long otherDeadlineNanos) {
        return isWanted() && nextNanos - otherDeadlineNanos < 0 ? nextNanos : otherDeadlineNanos;
    }

    /** Asks whoever the time has come for. */
    public void proceed(List<NodeId> others, long term, long nowNanos, Effects out) {
        Salvage behind = log.firstIsland();
        if (behind == null || !isWanted() || nowNanos - nextNanos < 0) {
            return;
        }
        nextNanos = nowNanos + config.timing().electionTimeoutMaxNanos();
        for (NodeId node : others) {
            Asked peer = asked.computeIfAbsent(node, unknown -> new Asked(nowNanos));
            if (nowNanos - peer.againAtNanos >= 0) {
                peer.open = true;
                peer.againAtNanos = nowNanos + config.timing().electionTimeoutMinNanos();
                out.send(new RepairRequest(
                        config.self(), node, term, log.lastIndex() + 1, behind.first(), behind.last()));
            }
            if (peer.againAtNanos - nextNanos < 0) {
                nextNanos = peer.againAtNanos;
            }
        }
    }

    /** A new connection to this node: what it was asked on an older one is lost. */
    public void onPeerConnected(NodeId node, long nowNanos) {
        Asked peer = asked.get(node);
        if (peer != null) {
            peer.refusals = 0;
            peer.again(nowNanos);
            nextNanos = nowNanos;
        }
    }

    /** An answer: the entries of it that continue the log. Empty if it is an answer to an older question, or not one that a member can give. */
    public List<Entry> accept(RepairResponse response, long nowNanos) {
        Salvage behind = log.firstIsland();
        Asked peer = asked.get(response.from());
        if (behind == null
                || !isWanted()
                || peer == null
                || !response.successor().equals(behind.first())) {
            return List.of();
        }
        List<Entry> entries = response.entries();
        List<Entry> fresh = new ArrayList<>(entries);
        fresh.removeIf(entry -> entry.index() <= log.lastIndex());
        nextNanos = nowNanos;
        peer.lacks = entries.isEmpty();
        if (fresh.isEmpty() || !fits(fresh, behind.first())) {
            peer.refusals = Math.min(peer.refusals + 1, MAX_DOUBLINGS);
            long rest = config.timing().heartbeatIntervalNanos() << peer.refusals;
            peer.again(nowNanos + Math.min(rest, config.timing().electionTimeoutMaxNanos()));
            return List.of();
        }
        // Who did not have these may have the next.
        for (Asked each : asked.values()) {
            if (!each.open || each == peer) {
                each.refusals = 0;
                each.lacks = false;
                each.again(nowNanos);
            }
        }
        return fresh;
    }

    /** Contiguous from the end of the log, terms never falling, and all before what is known to follow them. */
    private boolean fits(List<Entry> entries, LogPosition successor) {
        long index = log.lastIndex();
        long term = log.lastTerm();
        for (Entry entry : entries) {
            if (entry.index() != ++index || entry.term() < term) {
                return false;
            }
            term = entry.term();
        }
        return index < successor.index() && term <= successor.term();
    }

    /** What is missing, for people. */
    public Damage damage() {
        Salvage behind = log.firstIsland();
        if (behind == null) {
            return log.promised().isNothing() ? Damage.NONE : new Damage(0, 0, log.promised(), List.of(), List.of());
        }
        List<NodeId> lacking = new ArrayList<>();
        List<NodeId> silent = new ArrayList<>();
        asked.forEach((node, peer) -> {
            if (peer.lacks) {
                lacking.add(node);
            } else if (peer.open) {
                silent.add(node);
            }
        });
        return new Damage(log.lastIndex() + 1, behind.firstIndex() - 1, log.promised(), lacking, silent);
    }
}
