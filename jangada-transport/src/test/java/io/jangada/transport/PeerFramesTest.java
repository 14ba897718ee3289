package io.jangada.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.GroupId;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The frames for other carriers are those of the peer protocol, and whatever is no such frame is refused as an {@link IOException}. */
class PeerFramesTest {
    private static final NodeId FROM = NodeId.of(3);
    private static final NodeId TO = NodeId.of(5);

    /** One message of every kind. */
    private static Collection<Message> oneOfEach() {
        SplittableRandom random = new SplittableRandom(11);
        Map<Class<?>, Message> byKind = new LinkedHashMap<>();
        while (byKind.size() < Message.class.getPermittedSubclasses().length) {
            Message message = Frames.randomMessage(random, FROM, TO);
            byKind.putIfAbsent(message.getClass(), message);
        }
        return byKind.values();
    }

    @Test
    void everyKindOfMessageComesBackEqual() throws IOException {
        for (Message message : oneOfEach()) {
            byte[] frame = PeerFrames.encode(GroupId.FIRST, message);
            assertThat(PeerFrames.decode(FROM, TO, frame)).isEqualTo(message);
        }
    }

    /** What the labs count are the bytes that a socket would have carried. */
    @Test
    void theBytesAreThoseOfThePeerProtocol() {
        for (Message message : oneOfEach()) {
            assertThat(PeerFrames.encode(new GroupId(9), message)).isEqualTo(Frames.encode(new GroupId(9), message));
        }
    }

    @Test
    void aFrameThatIsDamagedInAnyByteIsRefused() {
        SplittableRandom random = new SplittableRandom(12);
        for (Message message : oneOfEach()) {
            byte[] frame = PeerFrames.encode(GroupId.FIRST, message);
            for (int at = 0; at < frame.length; at++) {
                byte[] damaged = frame.clone();
                damaged[at] ^= (byte) random.nextInt(1, 256);
                refused(message + " damaged at " + at, damaged);
            }
        }
    }

    @Test
    void aFrameThatIsCutOffAnywhereIsRefused() {
        for (Message message : oneOfEach()) {
            byte[] frame = PeerFrames.encode(GroupId.FIRST, message);
            for (int length = 0; length < frame.length; length++) {
                refused(message + " cut to " + length, Arrays.copyOf(frame, length));
            }
            refused(message + " with one byte more", Arrays.copyOf(frame, frame.length + 1));
        }
    }

    /** A checksum that fits does not help a length that lies. */
    @Test
    void aLengthFieldThatSaysSomethingElseIsRefused() {
        for (Message message : oneOfEach()) {
            for (int length : new int[] {-1, 0, Integer.MIN_VALUE, Integer.MAX_VALUE, 37}) {
                byte[] frame = PeerFrames.encode(GroupId.FIRST, message);
                ByteBuffer.wrap(frame).putInt(0, length);
                refused(message + " of length " + length, Frames.withChecksum(frame));
            }
        }
    }

    @Test
    void aMessageOfAnotherSenderOrForAnotherNodeIsRefused() {
        for (Message message : oneOfEach()) {
            byte[] frame = PeerFrames.encode(GroupId.FIRST, message);
            assertThatThrownBy(() -> PeerFrames.decode(NodeId.of(4), TO, frame))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'from'");
            assertThatThrownBy(() -> PeerFrames.decode(FROM, NodeId.of(4), frame))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'to'");
        }
    }

    private static void refused(String what, byte[] frame) {
        assertThatThrownBy(() -> PeerFrames.decode(FROM, TO, frame))
                .as(what)
                .isInstanceOf(IOException.class)
                .message()
                .isNotBlank();
    }
}
