package io.jangada.transport;

import io.jangada.api.GroupId;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.FrameDecoder;
import io.jangada.transport.wire.FrameEncoder;
import io.jangada.transport.wire.FrameLayout;
import io.jangada.transport.wire.MalformedFrameException;
import io.jangada.transport.wire.OutgoingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Messages as the bytes of the peer protocol (docs/wire-format.md), for other ways of carrying them than {@link TcpTransport}. Stateless; any thread. */
public final class PeerFrames {
    private PeerFrames() {}

    /** The frame of a message. */
    public static byte[] encode(GroupId group, Message message) {
        OutgoingFrame frame = OutgoingFrame.of(group, message);
        ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(frame.size()));
        new FrameEncoder(target).encode(frame);
        return target.array();
    }

    /**
     * The message in a frame that came from this node to that one.
     *
     * @throws IOException if no node of this version sends such bytes; the message names the offending value
     */
    public static Message decode(NodeId from, NodeId to, byte[] frame) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(frame);
        if (frame.length < FrameLayout.OVERHEAD_BYTES) {
            throw new IOException("a frame of " + frame.length + " bytes; the smallest possible one has "
                    + FrameLayout.OVERHEAD_BYTES);
        }
        try {
            if (FrameLayout.sizeOf(source.getInt(0), Integer.MAX_VALUE) != frame.length) {
                throw new IOException("a frame of " + frame.length + " bytes whose length field does not say so");
            }
            return new FrameDecoder(from, to).decode(source).message();
        } catch (MalformedFrameException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
