package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.Frame;
import io.jangada.transport.wire.FrameDecoder;
import io.jangada.transport.wire.FrameLayout;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.MalformedFrameException;
import io.jangada.transport.wire.Protocol;
import io.jangada.transport.wire.RefusalReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that somebody else opened: first a greeting, judged by {@link HelloRules}, then frames until it ends. Lives on one
 * network thread. Whatever is wrong with the bytes costs this connection and one log line, nothing else.
 */
final class IncomingConnection extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingConnection.class);

    private final TransportContext context;
    private final Peers peers;
    private final IncomingConnections all;
    private final HelloRules rules;
    private String remote = "?";
    private String host = "?";
    private String end = "closed by the peer";
    private boolean ended;
    private volatile @Nullable Hello accepted;
    private @Nullable InetSocketAddress told;
    private NodeId peer = NodeId.NONE;
    private @Nullable FrameDecoder frames;
    private @Nullable ScheduledFuture<?> greetingTimeout;
    private @Nullable ChannelHandlerContext channelContext;

    IncomingConnection(TransportContext context, Peers peers, IncomingConnections all) {
        this.context = context;
        this.peers = peers;
        this.all = all;
        this.rules = new HelloRules(context);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channelContext = ctx;
        remote = String.valueOf(ctx.channel().remoteAddress());
        host = remote.substring(0, Math.max(0, remote.lastIndexOf(':')));
        if (!all.admitGreeting()) {
            ended = true;
            refused("too many connections are waiting to say who they are; the limit is maxPendingHandshakes, "
                    + context.config().limits().maxPendingHandshakes());
            var unused = ctx.close();
            return;
        }
        long timeoutNanos = context.config().timing().handshakeTimeoutNanos();
        greetingTimeout = ctx.executor().schedule(() -> greetingOverdue(ctx), timeoutNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (ended) {
            in.skipBytes(in.readableBytes());
            return;
        }
        FrameDecoder decoder = frames;
        try {
            if (decoder == null) {
                greet(ctx, in);
            } else {
                readFrames(decoder, in);
            }
        } catch (MalformedFrameException e) {
            malformed(ctx, TransportContext.describe(e));
        }
    }

    private void greet(ChannelHandlerContext ctx, ByteBuf in) throws MalformedFrameException {
        if (in.readableBytes() < Protocol.PREAMBLE_BYTES) {
            return;
        }
        int start = in.readerIndex();
        int version = Hello.versionOf(in.internalNioBuffer(start, Protocol.PREAMBLE_BYTES));
        HelloRules.Refusal refusal = rules.checkVersion(version);
        if (refusal != null) {
            refuse(ctx, refusal.reason(), refusal.text());
        } else if (in.readableBytes() >= Hello.MIN_BYTES) {
            int size = Hello.sizeOf(in.internalNioBuffer(start, Hello.MIN_BYTES));
            if (in.readableBytes() >= size) {
                Hello hello = Hello.decode(in.internalNioBuffer(start, size));
                in.skipBytes(size);
                judge(ctx, hello);
            }
        }
    }

    private void judge(ChannelHandlerContext ctx, Hello hello) {
        HelloRules.Refusal refusal = rules.check(hello);
        if (refusal == null) {
            told = told(ctx, hello);
            if (!peers.admit(hello.sender(), told)) {
                refusal = rules.tooManyUnknown(hello);
            }
        }
        if (refusal == null) {
            accept(ctx, hello);
        } else {
            refuse(ctx, refusal.reason(), refusal.text());
        }
    }

    private static @Nullable InetSocketAddress told(ChannelHandlerContext ctx, Hello hello) {
        return ctx.channel().remoteAddress() instanceof InetSocketAddress from
                ? AddressText.told(hello.address(), from.getAddress())
                : null;
    }

    private void accept(ChannelHandlerContext ctx, Hello hello) {
        endGreeting();
        accepted = hello;
        peer = hello.sender();
        frames = new FrameDecoder(peer, context.config().self());
        context.counters().connectionsAccepted.increment();
        String what = hello.kindCode() == ConnectionKind.BULK.code() ? " for a snapshot" : "";
        context.throttle()
                .log(
                        "accepted " + subject(),
                        5,
                        suffix -> LOG.info("node {} connected from {}{}{}", peer, remote, what, suffix));
        all.accepted(hello, this);
        var unused = ctx.writeAndFlush(
                Unpooled.wrappedBuffer(
                        HelloReply.accepted(context.config().incarnation()).encode()),
                ctx.voidPromise());
        // The members may have changed between the check and the moment from which on this connection is among all.
        recheck();
    }

    /** Whose log lines are throttled together: those of one member, or all of nodes that are none, of which there may be many. */
    private String subject() {
        return context.roster().isMember(peer) ? peer.toString() : "unknown";
    }

    private void readFrames(FrameDecoder decoder, ByteBuf in) throws MalformedFrameException {
        int maxFrameBytes = context.config().limits().maxFrameBytes();
        long messages = 0;
        long bytes = 0;
        try {
            while (in.readableBytes() >= FrameLayout.LENGTH_BYTES) {
                int size = FrameLayout.sizeOf(in.getInt(in.readerIndex()), maxFrameBytes);
                if (in.readableBytes() < size) {
                    return;
                }
                Frame frame = decoder.decode(in.internalNioBuffer(in.readerIndex(), size));
                in.skipBytes(size);
                messages++;
                bytes += size;
                context.receivers().deliver(frame);
            }
        } finally {
            if (messages > 0) {
                peers.heard(peer, told);
            }
            context.counters().receivedMessages.add(messages);
            context.counters().receivedBytes.add(bytes);
        }
    }

    private void malformed(ChannelHandlerContext ctx, String what) {
        if (frames == null) {
            refuse(ctx, RefusalReason.MALFORMED, what);
            return;
        }
        ended = true;
        end = "malformed input";
        context.counters().malformedFrames.increment();
        context.throttle()
                .log(
                        "malformed " + peer,
                        1,
                        suffix -> LOG.warn(
                                "closing the connection of node {} from {} because of malformed input: {}{}",
                                peer,
                                remote,
                                what,
                                suffix));
        var unused = ctx.close();
    }

    /** Tells a dialer why it is refused; what is no node at all gets the same few bytes. */
    private void refuse(ChannelHandlerContext ctx, RefusalReason reason, String text) {
        ended = true;
        refused(text);
        ctx.writeAndFlush(
                        Unpooled.wrappedBuffer(HelloReply.refused(reason, text).encode()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Identical refusals are logged once in a while, and so many different ones from one host that a flood of them cannot fill the disk. */
    private void refused(String text) {
        context.counters().connectionsRefused.increment();
        LogThrottle throttle = context.throttle();
        throttle.log(
                "refused " + host + " " + text,
                1,
                same -> throttle.log(
                        "refused " + host,
                        20,
                        others -> LOG.warn("refused a connection from {}: {}{}{}", remote, text, same, others)));
    }

    private void greetingOverdue(ChannelHandlerContext ctx) {
        if (!ended && frames == null) {
            ended = true;
            refused("it did not say who it is within "
                    + context.config().timing().handshakeTimeoutMillis()
                    + " ms; this port is for the nodes of a cluster only");
        }
        var unused = ctx.close();
    }

    /** Ends this connection if its peer is not who it says it is. Any thread. */
    void recheck() {
        Hello hello = accepted;
        String imposture = hello == null ? null : context.roster().imposture(hello.sender(), hello.incarnation());
        if (imposture != null) {
            close(imposture);
        }
    }

    /** Ends this connection for this reason. Any thread. */
    void close(String why) {
        ChannelHandlerContext ctx = channelContext;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                ended = true;
                end = why;
                var unused = ctx.close();
            });
        }
    }

    private void endGreeting() {
        ScheduledFuture<?> timeout = greetingTimeout;
        if (timeout != null) {
            timeout.cancel(false);
            greetingTimeout = null;
            all.greetingEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        endGreeting();
        Hello hello = accepted;
        if (hello != null) {
            all.ended(hello, this);
            context.throttle()
                    .log(
                            "ended " + subject(),
                            5,
                            suffix -> LOG.info("connection of node {} from {} ended: {}{}", peer, remote, end, suffix));
        } else if (!ended) {
            ended = true;
            refused("it hung up before it said who it is");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end = TransportContext.describe(cause);
        var unused = ctx.close();
    }
}
