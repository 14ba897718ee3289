package io.jangada.node;

import io.jangada.api.StorageSpace;
import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.core.step.Effects;
import org.jspecify.annotations.Nullable;

/** The exceptions that say: not taken, nothing has happened. */
final class Refusals {

    private Refusals() {}

    static RaftException of(Effects.Refused refused) {
        return switch (refused.reason()) {
            case NOT_LEADER, NOT_NOW -> new NotLeaderException(refused.leader());
            case OVERLOADED -> overloaded();
            case NO_SPACE ->
                new OverloadedException(
                        OverloadedException.Limit.SPACE,
                        "the disk of node " + refused.leader()
                                + " is nearly full, and commands are refused until there is room on it again; its log and its status say how much is missing");
            case TOO_LARGE ->
                new CommandTooLargeException(
                        "the command is larger than maxCommandBytes; split it, or raise the limit on every node");
        };
    }

    static OverloadedException overloaded() {
        return new OverloadedException("the node has as much unfinished work as its limits allow; retry after a pause");
    }

    static OverloadedException noSpace(StorageSpace space) {
        return new OverloadedException(
                OverloadedException.Limit.SPACE, "no commands are taken at the moment: " + space.explained());
    }

    static NodeFailedException failed(@Nullable Throwable cause) {
        Throwable why = cause == null ? new IllegalStateException("for an unknown reason") : cause;
        return new NodeFailedException("this node has failed: " + why.getMessage(), why);
    }

    static NodeClosedException closed() {
        return new NodeClosedException("the node has been closed");
    }
}
