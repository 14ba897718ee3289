/** The transport over TCP: connections between the nodes of a cluster, on Netty. Start with {@code TcpTransport}. */
@NullMarked
package io.jangada.transport;

import org.jspecify.annotations.NullMarked;
