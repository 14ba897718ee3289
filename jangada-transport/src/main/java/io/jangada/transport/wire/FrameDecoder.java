package io.jangada.transport.wire;

import io.jangada.api.spi.EntryCodec;
import io.jangada.api.spi.EntryFormatException;
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
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one connection, on which one node speaks to another, and believes nothing: every length, count and code is
 * checked against what is there before it is used. Stateless; any thread.
 */
public final class FrameDecoder {
    private final NodeId from;
    private final NodeId to;

    /**
     * @param from the node at the other end, by its handshake: messages in another node's name are refused
     * @param to this node: messages for another node are refused
     */
    public FrameDecoder(NodeId from, NodeId to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Reads the frame that fills the big-endian source from position to limit, whose length field {@link FrameLayout#sizeOf} has accepted.
     *
     * @throws MalformedFrameException if no node of this version sends such bytes on this connection; names the offending value
     */
    public Frame decode(ByteBuffer source) throws MalformedFrameException {
        int start = source.position();
        int end = source.limit() - Protocol.CHECKSUM_BYTES;
        Protocol.requireChecksum("frame", source, start, end);
        int version = source.get(start + FrameLayout.VERSION_AT) & 0xff;
        if (version != Protocol.VERSION) {
            throw new MalformedFrameException(
                    "frame of version " + version + " on a connection of version " + Protocol.VERSION);
        }
        MessageType type = MessageType.ofCode(source.get(start + FrameLayout.TYPE_AT) & 0xff);
        requireNode("from", source.getLong(start + FrameLayout.FROM_AT), from);
        requireNode("to", source.getLong(start + FrameLayout.TO_AT), to);
        long group = source.getLong(start + FrameLayout.GROUP_AT);
        long term = position("term", source.getLong(start + FrameLayout.TERM_AT));
        ByteBuffer body = source.slice(start + FrameLayout.BODY_AT, end - start - FrameLayout.BODY_AT);
        int variable = body.remaining() - type.fixedBytes();
        if (variable < 0 || (variable > 0 && !type.varies())) {
            throw new MalformedFrameException(type + " with a body of " + body.remaining() + " bytes; it has "
                    + (type.varies() ? "at least " : "") + type.fixedBytes());
        }
        Message message = message(type, term, body);
        if (body.hasRemaining()) {
            throw new MalformedFrameException(type + " with " + body.remaining() + " bytes behind its end");
        }
        return new Frame(group, message);
    }

    private Message message(MessageType type, long term, ByteBuffer body) throws MalformedFrameException {
        return switch (type) {
            case PRE_VOTE_REQUEST -> new PreVoteRequest(from, to, term, index(body), term(body));
            case PRE_VOTE_RESPONSE -> new PreVoteResponse(from, to, term, term(body), flag(body), flag(body));
            case VOTE_REQUEST -> new VoteRequest(from, to, term, index(body), term(body), flag(body));
            case VOTE_RESPONSE -> new VoteResponse(from, to, term, flag(body), flag(body));
            case APPEND_REQUEST -> appendRequest(term, body);
            case APPEND_RESPONSE -> appendResponse(term, body);
            case HEARTBEAT_REQUEST -> new HeartbeatRequest(from, to, term, body.getLong(), index(body));
            case HEARTBEAT_RESPONSE -> new HeartbeatResponse(from, to, term, body.getLong(), index(body));
            case READ_INDEX_REQUEST -> new ReadIndexRequest(from, to, term, body.getLong());
            case READ_INDEX_RESPONSE -> new ReadIndexResponse(from, to, term, body.getLong(), flag(body), index(body));
            case FORWARD_REQUEST -> new ForwardRequest(from, to, term, body.getLong(), bytes("command", body, 0));
            case FORWARD_RESPONSE -> forwardResponse(term, body);
            case COMMIT_NOTICE -> new CommitNotice(from, to, term, index(body));
            case TIMEOUT_NOW -> new TimeoutNow(from, to, term);
            case SNAPSHOT_REQUEST -> snapshotRequest(term, body);
            case SNAPSHOT_RESPONSE -> snapshotResponse(term, body);
            case CHANGE_REQUEST -> new ChangeRequest(from, to, term, body.getLong(), change(body));
            case CHANGE_RESPONSE -> changeResponse(term, body);
            case REPAIR_REQUEST ->
                new RepairRequest(from, to, term, logPosition(body), index(body), logPosition(body), logPosition(body));
            case REPAIR_RESPONSE -> repairResponse(term, body);
        };
    }

    private AppendRequest appendRequest(long term, ByteBuffer body) throws MalformedFrameException {
        long prevLogIndex = index(body);
        long prevLogTerm = term(body);
        long leaderCommit = index(body);
        Entry[] entries = entries("append", body);
        if (prevLogIndex > Long.MAX_VALUE - entries.length) {
            throw new MalformedFrameException("append after index " + prevLogIndex + ", beyond which no log reaches");
        }
        if (entries.length > 0 && entries[0].index() != prevLogIndex + 1) {
            throw discontiguous("append", entries[0].index(), prevLogIndex + 1);
        }
        return new AppendRequest(from, to, term, prevLogIndex, prevLogTerm, Arrays.asList(entries), leaderCommit);
    }

    private RepairResponse repairResponse(long term, ByteBuffer body) throws MalformedFrameException {
        LogPosition previous = logPosition(body);
        LogPosition successor = logPosition(body);
        return new RepairResponse(from, to, term, previous, successor, Arrays.asList(entries("repair", body)));
    }

    private static Entry[] entries(String what, ByteBuffer body) throws MalformedFrameException {
        int count = body.getInt();
        if (count < 0 || count > body.remaining() / EntryCodec.HEADER_BYTES) {
            throw new MalformedFrameException(what + " of " + Integer.toUnsignedString(count) + " entries in "
                    + body.remaining() + " bytes; an entry has at least " + EntryCodec.HEADER_BYTES);
        }
        Entry[] entries = new Entry[count];
        for (int i = 0; i < count; i++) {
            entries[i] = entry(what, body);
            if (i > 0 && entries[i].index() != entries[i - 1].index() + 1) {
                throw discontiguous(what, entries[i].index(), entries[i - 1].index() + 1);
            }
        }
        return entries;
    }

    private static MalformedFrameException discontiguous(String what, long index, long expected) {
        return new MalformedFrameException(
                what + " with index " + index + " where " + expected + " must follow; entries are contiguous");
    }

    private static Entry entry(String what, ByteBuffer body) throws MalformedFrameException {
        try {
            return EntryCodec.decode(body);
        } catch (EntryFormatException e) {
            throw new MalformedFrameException(what + " with a malformed entry: " + e.getMessage());
        }
    }

    private AppendResponse appendResponse(long term, ByteBuffer body) throws MalformedFrameException {
        return new AppendResponse(from, to, term, flag(body), index(body), term(body), index(body), flag(body));
    }

    private ForwardResponse forwardResponse(long term, ByteBuffer body) throws MalformedFrameException {
        long requestId = body.getLong();
        int code = body.get() & 0xff;
        return new ForwardResponse(from, to, term, requestId, outcome(code), index(body), term(body));
    }

    private static ForwardOutcome outcome(int code) throws MalformedFrameException {
        try {
            return ForwardOutcome.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("response to something forwarded: " + e.getMessage());
        }
    }

    private SnapshotRequest snapshotRequest(long term, ByteBuffer body) throws MalformedFrameException {
        long index = index(body);
        long snapshotTerm = term(body);
        long size = position("size", body.getLong());
        long fingerprint = body.getLong();
        int manifest = body.getInt();
        long membershipIndex = index(body);
        long offset = position("offset", body.getLong());
        // The length of the chunk stands behind the membership.
        byte[] membership = bytes("membership", body, Integer.BYTES);
        byte[] chunk = bytes("chunk", body, 0);
        if (offset > size || chunk.length > size - offset) {
            throw new MalformedFrameException(
                    "chunk of " + chunk.length + " bytes at offset " + offset + " of a snapshot of " + size + " bytes");
        }
        try {
            MembershipAt members = new MembershipAt(membershipIndex, MembershipCodec.decode(membership));
            SnapshotMeta meta = new SnapshotMeta(index, snapshotTerm, members, size, fingerprint, manifest);
            return new SnapshotRequest(from, to, term, meta, offset, chunk);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("snapshot request: " + e.getMessage());
        }
    }

    private SnapshotResponse snapshotResponse(long term, ByteBuffer body) throws MalformedFrameException {
        long index = index(body);
        long fingerprint = body.getLong();
        int code = body.get() & 0xff;
        long nextOffset = position("offset", body.getLong());
        try {
            return new SnapshotResponse(from, to, term, index, fingerprint, SnapshotOutcome.ofCode(code), nextOffset);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("snapshot response: " + e.getMessage());
        }
    }

    private static MembershipChange change(ByteBuffer body) throws MalformedFrameException {
        byte[] change = bytes("membership change", body, 0);
        try {
            return MembershipCodec.decodeChange(change);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("change request: " + e.getMessage());
        }
    }

    private ChangeResponse changeResponse(long term, ByteBuffer body) throws MalformedFrameException {
        long requestId = body.getLong();
        ForwardOutcome outcome = outcome(body.get() & 0xff);
        ChangeRefusal refusal = refusal(body.get() & 0xff);
        return new ChangeResponse(from, to, term, requestId, outcome, refusal, index(body));
    }

    private static @Nullable ChangeRefusal refusal(int code) throws MalformedFrameException {
        if (code == 0) {
            return null;
        }
        try {
            return ChangeRefusal.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("change response: " + e.getMessage());
        }
    }

    /** Bytes with their length in front, behind which exactly or, if something follows, at least so many others are left. */
    private static byte[] bytes(String what, ByteBuffer body, int followingBytes) throws MalformedFrameException {
        int length = body.getInt();
        int left = body.remaining() - followingBytes;
        if (length < 0 || length > left || (followingBytes == 0 && length != left)) {
            throw new MalformedFrameException(what + " that claims a length of " + Integer.toUnsignedString(length)
                    + " bytes where " + left + " are left");
        }
        byte[] bytes = new byte[length];
        body.get(bytes);
        return bytes;
    }

    private static void requireNode(String field, long value, NodeId expected) throws MalformedFrameException {
        if (value != expected.value()) {
            throw new MalformedFrameException("message with '" + field + "' = " + new NodeId(value)
                    + " on a connection whose handshake says " + expected);
        }
    }

    private static LogPosition logPosition(ByteBuffer body) throws MalformedFrameException {
        return new LogPosition(index(body), term(body));
    }

    private static long index(ByteBuffer body) throws MalformedFrameException {
        return position("index", body.getLong());
    }

    private static long term(ByteBuffer body) throws MalformedFrameException {
        return position("term", body.getLong());
    }

    private static boolean flag(ByteBuffer body) throws MalformedFrameException {
        int value = body.get();
        if (value != 0 && value != 1) {
            throw new MalformedFrameException("flag with value " + (value & 0xff) + "; it is 0 or 1");
        }
        return value == 1;
    }

    private static long position(String what, long value) throws MalformedFrameException {
        if (value < 0) {
            throw new MalformedFrameException("negative " + what + " " + value);
        }
        return value;
    }
}
