package io.jangada.core.message;

import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.List;

/**
 * AppendEntries (Figure 2): entries that follow {@code prevLogIndex}, contiguous, possibly none, and how far the leader has committed, or will
 * have as soon as the receiver has them durably ({@link io.jangada.core.config.Options#durableFirst}).
 */
public record AppendRequest(
        NodeId from, NodeId to, long term, long prevLogIndex, long prevLogTerm, List<Entry> entries, long leaderCommit)
        implements Message {

    public AppendRequest {
        entries = List.copyOf(entries);
    }

    /** The index of the last entry of this request; {@code prevLogIndex} if it has none. */
    public long lastNewIndex() {
        return prevLogIndex + entries.size();
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onAppendRequest(this);
    }
}
