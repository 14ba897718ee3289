package io.jangada.core.message;

/** What a role must answer: one method for each message, none with a default, so that a new message breaks the build. */
public interface MessageHandler {

    void onPreVoteRequest(PreVoteRequest message);

    void onPreVoteResponse(PreVoteResponse message);

    void onVoteRequest(VoteRequest message);

    void onVoteResponse(VoteResponse message);

    void onAppendRequest(AppendRequest message);

    void onAppendResponse(AppendResponse message);

    void onHeartbeatRequest(HeartbeatRequest message);

    void onHeartbeatResponse(HeartbeatResponse message);

    void onReadIndexRequest(ReadIndexRequest message);

    void onReadIndexResponse(ReadIndexResponse message);

    void onForwardRequest(ForwardRequest message);

    void onForwardResponse(ForwardResponse message);

    void onCommitNotice(CommitNotice message);

    void onTimeoutNow(TimeoutNow message);

    void onSnapshotRequest(SnapshotRequest message);

    void onSnapshotResponse(SnapshotResponse message);

    void onChangeRequest(ChangeRequest message);

    void onChangeResponse(ChangeResponse message);

    void onRepairRequest(RepairRequest message);

    void onRepairResponse(RepairResponse message);
}
