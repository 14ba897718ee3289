package io.jangada.core.replication;

import io.jangada.core.config.Limits;
import io.jangada.core.model.NodeId;
import io.jangada.core.snapshot.SnapshotSending;

/**
 * What a leader knows of one follower in its term.
 *
 * <p>{@code PROBE}: it is not known where the logs agree, one message at a time finds out. {@code REPLICATE}: they agree, messages are
 * sent ahead of their answers. Any doubt (a refusal, a lost message, a new connection) leads back to {@code PROBE}. {@code SNAPSHOT}: a
 * snapshot is on its way in place of entries; none are sent until its log is known to reach what the leader still has.
 */
final class Peer {

    enum Mode {
        PROBE,
        REPLICATE,
        SNAPSHOT
    }

    final NodeId id;
    final Inflights inflights;
    final SnapshotSending snapshot;
    Mode mode = Mode.PROBE;
    /** The next index to send. Always above {@link #matchIndex}. */
    long nextIndex;
    /** Durably equal to the leader's log up to here; falls in a term only when the follower says that its disk has lost what it had. */
    long matchIndex;
    /** The commit index that was sent last. */
    long commitSent;
    /** Whether a probe is unanswered. */
    boolean probing;
    /** Whether an unanswered probe waits for a sign of life before it is repeated. */
    boolean silent;
    /** Whether entries for this follower are being read from the disk. */
    boolean loading;
    /** The last entry sent before the heartbeat of {@link #lossCheckRound}. */
    long lossCheckIndex;
    /** The first round whose answer tells whether {@link #lossCheckIndex} has arrived; 0 while nothing is checked. */
    long lossCheckRound;

    /** The entry with which this node ceased to be a member; 0 for a member. It is told so before it is let go. */
    long departedAtIndex;
    /** When one that ceased to be a member is let go, told or not. */
    long departureDeadlineNanos;

    Peer(NodeId id, Limits limits, long nextIndex) {
        this.id = id;
        this.inflights = new Inflights(limits);
        this.snapshot = new SnapshotSending(id);
        this.nextIndex = nextIndex;
    }

    void probeFrom(long index) {
        mode = Mode.PROBE;
        snapshot.stop();
        probing = false;
        lossCheckRound = 0;
        inflights.clear();
        nextIndex = Math.max(index, matchIndex + 1);
    }

    void awaitSnapshot() {
        // What was sent ahead and is not answered counts as lost, as everywhere.
        probeFrom(mode == Mode.REPLICATE ? matchIndex + 1 : nextIndex);
        mode = Mode.SNAPSHOT;
    }

    void replicate() {
        mode = Mode.REPLICATE;
        snapshot.stop();
        probing = false;
        nextIndex = Math.max(nextIndex, matchIndex + 1);
    }
}
