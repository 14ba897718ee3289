package io.jangada.transport.wire;

import io.jangada.api.GroupId;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Frames for tests: encoding, decoding, random messages of every type, and every way of damaging their bytes. */
public final class Frames {
    private static final long[] ODD_VALUES = {
        0, 1, -1, 2, 20, 21, 255, 256, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private Frames() {}

    public static byte[] encode(GroupId group, Message message) {
        OutgoingFrame frame = OutgoingFrame.of(group, message);
        ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(frame.size()));
        new FrameEncoder(target).encode(frame);
        return target.array();
    }

    public static Frame decode(NodeId from, NodeId to, byte[] frame) throws MalformedFrameException {
        FrameLayout.sizeOf(ByteBuffer.wrap(frame).getInt(0), 1 << 22);
        return new FrameDecoder(from, to).decode(ByteBuffer.wrap(frame));
    }

    public static Message randomMessage(SplittableRandom random, NodeId from, NodeId to) {
        long term = position(random);
        long a = position(random);
        long b = position(random);
        long id = random.nextLong();
        return switch (random.nextInt(20)) {
            case 0 -> new PreVoteRequest(from, to, term, a, b);
            case 1 -> new PreVoteResponse(from, to, term, a, random.nextBoolean(), random.nextBoolean());
            case 2 -> new VoteRequest(from, to, term, a, b, random.nextBoolean());
            case 3 -> new VoteResponse(from, to, term, random.nextBoolean(), random.nextBoolean());
            case 4 -> new AppendRequest(from, to, term, a, b, entries(random, a), position(random));
            case 5 ->
                new AppendResponse(from, to, term, random.nextBoolean(), a, b, position(random), random.nextBoolean());
            case 6 -> new HeartbeatRequest(from, to, term, id, a);
            case 7 -> new HeartbeatResponse(from, to, term, id, a);
            case 8 -> new ReadIndexRequest(from, to, term, id);
            case 9 -> new ReadIndexResponse(from, to, term, id, random.nextBoolean(), a);
            case 10 -> new ForwardRequest(from, to, term, id, bytes(random, random.nextInt(200)));
            case 11 -> new CommitNotice(from, to, term, a);
            case 12 -> new TimeoutNow(from, to, term);
            case 13 -> snapshotRequest(random, from, to, term);
            case 14 -> new SnapshotResponse(from, to, term, a, id, SnapshotOutcome.ofCode(random.nextInt(4)), b);
            case 15 -> new ChangeRequest(from, to, term, id, Memberships.randomChange(random));
            case 16 -> new ChangeResponse(from, to, term, id, outcome(random), refusal(random), a);
            case 17 ->
                new RepairRequest(from, to, term, logPosition(random), a, logPosition(random), logPosition(random));
            case 18 -> new RepairResponse(from, to, term, logPosition(random), logPosition(random), entries(random, a));
            default -> new ForwardResponse(from, to, term, id, outcome(random), a, b);
        };
    }

    private static LogPosition logPosition(SplittableRandom random) {
        return new LogPosition(position(random), position(random));
    }

    private static ForwardOutcome outcome(SplittableRandom random) {
        return ForwardOutcome.ofCode(random.nextInt(4));
    }

    private static @Nullable ChangeRefusal refusal(SplittableRandom random) {
        ChangeRefusal[] all = ChangeRefusal.values();
        int chosen = random.nextInt(all.length + 1);
        return chosen == all.length ? null : all[chosen];
    }

    private static Message snapshotRequest(SplittableRandom random, NodeId from, NodeId to, long term) {
        long index = 1 + position(random);
        byte[] chunk = bytes(random, random.nextInt(200));
        long offset = position(random);
        long size = offset + chunk.length + (random.nextBoolean() ? 0 : random.nextLong(1L << 40));
        MembershipAt membership = new MembershipAt(random.nextLong(index + 1), Memberships.random(random));
        int manifest = (int) Math.min(size, random.nextInt(1000));
        SnapshotMeta meta =
                new SnapshotMeta(index, 1 + position(random), membership, size, random.nextLong(), manifest);
        return new SnapshotRequest(from, to, term, meta, offset, chunk);
    }

    private static List<Entry> entries(SplittableRandom random, long prevLogIndex) {
        List<Entry> entries = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 1; i <= count; i++) {
            long term = 1 + random.nextLong(1L << 40);
            entries.add(
                    random.nextInt(4) == 0
                            ? Entry.noOp(prevLogIndex + i, term)
                            : Entry.command(prevLogIndex + i, term, bytes(random, random.nextInt(100))));
        }
        return entries;
    }

    private static long position(SplittableRandom random) {
        return random.nextLong(1L << random.nextInt(1, 62));
    }

    public static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The frame as someone else would send it: damaged in one of eight ways, often with a checksum that fits again. */
    public static byte[] mutate(SplittableRandom random, byte[] frame, byte[] other) {
        return switch (random.nextInt(8)) {
            case 0 -> flip(random, frame);
            case 1, 2 -> withChecksum(flip(random, frame));
            case 3 -> java.util.Arrays.copyOf(frame, random.nextInt(frame.length));
            case 4 -> lie(random, frame);
            case 5 -> withLength(splice(random, frame, other));
            case 6 -> withLength(resize(random, frame));
            default -> withChecksum(overwrite(random, frame));
        };
    }

    private static byte[] flip(SplittableRandom random, byte[] frame) {
        byte[] damaged = frame.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(FrameLayout.LENGTH_BYTES, damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    private static byte[] lie(SplittableRandom random, byte[] frame) {
        byte[] damaged = frame.clone();
        int length = random.nextBoolean()
                ? (int) ODD_VALUES[random.nextInt(ODD_VALUES.length)]
                : frame.length + random.nextInt(-50, 50);
        ByteBuffer.wrap(damaged).putInt(0, length);
        return random.nextBoolean() ? damaged : withChecksum(damaged);
    }

    private static byte[] splice(SplittableRandom random, byte[] frame, byte[] other) {
        int head = random.nextInt(4, frame.length);
        int tail = random.nextInt(4, other.length);
        return ByteBuffer.allocate(head + other.length - tail)
                .put(frame, 0, head)
                .put(other, tail, other.length - tail)
                .array();
    }

    private static byte[] resize(SplittableRandom random, byte[] frame) {
        int at = random.nextInt(4, frame.length);
        int skip = random.nextInt(0, Math.min(20, frame.length - at));
        byte[] extra = bytes(random, random.nextInt(20));
        return ByteBuffer.allocate(frame.length - skip + extra.length)
                .put(frame, 0, at)
                .put(extra)
                .put(frame, at + skip, frame.length - at - skip)
                .array();
    }

    private static byte[] overwrite(SplittableRandom random, byte[] frame) {
        byte[] damaged = frame.clone();
        long value = ODD_VALUES[random.nextInt(ODD_VALUES.length)];
        ByteBuffer buffer = ByteBuffer.wrap(damaged);
        int at = random.nextInt(FrameLayout.BODY_AT - 8, Math.max(FrameLayout.BODY_AT, frame.length - 12));
        if (at + 12 <= frame.length && random.nextBoolean()) {
            buffer.putLong(at, value);
        } else {
            buffer.putInt(Math.min(at, frame.length - 8), (int) value);
        }
        return damaged;
    }

    private static byte[] withLength(byte[] frame) {
        if (frame.length >= FrameLayout.LENGTH_BYTES) {
            ByteBuffer.wrap(frame).putInt(0, frame.length - FrameLayout.LENGTH_BYTES);
        }
        return withChecksum(frame);
    }

    public static byte[] withChecksum(byte[] frame) {
        int at = frame.length - Protocol.CHECKSUM_BYTES;
        if (at >= 0) {
            ByteBuffer buffer = ByteBuffer.wrap(frame);
            buffer.putInt(at, Protocol.checksum(buffer, 0, at));
        }
        return frame;
    }
}
