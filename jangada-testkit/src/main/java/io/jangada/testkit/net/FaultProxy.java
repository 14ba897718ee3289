package io.jangada.testkit.net;

import io.jangada.testkit.net.LinkControl.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on loopback that can cut the link between real processes, and join it again.
 *
 * <p>Put one between each pair of a client and a server; a node that connects to its peers through proxies can be partitioned from each of
 * them, in each direction, without being asked. Faults act on open connections as on new ones, until {@link #heal}:
 *
 * <ul>
 *   <li>{@link #hold}: nothing moves, connections stay open, and what was sent meanwhile arrives after healing: a network
 *       partition as TCP sees it.
 *   <li>{@link #discard}: the direction swallows its bytes, connections stay open; those that lost bytes are reset on healing.
 *   <li>{@link #resetConnections}: open connections are reset, new ones are welcome.
 *   <li>{@link #refuse}: open connections are reset, and so is each new one.
 *   <li>{@link #delay}: each piece of a direction waits so long, in order.
 * </ul>
 *
 * Any thread may call any method. At most {@value #MAX_CONNECTIONS} connections at a time; more are reset.
 */
public final class FaultProxy implements AutoCloseable {
    static final int MAX_CONNECTIONS = 1_024;

    private final ServerSocket acceptor;
    private final InetSocketAddress target;
    private final LinkControl control = new LinkControl();
    private final Traffic traffic = new Traffic();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

    private FaultProxy(ServerSocket acceptor, InetSocketAddress target) {
        this.acceptor = acceptor;
        this.target = target;
    }

    /** Starts a proxy on a free port of 127.0.0.1. The target need not be there yet; it is looked for anew with each connection. */
    public static FaultProxy start(InetSocketAddress target) throws IOException {
        return start(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), target);
    }

    /** Starts a proxy on this address. */
    public static FaultProxy start(InetSocketAddress listen, InetSocketAddress target) throws IOException {
        ServerSocket acceptor = new ServerSocket();
        try {
            acceptor.setReuseAddress(true);
            acceptor.bind(listen);
        } catch (IOException e) {
            acceptor.close();
            throw new IOException(
                    "cannot listen on " + listen + " as a proxy for " + target + ": " + e.getMessage(), e);
        }
        FaultProxy proxy = new FaultProxy(acceptor, target);
        Thread thread = new Thread(proxy::acceptAll, "fault-proxy-" + target.getPort() + "-accept");
        thread.setDaemon(true);
        thread.start();
        return proxy;
    }

    private void acceptAll() {
        while (!acceptor.isClosed()) {
            try {
                accept(acceptor.accept());
            } catch (IOException e) {
                // One connection that failed before it was one, or the proxy is closed; the loop's condition tells.
                continue;
            }
        }
    }

    private void accept(Socket client) {
        ProxiedConnection connection = new ProxiedConnection(client, target, control, traffic, connections::remove);
        if (control.refusing() || connections.size() >= MAX_CONNECTIONS) {
            connection.reset();
            return;
        }
        connections.add(connection);
        connection.start();
        if (acceptor.isClosed()) {
            connection.reset();
        }
    }

    /** Where clients connect to. */
    public InetSocketAddress address() {
        return (InetSocketAddress) acceptor.getLocalSocketAddress();
    }

    /** Stops both directions; connections stay open, nothing is lost. */
    public void hold() {
        hold(Direction.CLIENT_TO_SERVER);
        hold(Direction.SERVER_TO_CLIENT);
    }

    /** Stops one direction; connections stay open, nothing is lost. New connections wait, as a handshake needs both directions. */
    public void hold(Direction direction) {
        control.set(direction, Mode.HOLD);
    }

    /** Throws away both directions; connections stay open until healing. */
    public void discard() {
        discard(Direction.CLIENT_TO_SERVER);
        discard(Direction.SERVER_TO_CLIENT);
    }

    /** Throws away one direction; connections stay open until healing. */
    public void discard(Direction direction) {
        control.set(direction, Mode.DISCARD);
    }

    /** Lets each piece of this direction wait so long before it goes on. */
    public void delay(Direction direction, Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative: " + delay);
        }
        control.delay(direction, delay.toNanos());
    }

    /** Resets all open connections; new ones are welcome. */
    public void resetConnections() {
        connections.forEach(ProxiedConnection::reset);
    }

    /** Resets all open connections, and each new one until healing. */
    public void refuse() {
        control.refuse();
        resetConnections();
    }

    /** Ends every fault. Connections that lost bytes are reset, the others go on. */
    public void heal() {
        for (ProxiedConnection connection : connections) {
            if (connection.damaged()) {
                connection.reset();
            }
        }
        control.heal();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** How many bytes have gone through in this direction. */
    public long forwardedBytes(Direction direction) {
        return traffic.forwarded(direction);
    }

    /** How many bytes have been thrown away in this direction. */
    public long discardedBytes(Direction direction) {
        return traffic.discarded(direction);
    }

    /** Resets all connections and frees the port. */
    @Override
    public void close() throws IOException {
        acceptor.close();
        control.close();
        resetConnections();
    }
}
