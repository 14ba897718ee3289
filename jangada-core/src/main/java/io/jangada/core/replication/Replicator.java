package io.jangada.core.replication;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.log.RaftLog;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.snapshot.SnapshotSource;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What to send to each follower: finds where the logs agree, then keeps as many messages in flight as the limits allow.
 *
 * <p>Belongs to one leader and one term. Sends at once whenever there is something to send; nothing waits for a timer but
 * the repetition of what was lost.
 */
public final class Replicator {
    private final RaftConfig config;
    private final RaftLog log;
    private final long term;
    private final SnapshotSource source;
    private MembershipAt membership;
    /** The highest commit index that any of the others may go by. */
    private long announcedCommit;
    /**
     * The entry with which the term begins, if everything before it was known to be committed: nobody waits for news of it, so it comes with the next heartbeat or
     * append. 0 if news of every commit is wanted at once.
     */
    private long quietIndex;

    private final List<Peer> peers = new ArrayList<>();

    public Replicator(RaftConfig config, RaftLog log, long term, MembershipAt membership) {
        this.config = config;
        this.log = log;
        this.term = term;
        this.source = new SnapshotSource(config, log, term);
        this.membership = membership;
        this.quietIndex = log.commitIndex() == log.lastIndex() ? log.lastIndex() + 1 : 0;
        admit();
    }

    private void admit() {
        for (NodeId node : membership.membership().members()) {
            if (!node.equals(config.self()) && peer(node) == null) {
                peers.add(new Peer(node, config.limits(), log.lastIndex() + 1));
            }
        }
    }

    /**
     * Another membership is in force. Who stays keeps what is known of it, whatever its part is now (trap 34); who is new is sent to; who has left is sent to until it
     * knows that it has.
     */
    public void membershipChanged(MembershipAt latest, long nowNanos) {
        membership = latest;
        admit();
        for (Peer peer : peers) {
            if (latest.membership().isMember(peer.id)) {
                peer.departedAtIndex = 0;
            } else if (peer.departedAtIndex == 0) {
                peer.departedAtIndex = latest.index();
                peer.departureDeadlineNanos = nowNanos + 2 * config.timing().electionTimeoutMaxNanos();
            }
        }
    }

    /** This node has come back with another data folder: what was known of its log says nothing any more (trap 34). */
    public void forget(NodeId node) {
        Peer known = peer(node);
        if (known != null) {
            Peer fresh = new Peer(node, config.limits(), log.lastIndex() + 1);
            fresh.departedAtIndex = known.departedAtIndex;
            fresh.departureDeadlineNanos = known.departureDeadlineNanos;
            peers.set(peers.indexOf(known), fresh);
        }
    }

    /** A follower reads, and its read may have to wait for the commit index there: no news waits for a heartbeat from now on. */
    public void endQuiet() {
        quietIndex = 0;
    }

    private void letGo(long nowNanos) {
        peers.removeIf(peer -> peer.departedAtIndex != 0
                && (Math.min(peer.commitSent, peer.matchIndex) >= peer.departedAtIndex
                        || nowNanos - peer.departureDeadlineNanos >= 0));
    }

    /** How far the log of this node is known to be durably equal to the leader's; the leader's own counts as far as it is durable. */
    public long matchIndex(NodeId node) {
        if (node.equals(config.self())) {
            return log.persistedIndex();
        }
        Peer peer = peer(node);
        return peer == null ? 0 : peer.matchIndex;
    }

    /** Whether every follower takes entries as they come, and learns from those on their way to it, or has been told already, what is committed: no heartbeat has news for any of them. */
    public boolean areAllUpToDate() {
        for (Peer peer : peers) {
            boolean follows = peer.mode == Peer.Mode.REPLICATE && peer.departedAtIndex == 0;
            if (!follows || (peer.inflights.isEmpty() && peer.commitSent < log.commitIndex())) {
                return false;
            }
        }
        return true;
    }

    /** How far each of the others is, with the help of how long ago each was heard. */
    public List<PeerProgress> progress(ToLongFunction<NodeId> unheardForNanos) {
        List<PeerProgress> progress = new ArrayList<>();
        for (Peer peer : peers) {
            PeerProgress.State state =
                    switch (peer.mode) {
                        case PROBE -> PeerProgress.State.PROBE;
                        case REPLICATE -> PeerProgress.State.REPLICATE;
                        case SNAPSHOT -> PeerProgress.State.SNAPSHOT;
                    };
            progress.add(new PeerProgress(
                    peer.id, state, peer.matchIndex, peer.nextIndex, unheardForNanos.applyAsLong(peer.id)));
        }
        return progress;
    }

    /** There are entries that nobody has been sent. They go out now, or once they are on this node's disk. */
    public void appended(long nowNanos, Effects out) {
        if (!config.options().durableFirst()) {
            sendToAll(nowNanos, out);
        }
    }

    /** Something is on this node's disk now. */
    public void persisted(long nowNanos, Effects out) {
        if (config.options().durableFirst()) {
            sendToAll(nowNanos, out);
        }
    }

    /** The last entry that may be sent. */
    private long lastToSend() {
        return config.options().durableFirst() ? log.persistedIndex() : log.lastIndex();
    }

    /** Sends to every follower whatever it can take now. */
    public void sendToAll(long nowNanos, Effects out) {
        for (Peer peer : peers) {
            sendTo(peer, nowNanos, out);
        }
    }

    /**
     * Repeats what seems lost: an unanswered probe, or messages that were not answered for an election timeout. Called with each heartbeat.
     *
     * @param unheardForNanos how long ago each node was heard; whoever was silent for an election timeout is asked again when it answers a heartbeat
     */
    public void repeatLost(long round, ToLongFunction<NodeId> unheardForNanos, long nowNanos, Effects out) {
        letGo(nowNanos);
        for (Peer peer : peers) {
            if (peer.inflights.oldestIsOlderThan(config.timing().electionTimeoutMinNanos(), nowNanos)) {
                peer.probeFrom(peer.matchIndex + 1);
            }
            if (!peer.probing || needsSnapshot(peer)) {
                sendTo(peer, nowNanos, out);
            } else if (peer.departedAtIndex != 0
                    || unheardForNanos.applyAsLong(peer.id) < config.timing().electionTimeoutMinNanos()) {
                repeatProbe(peer, out);
            } else {
                peer.silent = true;
            }
            if (peer.lossCheckRound == 0) {
                peer.lossCheckRound = round;
                peer.lossCheckIndex = peer.nextIndex - 1;
            }
        }
    }

    /** The repeated question carries no entries, so that a follower that is slow or down costs neither line nor disk. */
    private void repeatProbe(Peer peer, Effects out) {
        peer.silent = false;
        sendAppend(peer, List.of(), out);
    }

    /** The answer to an append. Says whether it moved the follower's match index. */
    public boolean onAppendResponse(AppendResponse response, long nowNanos, Effects out) {
        Peer peer = peer(response.from());
        if (peer == null || response.matchIndex() > log.lastIndex() || response.matchIndex() < 0) {
            return false;
        }
        boolean moved = response.success() ? onMatch(peer, response.matchIndex()) : onMismatch(peer, response);
        sendTo(peer, nowNanos, out);
        return moved;
    }

    private boolean onMatch(Peer peer, long matchIndex) {
        boolean moved = matchIndex > peer.matchIndex;
        peer.matchIndex = Math.max(peer.matchIndex, matchIndex);
        // A late answer may know more than what was sent again since: nothing that is there already is sent once more.
        peer.nextIndex = Math.max(peer.nextIndex, peer.matchIndex + 1);
        peer.inflights.acknowledge(matchIndex);
        if (peer.mode == Peer.Mode.PROBE && matchIndex >= peer.nextIndex - 1) {
            peer.replicate();
        } else if (peer.mode == Peer.Mode.SNAPSHOT) {
            leaveSnapshot(peer);
        }
        return moved;
    }

    private boolean onMismatch(Peer peer, AppendResponse response) {
        long refused = response.matchIndex();
        if (response.lost() && refused <= peer.matchIndex) {
            onLost(peer, response);
            return false;
        }
        boolean late = refused <= peer.matchIndex
                || peer.mode == Peer.Mode.SNAPSHOT
                || (peer.mode == Peer.Mode.PROBE ? refused != peer.nextIndex - 1 : refused >= peer.nextIndex);
        if (!late) {
            long hint = log.lastIndexWithTermAtMost(response.conflictTerm(), response.conflictIndex());
            peer.probeFrom(Math.min(hint + 1, refused));
        }
        return false;
    }

    /**
     * A damaged disk has lost entries that this leader has counted, and may have committed with: they stay committed, since that node votes as if it had them. It is sent them again. Nothing else
     * lowers a match index; if this answer is late, the next one raises it again.
     */
    private void onLost(Peer peer, AppendResponse response) {
        long hint = log.lastIndexWithTermAtMost(response.conflictTerm(), response.conflictIndex());
        peer.matchIndex = Math.min(peer.matchIndex, hint);
        if (peer.mode != Peer.Mode.SNAPSHOT) {
            peer.probeFrom(hint + 1);
        }
    }

    /** The answer to a heartbeat: a follower that lacks what was sent before the heartbeat has lost it on the way, or from its disk. */
    public void onHeartbeatResponse(HeartbeatResponse response, long nowNanos, Effects out) {
        Peer peer = peer(response.from());
        if (peer != null && peer.silent && peer.probing && !needsSnapshot(peer)) {
            repeatProbe(peer, out);
        }
        if (peer == null || peer.lossCheckRound == 0 || response.round() < peer.lossCheckRound) {
            return;
        }
        // Answers that take longer than a heartbeat interval count too: a check stays open until one arrives.
        peer.lossCheckRound = 0;
        if (peer.mode == Peer.Mode.REPLICATE
                && response.lastLogIndex() < peer.lossCheckIndex
                && (peer.matchIndex < peer.lossCheckIndex || response.lastLogIndex() < peer.matchIndex)) {
            peer.probeFrom(Math.min(response.lastLogIndex() + 1, peer.nextIndex));
            sendTo(peer, nowNanos, out);
        }
    }

    /** A new connection: whatever was in flight on the old one is lost. */
    public void onPeerConnected(NodeId node, long nowNanos, Effects out) {
        Peer peer = peer(node);
        if (peer != null && peer.mode == Peer.Mode.SNAPSHOT) {
            peer.snapshot.onPeerConnected(source, nowNanos, out);
        } else if (peer != null) {
            peer.probeFrom(peer.mode == Peer.Mode.REPLICATE ? peer.matchIndex + 1 : peer.nextIndex);
            sendTo(peer, nowNanos, out);
        }
    }

    /** Entries that had to come from the disk. They are sent if they are still what the follower needs next. */
    public void onLoaded(Event.Loaded loaded, long nowNanos, Effects out) {
        Peer peer = peer(loaded.request().peer());
        if (peer == null || loaded.request().term() != term) {
            return;
        }
        peer.loading = false;
        List<Entry> entries = loaded.entries();
        boolean wanted = !entries.isEmpty()
                && entries.get(0).index() == peer.nextIndex
                && peer.mode != Peer.Mode.SNAPSHOT
                && !needsSnapshot(peer)
                && !peer.inflights.isFull()
                && !peer.probing;
        if (wanted) {
            sendEntries(peer, entries, nowNanos, out);
        }
        // An empty answer means that the disk did not have them: the next heartbeat asks again.
        if (!entries.isEmpty()) {
            sendTo(peer, nowNanos, out);
        }
    }

    /** Sends to the followers that are being sent a snapshot whatever the time has come for. */
    public void sendPieces(long nowNanos, Effects out) {
        for (Peer peer : peers) {
            if (peer.mode == Peer.Mode.SNAPSHOT) {
                peer.snapshot.proceed(source, nowNanos, out);
            }
        }
    }

    /** When {@link #sendPieces} is wanted next, if that is before {@code otherDeadlineNanos}; else the latter. */
    public long nextDeadlineNanos(long otherDeadlineNanos) {
        long deadline = otherDeadlineNanos;
        for (Peer peer : peers) {
            deadline = peer.snapshot.earliestDeadlineNanos(deadline);
        }
        return deadline;
    }

    /** A piece of a snapshot that had to come from the disk. */
    public void onChunkRead(Event.ChunkRead read, long nowNanos, Effects out) {
        Peer peer = peer(read.request().peer());
        if (peer != null) {
            peer.snapshot.onChunkRead(read, source, nowNanos, out);
        }
    }

    /** The answer to a piece of a snapshot. It moves no commit index: what a snapshot covers is committed. */
    public void onSnapshotResponse(SnapshotResponse response, long nowNanos, Effects out) {
        Peer peer = peer(response.from());
        if (peer == null || response.snapshotIndex() < 1 || response.snapshotIndex() > log.commitIndex()) {
            return;
        }
        long reached = response.snapshotIndex();
        if (response.outcome() == SnapshotOutcome.INSTALLED) {
            onInstalled(peer, response);
        } else if (peer.mode != Peer.Mode.SNAPSHOT || !peer.snapshot.isAnsweredBy(response)) {
            return;
        } else if (response.outcome() == SnapshotOutcome.NOT_NEEDED) {
            // It has committed as much, which does not say that its disk has it: that is found out by asking.
            peer.probeFrom(reached + 1);
        } else {
            peer.snapshot.onAnswer(response, source, nowNanos, out);
            if (response.outcome() == SnapshotOutcome.REJECTED && !needsSnapshot(peer)) {
                // The entries are still there.
                peer.probeFrom(peer.nextIndex);
            }
        }
        sendTo(peer, nowNanos, out);
    }

    /** A promise like that of an append, whichever snapshot of this term it is about: the follower's log equals the leader's up to there, durably. */
    private void onInstalled(Peer peer, SnapshotResponse response) {
        if (peer.snapshot.isAnsweredBy(response)) {
            peer.snapshot.stop();
        }
        onMatch(peer, response.snapshotIndex());
    }

    /** Any answer that shows that the follower's log reaches what is left here ends the wait for a snapshot, whichever it was that got it there. */
    private void leaveSnapshot(Peer peer) {
        if (!source.isWanted(peer.matchIndex + 1, peer.snapshot.refusedIndex())) {
            peer.nextIndex = peer.matchIndex + 1;
            peer.replicate();
        }
    }

    private boolean needsSnapshot(Peer peer) {
        return source.isWanted(peer.nextIndex, peer.snapshot.refusedIndex());
    }

    private void sendTo(Peer peer, long nowNanos, Effects out) {
        if (peer.mode != Peer.Mode.SNAPSHOT && needsSnapshot(peer)) {
            peer.awaitSnapshot();
        }
        if (peer.mode == Peer.Mode.SNAPSHOT) {
            peer.snapshot.proceed(source, nowNanos, out);
        }
        while (canSend(peer)) {
            if (peer.nextIndex > lastToSend()) {
                sendCommitOrProbe(peer, out);
                return;
            }
            List<Entry> entries =
                    log.slice(peer.nextIndex, lastToSend(), config.limits().maxAppendBytes());
            if (entries.isEmpty()) {
                load(peer, out);
                return;
            }
            sendEntries(peer, entries, nowNanos, out);
        }
    }

    private static boolean canSend(Peer peer) {
        return switch (peer.mode) {
            case PROBE -> !peer.probing && !peer.loading;
            case REPLICATE -> !peer.inflights.isFull() && !peer.loading;
            case SNAPSHOT -> false;
        };
    }

    private void load(Peer peer, Effects out) {
        peer.loading = true;
        out.load(new Effects.Load(
                peer.id, term, peer.nextIndex, lastToSend(), config.limits().maxAppendBytes()));
    }

    private void sendEntries(Peer peer, List<Entry> entries, long nowNanos, Effects out) {
        sendAppend(peer, entries, out);
        if (peer.mode == Peer.Mode.PROBE) {
            peer.probing = true;
            return;
        }
        long weight = 0;
        for (Entry entry : entries) {
            weight += entry.weight();
        }
        peer.nextIndex += entries.size();
        peer.inflights.add(peer.nextIndex - 1, weight, nowNanos);
    }

    /** Nothing to send but news of the commit index, at once if the line is idle, or the question where the logs agree. */
    private void sendCommitOrProbe(Peer peer, Effects out) {
        if (peer.mode == Peer.Mode.PROBE) {
            sendAppend(peer, List.of(), out);
            peer.probing = true;
        } else if (peer.inflights.isEmpty()) {
            sendCommit(peer, out);
        }
    }

    /** Needs no answer, so that the news costs one message and not two. */
    private void sendCommit(Peer peer, Effects out) {
        long commit = Math.min(log.commitIndex(), peer.matchIndex);
        if (peer.commitSent < commit && commit != quietIndex) {
            out.send(new CommitNotice(config.self(), peer.id, term, commit));
            peer.commitSent = commit;
        }
    }

    private void sendAppend(Peer peer, List<Entry> entries, Effects out) {
        long prevIndex = peer.nextIndex - 1;
        long commit = commitWith(peer, prevIndex + entries.size());
        out.send(new AppendRequest(config.self(), peer.id, term, prevIndex, log.termAt(prevIndex), entries, commit));
        peer.commitSent = commit;
    }

    /** What is committed as soon as this follower has the log up to this entry durably, as the others have what they have; it must go by the same membership then. */
    private long commitWith(Peer peer, long index) {
        if (!config.options().durableFirst() || index < membership.index()) {
            return log.commitIndex();
        }
        long commit = CommitRule.commitIndex(
                log, membership.membership(), term, node -> node.equals(peer.id) ? index : matchIndex(node));
        announcedCommit = Math.max(announcedCommit, commit);
        return commit;
    }

    /** The last entry that may be committed and applied anywhere: what is read must not be older. Followers may know of a commit before this leader has their answer. */
    public long readIndex() {
        return Math.max(announcedCommit, log.commitIndex());
    }

    private @Nullable Peer peer(NodeId node) {
        for (Peer peer : peers) {
            if (peer.id.equals(node)) {
                return peer;
            }
        }
        return null;
    }
}
