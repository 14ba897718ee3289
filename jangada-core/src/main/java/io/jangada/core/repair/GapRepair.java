package io.jangada.core.repair;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.log.RaftLog;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Salvage;
import io.jangada.core.step.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whom a node with a damaged disk has asked for the entries that it lacks first, in a gap or at the end, and what of the answers it believes.
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
    private boolean hasGap() {
        return log.hasIslands() && !log.isAdrift();
    }

    /** Whether the end of the log is missing, and it is known up to where. */
    private boolean lacksEnd() {
        return !log.hasIslands() && isMissing(log.promised().certain());
    }

    private boolean isMissing(LogPosition entry) {
        return entry.isAfter(log.last()) && entry.index() > log.lastIndex();
    }

    private boolean isWanted() {
        boolean whole = log.promised().isNothing() && !log.hasIslands();
        return !whole && wanted() != null;
    }

    /** What is asked for: null if nothing is. */
    private @Nullable Wanted wanted() {
        Salvage behind = log.firstIsland();
        if (behind != null && hasGap()) {
            return new Wanted(behind.firstIndex() - 1, behind.first(), behind.last());
        }
        // What was perhaps never written somebody may have all the same, and then there is no doubt any more.
        LogPosition end = lacksEnd() ? log.promised().certain() : log.promised().possible();
        return !log.hasIslands() && !log.isAdrift() && isMissing(end) ? new Wanted(end.index(), end, end) : null;
    }

    /** The question to all: up to where entries are missing, and what shows that they are the right ones. */
    private record Wanted(long toIndex, LogPosition successor, LogPosition end) {}

    /**
     * Whether it is too early to give up what lies behind the gap: for an election timeout after the start a leader's append that does not fit goes unanswered, so that it does not send again all
     * that is intact here for the sake of one lost record.
     */
    public boolean mayStillFill(long nowNanos) {
        return hasGap() && nowNanos - startNanos < config.timing().electionTimeoutMinNanos();
    }

    /** When {@link #proceed} is wanted next, if that is before {@code otherDeadlineNanos}; else the latter. */
    public long nextDeadlineNanos(long otherDeadlineNanos) {
        return isWanted() && nextNanos - otherDeadlineNanos < 0 ? nextNanos : otherDeadlineNanos;
    }

    /** Whether the time has come to ask somebody; never on a node whose disk is whole. */
    public boolean isDue(long nowNanos) {
        return isWanted() && nowNanos - nextNanos >= 0;
    }

    /** Asks whoever the time has come for, the members in what is intact behind gaps too. */
    public void proceed(List<NodeId> others, long term, long nowNanos, Effects out) {
        Wanted wanted = wanted();
        if (wanted == null) {
            return;
        }
        nextNanos = nowNanos + config.timing().electionTimeoutMaxNanos();
        if (wanted.end().term() > term) {
            // The term was lost with a write that was under way; a leader of it, or of a later one, brings the entries.
            return;
        }
        for (NodeId node : withMembersBehindGaps(others)) {
            Asked peer = asked.computeIfAbsent(node, unknown -> new Asked(nowNanos));
            if (nowNanos - peer.againAtNanos >= 0) {
                peer.open = true;
                peer.againAtNanos = nowNanos + config.timing().electionTimeoutMinNanos();
                out.send(new RepairRequest(
                        config.self(), node, term, log.last(), wanted.toIndex(), wanted.successor(), wanted.end()));
            }
            if (peer.againAtNanos - nextNanos < 0) {
                nextNanos = peer.againAtNanos;
            }
        }
    }

    private Set<NodeId> withMembersBehindGaps(List<NodeId> others) {
        Set<NodeId> all = new TreeSet<>(others);
        for (Salvage part : log.islands()) {
            for (MembershipAt at : part.memberships()) {
                all.addAll(at.membership().members());
            }
        }
        all.remove(config.self());
        return all;
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
        Wanted wanted = wanted();
        Asked peer = asked.get(response.from());
        if (wanted == null || peer == null || !response.successor().equals(wanted.successor())) {
            return List.of();
        }
        List<Entry> entries = response.entries();
        List<Entry> fresh = new ArrayList<>(entries);
        fresh.removeIf(
                entry -> entry.index() <= log.lastIndex() && log.has(new LogPosition(entry.index(), entry.term())));
        nextNanos = nowNanos;
        peer.lacks = entries.isEmpty();
        if (fresh.isEmpty() || !follows(response.previous()) || !fits(fresh, wanted)) {
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

    /** Whether what followed when it was asked for follows still. */
    private boolean follows(LogPosition previous) {
        return previous.index() == 0 || log.has(previous);
    }

    /** Contiguous from the end of the log, terms never falling, and all up to what is known of them. */
    private boolean fits(List<Entry> entries, Wanted wanted) {
        long index = log.lastIndex();
        long term = log.lastTerm();
        for (Entry entry : entries) {
            if (entry.index() != ++index || entry.term() < term) {
                return false;
            }
            term = entry.term();
        }
        return index <= wanted.toIndex() && term <= wanted.successor().term();
    }

    /** What is missing, for people. */
    public Damage damage() {
        Salvage behind = log.firstIsland();
        if (behind == null && !lacksEnd()) {
            return log.promised().isNothing() ? Damage.NONE : new Damage(0, 0, log.promised(), List.of(), List.of());
        }
        long last = behind == null ? log.promised().certain().index() : behind.firstIndex() - 1;
        List<NodeId> lacking = new ArrayList<>();
        List<NodeId> silent = new ArrayList<>();
        asked.forEach((node, peer) -> {
            if (peer.lacks) {
                lacking.add(node);
            } else if (peer.open) {
                silent.add(node);
            }
        });
        return new Damage(log.lastIndex() + 1, last, log.promised(), lacking, silent);
    }
}
