package io.jangada.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.GroupId;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        SnapshotMeta meta = new SnapshotMeta(
                9, 3, new MembershipAt(4, Membership.ofVoters(FROM, TO)), Long.MAX_VALUE, random.nextLong());
        Message chunk = new SnapshotRequest(FROM, TO, 3, meta, 7L << 50, Frames.bytes(random, 2 << 20));
        for (Message message : List.of(append, forward, chunk)) {
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

    /** The position of each field in a request whose membership has 59 bytes and whose chunk has 4; what is put there; and what the refusal says. */
    @ParameterizedTest
    @CsvSource({
        "38, -1, negative index",
        "38, 0, snapshot request: not a snapshot: index 0",
        "46, -1, negative term",
        "46, 0, snapshot request: not a snapshot: index 9",
        "54, -1, negative size",
        "54, 6, chunk of 4 bytes at offset 3 of a snapshot of 6 bytes",
        "54, 2, chunk of 4 bytes at offset 3 of a snapshot of 2 bytes",
        "70, 34359738368, '7 bytes, 8 of them a manifest'",
        "70, -4294967296, '7 bytes, -1 of them a manifest'",
        "74, -1, negative index",
        "74, 10, membership of index 10",
        "82, -1, negative offset",
        "82, 9223372036854775807, chunk of 4 bytes at offset 9223372036854775807",
        "90, 0, chunk that claims a length of",
        "90, 9223372036854775807, membership that claims a length of 2147483647",
        "94, 0, 'snapshot request: membership in format 0'"
    })
    void snapshotRequestsThatMakeNoSenseAreRefused(int at, long value, String text) {
        Membership membership = Membership.ofVoters(FROM, TO);
        SnapshotMeta meta = new SnapshotMeta(9, 3, new MembershipAt(4, membership), 7, 1);
        byte[] frame = Frames.encode(GroupId.FIRST, new SnapshotRequest(FROM, TO, 3, meta, 3, new byte[] {1, 2, 3, 4}));
        ByteBuffer.wrap(frame).putLong(at, value);
        assertThatThrownBy(() -> Frames.decode(FROM, TO, Frames.withChecksum(frame)))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(text);
    }

    @Test
    void unknownCodesAndBrokenChangesAreRefused() {
        refused(
                new SnapshotResponse(FROM, TO, 3, 9, 1, SnapshotOutcome.REJECTED, 0),
                54,
                4,
                "unknown snapshot outcome 4");
        refused(new SnapshotResponse(FROM, TO, 3, 9, 1, SnapshotOutcome.REJECTED, 0), 55, 0x80, "negative offset");
        Message change = new ChangeResponse(FROM, TO, 3, 9, ForwardOutcome.REFUSED, ChangeRefusal.CHANGE_OPEN, 0);
        refused(change, 46, 5, "unknown forward outcome 5");
        refused(change, 47, 99, "unknown reason 99 for refusing");
        refused(change, 48, 0x80, "negative index");
        Message wanted =
                new ChangeRequest(FROM, TO, 3, 9, MembershipChange.of(new MembershipStep.Remove(NodeId.of(5))));
        refused(wanted, 49, 1, "membership change that claims a length of");
        refused(wanted, 50, 2, "change request: membership change in format 2");
        refused(wanted, 62, 77, "change request: unknown step 77");
        refused(new VoteRequest(FROM, TO, 3, 9, 1, true), 54, 2, "flag with value 2");
    }

    private static void refused(Message message, int at, int value, String text) {
        byte[] frame = Frames.encode(GroupId.FIRST, message);
        frame[at] = (byte) value;
        assertThatThrownBy(() -> Frames.decode(FROM, TO, Frames.withChecksum(frame)))
                .as(message + " with " + value + " at " + at)
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(text);
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
                                new NodeId(random.nextLong()),
                                random.nextLong(),
                                "é".repeat(i % 151));
                        assertThat(Hello.decode(ByteBuffer.wrap(hello.encode())))
                                .isEqualTo(hello);
                        HelloReply reply = new HelloReply(
                                random.nextInt(256), random.nextInt(256), random.nextLong(), "x".repeat(i % 501));
                        assertThat(HelloReply.decode(ByteBuffer.wrap(reply.encode())))
                                .isEqualTo(reply);
                    }
                })
                .doesNotThrowAnyException();
    }
}
