package io.jangada.transport.wire;

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
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.SnapshotMeta;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes frames into one big-endian buffer, one after the other. For one thread. */
public final class FrameEncoder implements MessageHandler {
    private final ByteBuffer target;
    private byte[] membership = {};

    public FrameEncoder(ByteBuffer target) {
        this.target = target;
    }

    /** Writes the frame at the buffer's position; {@link OutgoingFrame#size()} bytes must remain. */
    public void encode(OutgoingFrame frame) {
        Message message = frame.message();
        int start = target.position();
        int size = Math.toIntExact(frame.size());
        target.putInt(size - FrameLayout.LENGTH_BYTES);
        target.put((byte) Protocol.VERSION);
        target.put((byte) frame.type().code());
        target.putLong(frame.group().value());
        target.putLong(message.from().value());
        target.putLong(message.to().value());
        target.putLong(message.term());
        membership = frame.membership();
        message.accept(this);
        int end = start + size - Protocol.CHECKSUM_BYTES;
        if (target.position() != end) {
            throw new IllegalStateException("encoded " + message + " into " + (target.position() - start)
                    + " bytes where " + (end - start) + " were announced");
        }
        target.putInt(Protocol.checksum(target, start, end));
    }

    @Override
    public void onPreVoteRequest(PreVoteRequest message) {
        target.putLong(message.lastLogIndex());
        target.putLong(message.lastLogTerm());
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse message) {
        target.putLong(message.currentTerm());
        putBoolean(message.granted());
        putBoolean(message.doubtful());
    }

    @Override
    public void onVoteRequest(VoteRequest message) {
        target.putLong(message.lastLogIndex());
        target.putLong(message.lastLogTerm());
        putBoolean(message.transfer());
    }

    @Override
    public void onVoteResponse(VoteResponse message) {
        putBoolean(message.granted());
        putBoolean(message.doubtful());
    }

    @Override
    public void onAppendRequest(AppendRequest message) {
        target.putLong(message.prevLogIndex());
        target.putLong(message.prevLogTerm());
        target.putLong(message.leaderCommit());
        putEntries(message.entries());
    }

    @Override
    public void onAppendResponse(AppendResponse message) {
        putBoolean(message.success());
        target.putLong(message.matchIndex());
        target.putLong(message.conflictTerm());
        target.putLong(message.conflictIndex());
        putBoolean(message.lost());
    }

    @Override
    public void onHeartbeatRequest(HeartbeatRequest message) {
        target.putLong(message.round());
        target.putLong(message.commitIndex());
    }

    @Override
    public void onHeartbeatResponse(HeartbeatResponse message) {
        target.putLong(message.round());
        target.putLong(message.lastLogIndex());
    }

    @Override
    public void onReadIndexRequest(ReadIndexRequest message) {
        target.putLong(message.requestId());
    }

    @Override
    public void onReadIndexResponse(ReadIndexResponse message) {
        target.putLong(message.requestId());
        putBoolean(message.confirmed());
        target.putLong(message.readIndex());
    }

    @Override
    public void onForwardRequest(ForwardRequest message) {
        target.putLong(message.requestId());
        putBytes(message.command());
    }

    @Override
    public void onForwardResponse(ForwardResponse message) {
        target.putLong(message.requestId());
        target.put((byte) message.outcome().code());
        target.putLong(message.index());
        target.putLong(message.entryTerm());
    }

    @Override
    public void onCommitNotice(CommitNotice message) {
        target.putLong(message.commitIndex());
    }

    @Override
    public void onTimeoutNow(TimeoutNow message) {
        // The common fields say everything.
    }

    @Override
    public void onSnapshotRequest(SnapshotRequest message) {
        SnapshotMeta snapshot = message.snapshot();
        target.putLong(snapshot.index());
        target.putLong(snapshot.term());
        target.putLong(snapshot.sizeBytes());
        target.putLong(snapshot.fingerprint());
        target.putInt(snapshot.manifestBytes());
        target.putLong(snapshot.membership().index());
        target.putLong(message.offset());
        putBytes(membership);
        putBytes(message.chunk());
    }

    @Override
    public void onSnapshotResponse(SnapshotResponse message) {
        target.putLong(message.snapshotIndex());
        target.putLong(message.fingerprint());
        target.put((byte) message.outcome().code());
        target.putLong(message.nextOffset());
    }

    @Override
    public void onChangeRequest(ChangeRequest message) {
        target.putLong(message.requestId());
        putBytes(membership);
    }

    @Override
    public void onChangeResponse(ChangeResponse message) {
        ChangeRefusal refusal = message.refusal();
        target.putLong(message.requestId());
        target.put((byte) message.outcome().code());
        target.put((byte) (refusal == null ? 0 : refusal.code()));
        target.putLong(message.index());
    }

    @Override
    public void onRepairRequest(RepairRequest message) {
        putPosition(message.previous());
        target.putLong(message.toIndex());
        putPosition(message.successor());
        putPosition(message.end());
    }

    @Override
    public void onRepairResponse(RepairResponse message) {
        putPosition(message.previous());
        putPosition(message.successor());
        putEntries(message.entries());
    }

    private void putPosition(LogPosition position) {
        target.putLong(position.index());
        target.putLong(position.term());
    }

    private void putEntries(List<Entry> entries) {
        target.putInt(entries.size());
        for (Entry entry : entries) {
            EntryCodec.encode(entry, target);
        }
    }

    private void putBytes(byte[] bytes) {
        target.putInt(bytes.length);
        target.put(bytes);
    }

    private void putBoolean(boolean value) {
        target.put((byte) (value ? 1 : 0));
    }
}
