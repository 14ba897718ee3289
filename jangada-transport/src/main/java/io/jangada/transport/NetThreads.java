package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that carry all connections, and the kind of sockets they work with: native epoll where it is present, NIO elsewhere. */
final class NetThreads {
    private static final Logger LOG = LoggerFactory.getLogger(NetThreads.class);

    /** Above the high mark of unsent bytes in a connection messages wait in our own bounded queue instead. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final boolean epoll;
    private final EventLoopGroup group;
    private final ChannelGroup open;
    private final List<Thread> running = new CopyOnWriteArrayList<>();

    /** Whether native epoll is present here. */
    static boolean epollAvailable() {
        return Epoll.isAvailable();
    }

    NetThreads(NodeId self, int threads, boolean epoll) {
        this.epoll = epoll;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "jangada-" + self + "-net-" + number.getAndIncrement());
            running.add(thread);
            return thread;
        };
        group = new MultiThreadIoEventLoopGroup(
                threads, factory, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        open = new DefaultChannelGroup(group.next(), true);
    }

    EventLoop next() {
        return group.next();
    }

    Bootstrap dialer(EventLoop loop) {
        return new Bootstrap().group(loop).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    }

    ServerBootstrap listener() {
        return new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true);
    }

    /** Sets the options of a fresh connection: no delay, and a dead peer is noticed, the faster where the kernel lets us say how fast. */
    void configure(Channel channel, TransportTiming timing) {
        closeAtEnd(channel);
        if (!channel.isOpen()) {
            // The threads are ending; options of a closed channel cannot be set.
            return;
        }
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setWriteBufferWaterMark(WATER_MARK);
        if (epoll) {
            int millis = timing.deadPeerTimeoutMillis();
            config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, Math.max(1, millis / 2_000));
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, Math.max(1, millis / 4_000));
            config.setOption(EpollChannelOption.TCP_KEEPCNT, 2);
        }
    }

    private boolean isOwnThread() {
        for (var executor : group) {
            if (executor.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** Closes this channel with the threads; at once if they are closing already. */
    void closeAtEnd(Channel channel) {
        open.add(channel);
    }

    /** Closes whatever is open, then ends the threads. Waits for both, but not for ever, and not when called by one of them. */
    void close() {
        // First the channels: threads told to end at once may leave some open.
        var allClosed = open.close();
        boolean mayWait = !isOwnThread();
        if (mayWait) {
            allClosed.awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
        var ended = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        if (mayWait && !(ended.awaitUninterruptibly(5, TimeUnit.SECONDS) && joined())) {
            LOG.warn("network threads still run 5 s after they were told to end; a receiver probably blocks one");
        }
    }

    /** Whether all threads are gone; they report their end a moment before it. */
    private boolean joined() {
        try {
            for (Thread thread : running) {
                thread.join(1_000);
                if (thread.isAlive()) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
