package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * Something one node says to another. Messages may be lost, delayed, duplicated and reordered; the protocol stays safe.
 *
 * <p>{@code term} is the sender's current term, but for {@link PreVoteRequest} and {@link PreVoteResponse}, which say so.
 */
public sealed interface Message
        permits PreVoteRequest,
                PreVoteResponse,
                VoteRequest,
                VoteResponse,
                AppendRequest,
                AppendResponse,
                HeartbeatRequest,
                HeartbeatResponse,
                ReadIndexRequest,
                ReadIndexResponse,
                ForwardRequest,
                ForwardResponse,
                CommitNotice,
                TimeoutNow,
                SnapshotRequest,
                SnapshotResponse,
                ChangeRequest,
                ChangeResponse,
                RepairRequest,
                RepairResponse {

    NodeId from();

    NodeId to();

    long term();

    void accept(MessageHandler handler);
}
