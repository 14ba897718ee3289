package io.jangada.core.replication;

import io.jangada.core.config.Limits;
import io.jangada.core.model.NodeId;

/**
 * What a leader knows of one follower in its term.
 *
 * <p>{@code PROBE}: it is not known where the logs agree, one message at a time finds out. {@code REPLICATE}: they agree, messages are
 * sent ahead of their answers. Any doubt (a refusal, a lost message, a new connection) leads back to {@code PROBE}.
 */
final class Peer {

    enum Mode {
        PROBE,
        REPLICATE
    }

    final NodeId id;
    final Inflights inflights;
    Mode mode = Mode.PROBE;
    /** The next index to send. Always above {@link #matchIndex}. */
    long nextIndex;
    /** Durably equal to the leader's log up to here; never falls in a term. */
    long matchIndex;
    /** The commit index that was sent last. */
    long commitSent;
    /** Whether a probe is unanswered. */
    boolean probing;
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
        this.nextIndex = nextIndex;
    }

    void probeFrom(long index) {
        mode = Mode.PROBE;
        probing = false;
        lossCheckRound = 0;
        inflights.clear();
        nextIndex = Math.max(index, matchIndex + 1);
    }

    void replicate() {
        mode = Mode.REPLICATE;
        probing = false;
        nextIndex = Math.max(nextIndex, matchIndex + 1);
    }
}
