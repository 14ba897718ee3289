package io.jangada.core.model;

/**
 * How far a leader has brought one of the others.
 *
 * @param state how it is being sent to
 * @param matchIndex its log is known to be durably equal to the leader's up to here
 * @param nextIndex the next entry to send
 * @param unheardForNanos how long ago the newest message was sent that it has answered; as long as this leader has led if it never has
 */
public record PeerProgress(NodeId node, State state, long matchIndex, long nextIndex, long unheardForNanos) {
    /** How a follower is being sent to. */
    public enum State {
        /** Where the logs agree is being found out, one message at a time. */
        PROBE,
        /** Entries are sent ahead of their answers. */
        REPLICATE,
        /** A snapshot is on its way. */
        SNAPSHOT
    }
}
