package io.jangada.transport;

import java.util.concurrent.atomic.LongAdder;

/** The running totals behind {@link TransportStats}. */
final class Counters {
    final LongAdder sentMessages = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder receivedMessages = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder droppedNotConnected = new LongAdder();
    final LongAdder droppedQueueFull = new LongAdder();
    final LongAdder droppedTooLarge = new LongAdder();
    final LongAdder droppedNoReceiver = new LongAdder();
    final LongAdder receiverFailures = new LongAdder();
    final LongAdder connectionsOpened = new LongAdder();
    final LongAdder connectFailures = new LongAdder();
    final LongAdder connectionsAccepted = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder malformedFrames = new LongAdder();
    final LongAdder identityRefused = new LongAdder();

    TransportStats snapshot() {
        return new TransportStats(
                sentMessages.sum(),
                sentBytes.sum(),
                receivedMessages.sum(),
                receivedBytes.sum(),
                droppedNotConnected.sum(),
                droppedQueueFull.sum(),
                droppedTooLarge.sum(),
                droppedNoReceiver.sum(),
                receiverFailures.sum(),
                connectionsOpened.sum(),
                connectFailures.sum(),
                connectionsAccepted.sum(),
                connectionsRefused.sum(),
                malformedFrames.sum(),
                identityRefused.sum());
    }
}
