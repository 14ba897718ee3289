/** The peer protocol over TCP: frames, handshake, connections. */
module io.jangada.transport {
    requires transitive io.jangada.api;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.jctools.core;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.jangada.transport;
}
