package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.MalformedFrameException;
import io.jangada.transport.wire.OutgoingFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection that this node opened: greets, waits to be accepted, then only sends. Lives on the thread of its {@link PeerLink}.
 */
final class OutgoingConnection extends ByteToMessageDecoder {

    /** What becomes of the connection; called on its thread. */
    interface Events {
        /** The peer has accepted; from now on messages can be sent. */
        void ready(OutgoingConnection connection);

        /** It is over, once for each connection that had been established, accepted or not. */
        void ended(OutgoingConnection connection, String why);
    }

    private final NodeId peer;
    private final TransportContext context;
    private final Events events;
    private @Nullable Outbox outbox;
    private @Nullable ScheduledFuture<?> replyTimeout;
    private boolean accepted;
    private boolean ending;
    private String end = "closed by the peer";

    OutgoingConnection(NodeId peer, TransportContext context, Events events) {
        this.peer = peer;
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

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        outbox = new Outbox(ctx.channel(), context);
        ByteBuffer greeting = ByteBuffer.allocate(Hello.BYTES);
        TransportConfig config = context.config();
        new Hello(ConnectionKind.MESSAGES.code(), config.cluster(), config.self(), peer).encode(greeting);
        var unused = ctx.writeAndFlush(Unpooled.wrappedBuffer(greeting.flip()), ctx.voidPromise());
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
            end(ctx, "refused with reason " + reply.code() + ": " + reply.text());
            return;
        }
        accepted = true;
        cancelTimeout();
        events.ready(this);
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
