package io.jangada.core.message;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import java.util.List;

/**
 * The answer to a {@link RepairRequest}: the missing entries from the one that was asked for, contiguous, as many as were there and fit into a message. Empty: not here.
 *
 * @param previous repeats that of the request: the entries follow it
 * @param successor repeats that of the request, so that an answer to an older question is known by it
 */
public record RepairResponse(
        NodeId from, NodeId to, long term, LogPosition previous, LogPosition successor, List<Entry> entries)
        implements Message {

    public RepairResponse {
        entries = List.copyOf(entries);
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onRepairResponse(this);
    }
}
