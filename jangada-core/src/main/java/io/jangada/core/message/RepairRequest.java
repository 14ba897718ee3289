package io.jangada.core.message;

import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;

/**
 * The question of a node with a damaged disk for the entries of a gap, from {@code fromIndex} to the one before {@code successor}.
 *
 * <p>No question of terms and none of roles: by the Log Matching Property (§5.3) every log that has the {@code successor}, or the {@code end}, has the same entries before it. So whoever has
 * one of the two can answer, committed or not, and nobody else may.
 *
 * @param successor the first intact entry behind the gap
 * @param end the last of the intact entries that follow it without a further gap
 */
public record RepairRequest(NodeId from, NodeId to, long term, long fromIndex, LogPosition successor, LogPosition end)
        implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onRepairRequest(this);
    }
}
