package io.jangada.transport.wire;

import io.jangada.api.GroupId;
import io.jangada.api.spi.EntryCodec;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.MessageHandler;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MembershipCodec;
import java.util.List;

/**
 * A message on its way out, and the exact size of its frame, known before a byte is written: queues count it, and a buffer is
 * allocated once and never grown.
 *
 * <p>The one object that sending costs. Created by any thread, encoded by the thread of the connection.
 */
public final class OutgoingFrame implements MessageHandler {
    private static final byte[] NOTHING = {};

    private final GroupId group;
    private final Message message;
    private MessageType type = MessageType.VOTE_RESPONSE;
    private long size;
    private byte[] membership = NOTHING;

    private OutgoingFrame(GroupId group, Message message) {
        this.group = group;
        this.message = message;
    }

    /** Throws {@link IllegalArgumentException} for a membership, or a change to one, that has no encoding because a text or list in it is too long. */
    public static OutgoingFrame of(GroupId group, Message message) {
        OutgoingFrame frame = new OutgoingFrame(group, message);
        message.accept(frame);
        return frame;
    }

    public GroupId group() {
        return group;
    }

    public Message message() {
        return message;
    }

    /** The size of the whole frame in bytes, length field and checksum included; may be more than a frame is allowed to have. */
    public long size() {
        return size;
    }

    /** The kind of connection that it travels on. */
    public ConnectionKind kind() {
        return type == MessageType.SNAPSHOT_REQUEST ? ConnectionKind.BULK : ConnectionKind.MESSAGES;
    }

    MessageType type() {
        return type;
    }

    /** The encoded membership, or change to one, in the message; empty if it has none. */
    byte[] membership() {
        return membership;
    }

    private void is(MessageType type, long variableBytes) {
        this.type = type;
        this.size = FrameLayout.OVERHEAD_BYTES + type.fixedBytes() + variableBytes;
    }

    @Override
    public void onPreVoteRequest(PreVoteRequest message) {
        is(MessageType.PRE_VOTE_REQUEST, 0);
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {
        is(MessageType.PRE_VOTE_RESPONSE, 0);
    }

    @Override
    public void onVoteRequest(VoteRequest message) {
        is(MessageType.VOTE_REQUEST, 0);
    }

    @Override
    public void onVoteResponse(VoteResponse message) {
        is(MessageType.VOTE_RESPONSE, 0);
    }

    @Override
    public void onAppendRequest(AppendRequest message) {
        is(MessageType.APPEND_REQUEST, sizeOf(message.entries()));
    }

    private static long sizeOf(List<Entry> entries) {
        long size = 0;
        for (Entry entry : entries) {
            size += (long) EntryCodec.HEADER_BYTES + entry.payload().length;
        }
        return size;
    }

    @Override
    public void onAppendResponse(AppendResponse message) {
        is(MessageType.APPEND_RESPONSE, 0);
    }

    @Override
    public void onHeartbeatRequest(HeartbeatRequest message) {
        is(MessageType.HEARTBEAT_REQUEST, 0);
    }

    @Override
    public void onHeartbeatResponse(HeartbeatResponse message) {
        is(MessageType.HEARTBEAT_RESPONSE, 0);
    }

    @Override
    public void onReadIndexRequest(ReadIndexRequest message) {
        is(MessageType.READ_INDEX_REQUEST, 0);
    }

    @Override
    public void onReadIndexResponse(ReadIndexResponse message) {
        is(MessageType.READ_INDEX_RESPONSE, 0);
    }

    @Override
    public void onForwardRequest(ForwardRequest message) {
        is(MessageType.FORWARD_REQUEST, message.command().length);
    }

    @Override
    public void onForwardResponse(ForwardResponse message) {
        is(MessageType.FORWARD_RESPONSE, 0);
    }

    @Override
    public void onCommitNotice(CommitNotice message) {
        is(MessageType.COMMIT_NOTICE, 0);
    }

    @Override
    public void onTimeoutNow(TimeoutNow message) {
        is(MessageType.TIMEOUT_NOW, 0);
    }

    @Override
    public void onSnapshotRequest(SnapshotRequest message) {
        membership = MembershipCodec.encode(message.snapshot().membership().membership());
        is(MessageType.SNAPSHOT_REQUEST, (long) membership.length + message.chunk().length);
    }

    @Override
    public void onSnapshotResponse(SnapshotResponse message) {
        is(MessageType.SNAPSHOT_RESPONSE, 0);
    }

    @Override
    public void onChangeRequest(ChangeRequest message) {
        membership = MembershipCodec.encode(message.change());
        is(MessageType.CHANGE_REQUEST, membership.length);
    }

    @Override
    public void onChangeResponse(ChangeResponse message) {
        is(MessageType.CHANGE_RESPONSE, 0);
    }

    @Override
    public void onRepairRequest(RepairRequest message) {
        is(MessageType.REPAIR_REQUEST, 0);
    }

    @Override
    public void onRepairResponse(RepairResponse message) {
        is(MessageType.REPAIR_RESPONSE, sizeOf(message.entries()));
    }
}
