package io.jangada.testkit.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {
    private static final int SILENCE_MILLIS = 200;

    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private ServerSocket server = new ServerSocket();
    private FaultProxy proxy;

    FaultProxyTest() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        proxy = FaultProxy.start((InetSocketAddress) server.getLocalSocketAddress());
    }

    @BeforeEach
    void accept() {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try {
                    accepted.add(server.accept());
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(proxy.address().getAddress(), proxy.address().getPort());
    }

    private Socket atServer() throws InterruptedException {
        Socket socket = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(socket).isNotNull();
        return socket;
    }

    private static void send(Socket from, String text) throws IOException {
        OutputStream out = from.getOutputStream();
        out.write(text.getBytes(US_ASCII));
        out.flush();
    }

    private static void expect(Socket at, String text) throws IOException {
        at.setSoTimeout(10_000);
        InputStream in = at.getInputStream();
        byte[] bytes = in.readNBytes(text.length());
        if (bytes.length < text.length()) {
            throw new EOFException();
        }
        assertThat(new String(bytes, US_ASCII)).isEqualTo(text);
    }

    private static void expectSilence(Socket at) throws IOException {
        at.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> at.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    private static void expectEnd(Socket at) throws IOException {
        at.setSoTimeout(10_000);
        try {
            assertThat(at.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void forwardsBothDirectionsAndTheEnd() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            send(client, "question");
            expect(peer, "question");
            send(peer, "answer");
            expect(client, "answer");
            client.shutdownOutput();
            expectEnd(peer);
            send(peer, "last words");
            expect(client, "last words");
            assertThat(proxy.forwardedBytes(Direction.CLIENT_TO_SERVER)).isEqualTo(8);
        }
    }

    @Test
    void holdStopsOpenConnectionsAndLosesNothing() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            send(client, "a");
            expect(peer, "a");
            proxy.hold();
            send(client, "b");
            send(peer, "c");
            expectSilence(peer);
            expectSilence(client);
            proxy.heal();
            expect(peer, "b");
            expect(client, "c");
        }
    }

    @Test
    void holdInOneDirectionLeavesTheOther() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            proxy.hold(Direction.CLIENT_TO_SERVER);
            send(client, "a");
            send(peer, "b");
            expect(client, "b");
            expectSilence(peer);
        }
    }

    @Test
    void holdHidesTheEndOfOneSideFromTheOther() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            proxy.hold();
            client.shutdownOutput();
            expectSilence(peer);
            proxy.heal();
            expectEnd(peer);
        }
    }

    @Test
    void newConnectionsWaitWhileHeld() throws Exception {
        proxy.hold();
        try (Socket client = connect()) {
            send(client, "early");
            assertThat(accepted.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS)).isNull();
            proxy.heal();
            try (Socket peer = atServer()) {
                expect(peer, "early");
            }
        }
    }

    @Test
    void discardSwallowsAndHealingResetsWhatLostBytes() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            proxy.discard(Direction.CLIENT_TO_SERVER);
            send(client, "gone");
            expectSilence(peer);
            send(peer, "b");
            // A damaged connection carries nothing more, in either direction, but it stays open.
            expectSilence(client);
            assertThat(proxy.discardedBytes(Direction.CLIENT_TO_SERVER)).isEqualTo(4);
            proxy.heal();
            expectEnd(client);
            expectEnd(peer);
        }
        try (Socket client = connect();
                Socket peer = atServer()) {
            send(client, "fresh");
            expect(peer, "fresh");
        }
    }

    @Test
    void resetEndsOpenConnectionsOnly() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            proxy.resetConnections();
            expectEnd(client);
            expectEnd(peer);
            assertThat(proxy.connections()).isZero();
        }
        try (Socket client = connect();
                Socket peer = atServer()) {
            send(client, "again");
            expect(peer, "again");
        }
    }

    @Test
    void refuseResetsNewConnectionsUntilHealed() throws Exception {
        proxy.refuse();
        try (Socket client = connect()) {
            expectEnd(client);
        }
        proxy.heal();
        try (Socket client = connect();
                Socket peer = atServer()) {
            send(client, "x");
            expect(peer, "x");
        }
    }

    @Test
    void delayKeepsTheOrderAndTakesItsTime() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            proxy.delay(Direction.CLIENT_TO_SERVER, Duration.ofMillis(150));
            long start = System.nanoTime();
            send(client, "slow");
            expect(peer, "slow");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(150_000_000L);
        }
    }

    @Test
    void anAbsentTargetLooksLikeAClosedConnection() throws Exception {
        // A port that is taken and where nobody listens: one that was just closed may accept a last connection.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(proxy.address().getAddress(), 0));
            try (FaultProxy toNobody = FaultProxy.start((InetSocketAddress) taken.getLocalSocketAddress());
                    Socket client = new Socket(
                            toNobody.address().getAddress(), toNobody.address().getPort())) {
                expectEnd(client);
            }
        }
    }

    @Test
    void closingFreesThePortAndEndsConnections() throws Exception {
        try (Socket client = connect();
                Socket peer = atServer()) {
            InetSocketAddress address = proxy.address();
            proxy.close();
            expectEnd(client);
            expectEnd(peer);
            try (FaultProxy next = FaultProxy.start(address, (InetSocketAddress) server.getLocalSocketAddress())) {
                assertThat(next.address()).isEqualTo(address);
            }
        }
    }
}
