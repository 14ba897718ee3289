package io.jangada.node;

import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.core.step.Effects;

/** The exceptions that say: not taken, nothing has happened. */
final class Refusals {

    private Refusals() {}

    static RaftException of(Effects.Refused refused) {
        return switch (refused.reason()) {
            case NOT_LEADER -> new NotLeaderException(refused.leader());
            case OVERLOADED -> overloaded();
            case NOT_NOW -> new NotLeaderException(refused.leader());
            case TOO_LARGE ->
                new CommandTooLargeException(
                        "the command is larger than maxCommandBytes; split it, or raise the limit on every node");
        };
    }

    static OverloadedException overloaded() {
        return new OverloadedException("the node has as much unfinished work as its limits allow; retry after a pause");
    }

    static NodeClosedException closed() {
        return new NodeClosedException("the node has been closed");
    }
}
