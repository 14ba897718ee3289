package io.jangada.transport;

/**
 * What a transport has done since its start. Counted without locks, so that a picture taken under load may be a few messages apart in itself.
 *
 * @param sentMessages handed to a connection; whether they arrive nobody knows
 * @param sentBytes the same in bytes on the wire
 * @param receivedMessages well-formed, for whatever group
 * @param receivedBytes the same in bytes on the wire
 * @param droppedNotConnected messages for a peer without a connection, or that is no peer, or whose connection broke with them in its queue
 * @param droppedQueueFull messages that did not fit under {@link TransportLimits#maxQueueBytesPerPeer} or {@link TransportLimits#maxBulkQueueBytesPerPeer}
 * @param droppedTooLarge messages above {@link TransportLimits#maxFrameBytes}, or with a membership too large to be encoded
 * @param droppedNoReceiver received messages for a group that has no receiver here
 * @param receiverFailures received messages on which their receiver threw
 * @param connectionsOpened outgoing connections whose handshake was accepted
 * @param connectFailures outgoing connections that failed or were refused
 * @param connectionsAccepted incoming connections whose handshake was accepted
 * @param connectionsRefused incoming connections without an acceptable handshake
 * @param malformedFrames frames that no node sends; each cost its connection
 * @param identityRefused how often a peer refused this node because its data folder is not the one the cluster knows it by; more than 0 needs an operator
 */
public record TransportStats(
        long sentMessages,
        long sentBytes,
        long receivedMessages,
        long receivedBytes,
        long droppedNotConnected,
        long droppedQueueFull,
        long droppedTooLarge,
        long droppedNoReceiver,
        long receiverFailures,
        long connectionsOpened,
        long connectFailures,
        long connectionsAccepted,
        long connectionsRefused,
        long malformedFrames,
        long identityRefused) {

    /** All messages that were not carried on, for whatever reason. */
    public long dropped() {
        return droppedNotConnected + droppedQueueFull + droppedTooLarge + droppedNoReceiver;
    }
}
