package io.jangada.transport;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.HelloReply;
import io.jangada.transport.wire.MalformedFrameException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** The other end of a connection, played byte by byte. Waits at most 10 s for anything. */
final class RawPeer implements Closeable {
    private final Socket socket;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    static RawPeer connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, 10_000);
        return new RawPeer(socket);
    }

    /** A greeting of a node that says neither where it is nor what its data folder is. */
    static byte[] hello(int kind, long cluster, NodeId sender, NodeId receiver) {
        return new Hello(kind, new ClusterId(cluster), sender, receiver, 0, "").encode();
    }

    Hello readHello() throws IOException, MalformedFrameException {
        byte[] head = readExactly(Hello.MIN_BYTES);
        byte[] rest = readExactly(Hello.sizeOf(ByteBuffer.wrap(head)) - Hello.MIN_BYTES);
        return Hello.decode(ByteBuffer.allocate(head.length + rest.length)
                .put(head)
                .put(rest)
                .flip());
    }

    RawPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends what may be refused half-way. */
    void sendAndFinish(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException closedByPeer) {
            // The other side has seen enough; what it did is checked elsewhere.
        }
    }

    HelloReply reply() throws IOException, MalformedFrameException {
        byte[] head = readExactly(HelloReply.MIN_BYTES);
        byte[] rest = readExactly(HelloReply.sizeOf(ByteBuffer.wrap(head)) - HelloReply.MIN_BYTES);
        return HelloReply.decode(ByteBuffer.allocate(head.length + rest.length)
                .put(head)
                .put(rest)
                .flip());
    }

    byte[] readExactly(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("connection ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** Waits until the other side ends the connection, and returns how many bytes came before. */
    int awaitEnd() throws IOException {
        try {
            return socket.getInputStream().readAllBytes().length;
        } catch (SocketException reset) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
