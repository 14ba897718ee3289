package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.MalformedFrameException;
import io.jangada.transport.wire.OutgoingFrame;
import io.jangada.transport.wire.RefusalReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that this node opened: greets, waits to be accepted, then only sends. Lives on the thread of its {@link Dialer}.
 */
final class OutgoingConnection extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingConnection.class);

    /** What becomes of the connection; called on its thread. */
    interface Events {
        /** The peer has accepted; from now on messages can be sent. */
        void ready(OutgoingConnection connection);

        /** It is over, once for each connection that had been established, accepted or not. */
        void ended(OutgoingConnection connection, String why);
    }

    private final NodeId peer;
    private final Hello greeting;
    private final TransportContext context;
    private final Events events;
    private @Nullable ChannelHandlerContext channelContext;
    private @Nullable Outbox outbox;
    private @Nullable ScheduledFuture<?> replyTimeout;
    private boolean accepted;
    private boolean ending;
    private long peerIncarnation;
    private String end = "closed by the peer";

    OutgoingConnection(Hello greeting, TransportContext context, Events events) {
        this.peer = greeting.receiver();
        this.greeting = greeting;
        this.context = context;
        this.events = events;
    }

    /** Any thread, after the connection was ready. */
    void send(OutgoingFrame frame) {
        Outbox box = outbox;
        if (box == null) {
            throw new IllegalStateException("message for node " + peer + " before its connection was ready");
        }
        box.add(frame);
    }

    /** The data folder of the peer, 0 if it did not say. */
    long peerIncarnation() {
        return peerIncarnation;
    }

    boolean isAccepted() {
        return accepted;
    }

    /** Whether everything that was sent is on its way. */
    boolean isDrained() {
        Outbox box = outbox;
        return box == null || box.isDrained();
    }

    /** Ends the connection, for this reason. */
    void close(String why) {
        ChannelHandlerContext ctx = channelContext;
        if (ctx != null) {
            end(ctx, why);
        }
    }

    /** Ends the connection if its peer cannot be who it says it is. */
    void recheck() {
        String imposture = context.roster().imposture(peer, peerIncarnation);
        if (imposture != null) {
            close(imposture);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        TransportConfig config = context.config();
        TransportLimits limits = config.limits();
        boolean bulk = greeting.kindCode() == ConnectionKind.BULK.code();
        channelContext = ctx;
        outbox = new Outbox(
                ctx.channel(), context, bulk ? limits.maxBulkQueueBytesPerPeer() : limits.maxQueueBytesPerPeer());
        var unused = ctx.writeAndFlush(Unpooled.wrappedBuffer(greeting.encode()), ctx.voidPromise());
        replyTimeout = ctx.executor()
                .schedule(
                        () -> end(
                                ctx,
                                "it did not answer the greeting within "
                                        + config.timing().handshakeTimeoutMillis() + " ms"),
                        config.timing().handshakeTimeoutNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (ending) {
            in.skipBytes(in.readableBytes());
        } else if (accepted) {
            end(ctx, "the peer sent bytes on a connection on which it has nothing to say");
        } else {
            try {
                readReply(ctx, in);
            } catch (MalformedFrameException e) {
                end(ctx, TransportContext.describe(e));
            }
        }
    }

    private void readReply(ChannelHandlerContext ctx, ByteBuf in) throws MalformedFrameException {
        if (in.readableBytes() < HelloReply.MIN_BYTES) {
            return;
        }
        int start = in.readerIndex();
        int size = HelloReply.sizeOf(in.internalNioBuffer(start, HelloReply.MIN_BYTES));
        if (in.readableBytes() < size) {
            return;
        }
        HelloReply reply = HelloReply.decode(in.internalNioBuffer(start, size));
        in.skipBytes(size);
        if (!reply.isAccepted()) {
            if (reply.code() == RefusalReason.OTHER_INCARNATION.code()) {
                identityRefused(reply.text());
            }
            end(ctx, "refused with reason " + reply.code() + ": " + reply.text());
            return;
        }
        String imposture = context.roster().imposture(peer, reply.incarnation());
        if (imposture != null) {
            end(ctx, imposture);
            return;
        }
        peerIncarnation = reply.incarnation();
        accepted = true;
        cancelTimeout();
        events.ready(this);
    }

    /** Nobody but an operator can help a node that has lost its data, so this is told louder than other refusals. */
    private void identityRefused(String text) {
        context.counters().identityRefused.increment();
        context.throttle()
                .log(
                        "identity " + peer,
                        1,
                        suffix -> LOG.error(
                                "node {} does not take this node for the member it says it is: {}{}",
                                peer,
                                text,
                                suffix));
        context.config().whenDisowned().accept(text);
    }

    private void end(ChannelHandlerContext ctx, String why) {
        if (!ending) {
            ending = true;
            end = why;
        }
        var unused = ctx.close();
    }

    private void cancelTimeout() {
        ScheduledFuture<?> timeout = replyTimeout;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Outbox box = outbox;
        if (box != null && ctx.channel().isWritable()) {
            box.drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        ending = true;
        cancelTimeout();
        events.ended(this, end);
        Outbox box = outbox;
        if (box != null) {
            box.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, TransportContext.describe(cause));
    }
}
