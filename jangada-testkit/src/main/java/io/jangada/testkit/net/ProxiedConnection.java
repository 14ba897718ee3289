package io.jangada.testkit.net;

import io.jangada.testkit.net.LinkControl.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection through a proxy: two sockets and a thread for each direction. */
final class ProxiedConnection {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final Socket client;
    private final InetSocketAddress target;
    private final LinkControl control;
    private final Traffic traffic;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicBoolean reset = new AtomicBoolean();
    private final AtomicBoolean damaged = new AtomicBoolean();
    private final AtomicInteger openDirections = new AtomicInteger(2);
    private volatile @Nullable Socket server;

    ProxiedConnection(
            Socket client,
            InetSocketAddress target,
            LinkControl control,
            Traffic traffic,
            Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.target = target;
        this.control = control;
        this.traffic = traffic;
        this.ended = ended;
    }

    void start() {
        thread("client", this::connectAndPump);
    }

    private void thread(String side, Runnable work) {
        Thread thread = new Thread(work, "fault-proxy-" + target.getPort() + "-" + side);
        thread.setDaemon(true);
        thread.start();
    }

    private void connectAndPump() {
        Socket upstream = new Socket();
        server = upstream;
        try {
            client.setTcpNoDelay(true);
            if (!control.awaitOpen()) {
                reset();
                return;
            }
            upstream.setTcpNoDelay(true);
            upstream.connect(target, CONNECT_TIMEOUT_MILLIS);
        } catch (IOException e) {
            // The target is not there: the client learns it as it would without a proxy between, by a closed
            // connection.
            reset();
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
            return;
        }
        if (reset.get()) {
            close(upstream);
            return;
        }
        thread("server", () -> pump(upstream, client, Direction.SERVER_TO_CLIENT));
        pump(client, upstream, Direction.CLIENT_TO_SERVER);
    }

    private void pump(Socket from, Socket to, Direction direction) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (true) {
                int length = read(in, buffer);
                // The end of a stream waits at the gate like any byte: across a cut nobody learns that the other side
                // has gone.
                Mode mode = control.await(direction);
                if (length < 0) {
                    break;
                }
                if (mode == Mode.FORWARD && !damaged.get()) {
                    out.write(buffer, 0, length);
                    traffic.forwarded(direction, length);
                } else {
                    damaged.set(true);
                    traffic.discarded(direction, length);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
        if (openDirections.decrementAndGet() == 0) {
            reset();
        }
    }

    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Whether bytes of this connection were thrown away, so that what follows them would make no sense. */
    boolean damaged() {
        return damaged.get();
    }

    /** Ends the connection at both ends at once, with a reset. */
    void reset() {
        if (!reset.compareAndSet(false, true)) {
            return;
        }
        close(client);
        Socket upstream = server;
        if (upstream != null) {
            close(upstream);
        }
        ended.accept(this);
    }

    private static void close(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // Not connected (any more): closing is all that is left.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing more can be done with a socket that refuses to be closed; its peer is cut off all the same.
        }
    }
}
