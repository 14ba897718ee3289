package io.jangada.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.jangada.api.GroupId;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameRoundTripTest {
    private static final NodeId FROM = NodeId.of(0xA1);
    private static final NodeId TO = NodeId.of(-2);

    @Test
    void everyMessageComesBackEqual() throws MalformedFrameException {
        SplittableRandom random = new SplittableRandom(1);
        Set<Class<?>> types = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            Message message = Frames.randomMessage(random, FROM, TO);
            GroupId group = new GroupId(random.nextLong());
            Frame frame = Frames.decode(FROM, TO, Frames.encode(group, message));
            assertThat(frame).isEqualTo(new Frame(group.value(), message));
            types.add(message.getClass());
        }
        assertThat(types).hasSize(Message.class.getPermittedSubclasses().length);
    }

    @Test
    void severalFramesShareABuffer() throws MalformedFrameException {
        SplittableRandom random = new SplittableRandom(2);
        ByteBuffer target = ByteBuffer.allocateDirect(1 << 16);
        FrameEncoder encoder = new FrameEncoder(target);
        List<Message> messages = List.of(
                Frames.randomMessage(random, FROM, TO),
                Frames.randomMessage(random, FROM, TO),
                Frames.randomMessage(random, FROM, TO));
        for (Message message : messages) {
            encoder.encode(OutgoingFrame.of(GroupId.FIRST, message));
        }
        target.flip();
        for (Message message : messages) {
            int size = FrameLayout.sizeOf(target.getInt(target.position()), 1 << 16);
            ByteBuffer one = target.duplicate().limit(target.position() + size);
            assertThat(new FrameDecoder(FROM, TO).decode(one).message()).isEqualTo(message);
            target.position(target.position() + size);
        }
        assertThat(target.hasRemaining()).isFalse();
    }

    @Test
    void largeMessagesComeBackEqual() throws MalformedFrameException {
        SplittableRandom random = new SplittableRandom(3);
        Entry large = Entry.command(8, 3, Frames.bytes(random, 2 << 20));
        Message append = new AppendRequest(FROM, TO, 3, 7, 2, List.of(large), 5);
        Message forward = new ForwardRequest(FROM, TO, 3, 9, Frames.bytes(random, 2 << 20));
        for (Message message : List.of(append, forward)) {
            assertThat(Frames.decode(FROM, TO, Frames.encode(GroupId.FIRST, message))
                            .message())
                    .isEqualTo(message);
        }
    }

    /** Ten times as many damaged frames as the socket test can afford, straight into the decoder. */
    @Test
    void damagedFramesAreRefusedWithAReasonAndNothingElse() {
        SplittableRandom random = new SplittableRandom(4);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 1_000_000; i++) {
            byte[] frame = Frames.encode(GroupId.FIRST, Frames.randomMessage(random, FROM, TO));
            byte[] other = Frames.encode(GroupId.FIRST, Frames.randomMessage(random, FROM, TO));
            byte[] damaged = Frames.mutate(random, frame, other);
            if (damaged.length < FrameLayout.OVERHEAD_BYTES
                    || ByteBuffer.wrap(damaged).getInt(0) != damaged.length - FrameLayout.LENGTH_BYTES) {
                continue;
            }
            try {
                Frames.decode(FROM, TO, damaged);
                accepted++;
            } catch (MalformedFrameException e) {
                assertThat(e).message().isNotBlank();
                refused++;
            }
        }
        assertThat(accepted).isGreaterThan(100_000);
        assertThat(refused).isGreaterThan(100_000);
    }

    @Test
    void handshakesComeBackEqual() {
        assertThatCode(() -> {
                    SplittableRandom random = new SplittableRandom(5);
                    for (int i = 0; i < 2_000; i++) {
                        Hello hello = new Hello(
                                random.nextInt(256),
                                new io.jangada.api.ClusterId(random.nextLong()),
                                new NodeId(random.nextLong()),
                                new NodeId(random.nextLong()));
                        ByteBuffer bytes = ByteBuffer.allocate(Hello.BYTES);
                        hello.encode(bytes);
                        assertThat(Hello.decode(bytes.flip())).isEqualTo(hello);
                        HelloReply reply =
                                new HelloReply(random.nextInt(256), random.nextInt(256), "x".repeat(i % 501));
                        assertThat(HelloReply.decode(ByteBuffer.wrap(reply.encode())))
                                .isEqualTo(reply);
                    }
                })
                .doesNotThrowAnyException();
    }
}
