package io.jangada.core.scenario;

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
import io.jangada.core.model.LogPosition;

/** A message on one line of a transcript; a message of a new kind breaks the build until it has words. */
final class MessageText implements MessageHandler {
    private String words = "";

    private MessageText() {}

    static String of(Message message) {
        MessageText text = new MessageText();
        message.accept(text);
        String name = message.getClass().getSimpleName();
        return message.from() + "->" + message.to() + " " + name + " term " + message.term()
                + (text.words.isEmpty() ? "" : ", " + text.words);
    }

    private static String yes(boolean granted) {
        return granted ? "yes" : "no";
    }

    private static String doubt(boolean doubtful) {
        return doubtful ? ", with doubts" : "";
    }

    @Override
    public void onPreVoteRequest(PreVoteRequest m) {
        words = "last " + m.lastLogIndex() + "@" + m.lastLogTerm();
    }

    @Override
    public void onPreVoteResponse(PreVoteResponse m) {
        words = yes(m.granted()) + doubt(m.doubtful()) + ", in term " + m.currentTerm();
    }

    @Override
    public void onVoteRequest(VoteRequest m) {
        words = "last " + m.lastLogIndex() + "@" + m.lastLogTerm() + (m.transfer() ? ", by transfer" : "");
    }

    @Override
    public void onVoteResponse(VoteResponse m) {
        words = yes(m.granted()) + doubt(m.doubtful());
    }

    @Override
    public void onAppendRequest(AppendRequest m) {
        words = "after " + m.prevLogIndex() + "@" + m.prevLogTerm() + ": " + Text.entries(m.entries()) + "; commit "
                + m.leaderCommit();
    }

    @Override
    public void onAppendResponse(AppendResponse m) {
        words = m.success()
                ? "match " + m.matchIndex()
                : "no match at " + m.matchIndex() + (m.lost() ? " any more" : "") + ", try " + m.conflictIndex() + "@"
                        + m.conflictTerm();
    }

    @Override
    public void onHeartbeatRequest(HeartbeatRequest m) {
        words = "round " + m.round() + ", commit " + m.commitIndex();
    }

    @Override
    public void onHeartbeatResponse(HeartbeatResponse m) {
        words = "round " + m.round() + ", last " + m.lastLogIndex();
    }

    @Override
    public void onReadIndexRequest(ReadIndexRequest m) {
        words = "#" + m.requestId();
    }

    @Override
    public void onReadIndexResponse(ReadIndexResponse m) {
        words = "#" + m.requestId() + (m.confirmed() ? " at " + m.readIndex() : " refused");
    }

    @Override
    public void onForwardRequest(ForwardRequest m) {
        words = "#" + m.requestId() + " " + Text.command(m.command());
    }

    @Override
    public void onForwardResponse(ForwardResponse m) {
        String where = m.index() == 0 ? "" : " " + m.index() + "@" + m.entryTerm();
        words = "#" + m.requestId() + " " + m.outcome() + where;
    }

    @Override
    public void onCommitNotice(CommitNotice m) {
        words = "commit " + m.commitIndex();
    }

    @Override
    public void onTimeoutNow(TimeoutNow m) {}

    @Override
    public void onSnapshotRequest(SnapshotRequest m) {
        words = "snapshot " + m.snapshot().index() + "@" + m.snapshot().term() + ", bytes " + m.offset() + ".."
                + (m.offset() + m.chunk().length) + " of " + m.snapshot().sizeBytes();
    }

    @Override
    public void onSnapshotResponse(SnapshotResponse m) {
        words = "snapshot " + m.snapshotIndex() + ", " + m.outcome() + ", next byte " + m.nextOffset();
    }

    @Override
    public void onChangeRequest(ChangeRequest m) {
        words = "#" + m.requestId() + " " + Steps.text(m.change());
    }

    @Override
    public void onChangeResponse(ChangeResponse m) {
        words = "#" + m.requestId() + " " + m.outcome() + (m.refusal() == null ? "" : " " + m.refusal())
                + (m.index() == 0 ? "" : " at " + m.index());
    }

    @Override
    public void onRepairRequest(RepairRequest m) {
        words = "after " + position(m.previous()) + ": " + m.fromIndex() + ".." + m.toIndex() + ", by "
                + position(m.successor())
                + (m.end().equals(m.successor()) ? "" : " to " + position(m.end()));
    }

    @Override
    public void onRepairResponse(RepairResponse m) {
        words = "after " + position(m.previous()) + ": "
                + (m.entries().isEmpty() ? "not here" : Text.entries(m.entries()));
    }

    private static String position(LogPosition position) {
        return position.index() + "@" + position.term();
    }
}
