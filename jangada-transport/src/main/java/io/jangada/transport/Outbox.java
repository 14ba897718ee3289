package io.jangada.transport;

import io.jangada.transport.wire.FrameEncoder;
import io.jangada.transport.wire.OutgoingFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * The messages on their way into one connection, bounded in bytes.
 *
 * <p>Any thread adds; the connection's thread drains: it takes as many messages as fit into one buffer, encodes them one behind the other, and
 * writes them with one system call. One wake-up serves all messages added until it runs. While the connection has too many unsent bytes
 * nothing is drained, the queue fills, and what does not fit is dropped.
 */
final class Outbox {

    /** A batch ends with the message that reaches this size. */
    private static final int BATCH_BYTES = 256 << 10;

    /** What a queued message costs besides its bytes, roughly. */
    private static final int MESSAGE_COST_BYTES = 64;

    private final Channel channel;
    private final Counters counters;
    private final long maxBytes;
    private final long stallTimeoutNanos;
    private final Queue<OutgoingFrame> queue = new MpscUnboundedAtomicArrayQueue<>(1_024);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean wakeUpPending = new AtomicBoolean();
    private final Runnable drain = this::drain;
    private final WriteWatch watch = new WriteWatch();
    private final List<OutgoingFrame> batch = new ArrayList<>();
    private boolean draining;
    private boolean closed;
    private boolean stallWatched;
    private int writesOpen;

    /** Moves on whenever the kernel takes something, however little of a large write. */
    private long progress;

    Outbox(Channel channel, TransportContext context, long maxBytes) {
        this.channel = channel;
        this.counters = context.counters();
        this.maxBytes = maxBytes;
        this.stallTimeoutNanos = context.config().timing().deadPeerTimeoutNanos();
    }

    /** Takes the message, or drops and counts it. Any thread; never blocks. */
    void add(OutgoingFrame frame) {
        long cost = cost(frame);
        if (queuedBytes.addAndGet(cost) > maxBytes) {
            queuedBytes.addAndGet(-cost);
            counters.droppedQueueFull.increment();
            return;
        }
        queue.add(frame);
        if (wakeUpPending.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(drain);
            } catch (RejectedExecutionException e) {
                counters.droppedNotConnected.increment();
            }
        }
    }

    /** Writes what waits, as far as the connection takes it. Its thread only; called again when it takes more. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            do {
                while (!closed && channel.isWritable() && takeBatch()) {
                    writeBatch();
                }
                if (closed) {
                    discard();
                } else if (!queue.isEmpty() && !channel.isWritable()) {
                    // The connection calls again when it takes more. A queue that is not empty is no reason by itself:
                    // a message
                    // may have come since the last look, and then nobody else would wake this up.
                    watchForStall();
                    return;
                }
                wakeUpPending.set(false);
            } while (!queue.isEmpty() && wakeUpPending.compareAndSet(false, true));
        } catch (RuntimeException | OutOfMemoryError e) {
            // Ends the connection; left alone, the queue would wait for a wake-up that never comes.
            channel.pipeline().fireExceptionCaught(e);
        } finally {
            draining = false;
        }
    }

    private boolean takeBatch() {
        long bytes = 0;
        while (bytes < BATCH_BYTES) {
            OutgoingFrame frame = queue.poll();
            if (frame == null) {
                break;
            }
            batch.add(frame);
            bytes += frame.size();
        }
        return !batch.isEmpty();
    }

    private void writeBatch() {
        long cost = 0;
        int bytes = 0;
        for (OutgoingFrame frame : batch) {
            cost += cost(frame);
            bytes += Math.toIntExact(frame.size());
        }
        ByteBuf buffer = channel.alloc().directBuffer(bytes, bytes);
        boolean encoded = false;
        try {
            FrameEncoder encoder = new FrameEncoder(buffer.internalNioBuffer(0, bytes));
            for (OutgoingFrame frame : batch) {
                encoder.encode(frame);
            }
            buffer.writerIndex(bytes);
            encoded = true;
        } finally {
            if (!encoded) {
                buffer.release();
            }
        }
        counters.sentMessages.add(batch.size());
        counters.sentBytes.add(bytes);
        batch.clear();
        queuedBytes.addAndGet(-cost);
        writesOpen++;
        ChannelProgressivePromise promise = channel.newProgressivePromise();
        promise.addListener(watch);
        var unused = channel.writeAndFlush(buffer, promise);
    }

    /** Whether nothing waits and the kernel has taken everything. The connection's thread only. */
    boolean isDrained() {
        return queuedBytes.get() == 0 && writesOpen == 0;
    }

    private final class WriteWatch implements ChannelProgressiveFutureListener {
        @Override
        public void operationProgressed(ChannelProgressiveFuture write, long bytes, long total) {
            progress++;
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture write) {
            progress++;
            writesOpen--;
            Throwable cause = write.cause();
            if (cause != null && !closed) {
                // The connection ends with a failed write, but only here is known why.
                channel.pipeline().fireExceptionCaught(cause);
            }
        }
    }

    /** A peer that reads nothing although there is much to read is as good as dead: its connection is given up, and perhaps a new one does better. */
    private void watchForStall() {
        if (stallWatched) {
            return;
        }
        stallWatched = true;
        long before = progress;
        var unused = channel.eventLoop()
                .schedule(
                        () -> {
                            stallWatched = false;
                            if (closed || channel.isWritable()) {
                                return;
                            }
                            if (progress == before) {
                                channel.pipeline().fireExceptionCaught(new StalledException(stallTimeoutNanos));
                            } else {
                                watchForStall();
                            }
                        },
                        stallTimeoutNanos,
                        TimeUnit.NANOSECONDS);
    }

    /** Drops and counts whatever waits, now and later. The connection's thread only. */
    void close() {
        closed = true;
        discard();
    }

    private void discard() {
        counters.droppedNotConnected.add(batch.size());
        batch.clear();
        for (OutgoingFrame frame = queue.poll(); frame != null; frame = queue.poll()) {
            queuedBytes.addAndGet(-cost(frame));
            counters.droppedNotConnected.increment();
        }
    }

    private static long cost(OutgoingFrame frame) {
        return frame.size() + MESSAGE_COST_BYTES;
    }

    /** The peer has taken nothing for too long. */
    private static final class StalledException extends Exception {
        private static final long serialVersionUID = 1L;

        private StalledException(long nanos) {
            super("the peer has taken no bytes for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
        }
    }
}
