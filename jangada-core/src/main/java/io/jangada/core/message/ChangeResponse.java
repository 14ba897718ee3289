package io.jangada.core.message;

import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link ChangeRequest}.
 *
 * @param outcome appended at {@code index}, which is no promise that it will be committed; or not taken
 * @param refusal why the leader refused it; null if it did not, or if the asked node does not lead
 */
public record ChangeResponse(
        NodeId from,
        NodeId to,
        long term,
        long requestId,
        ForwardOutcome outcome,
        @Nullable ChangeRefusal refusal,
        long index)
        implements Message {
    @Override
    public void accept(MessageHandler handler) {
        handler.onChangeResponse(this);
    }
}
