package io.jangada.core.message;

import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;

/**
 * The question of a node with a damaged disk for the entries that it lacks: those behind {@code previous}, up to {@code toIndex}.
 *
 * <p>No question of terms and none of roles: by the Log Matching Property (§5.3) every log that has the {@code successor}, or the {@code end}, or an earlier entry of one of their terms, has the same
 * entries before it. So whoever has one can answer, whether they are committed or not, and nobody else may.
 *
 * @param previous the last entry before what is missing
 * @param toIndex the last one that is missing
 * @param successor the first intact entry behind a gap; if the end of the log is missing the last entry that the node certainly had, which is {@code toIndex}
 * @param end the last of the intact entries that follow without a further gap; the same as {@code successor} if there are none
 */
public record RepairRequest(
        NodeId from, NodeId to, long term, LogPosition previous, long toIndex, LogPosition successor, LogPosition end)
        implements Message {

    /** The first entry that is missing. */
    public long fromIndex() {
        return previous.index() + 1;
    }

    /** Whether the end of the log is missing, rather than what lies before a part that is intact. */
    public boolean isForEnd() {
        return toIndex == successor.index();
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onRepairRequest(this);
    }
}
