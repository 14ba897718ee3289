package io.jangada.session;

import java.util.concurrent.CompletableFuture;

/**
 * The way of a session's commands to the group: {@code node::propose}, or your own, which may choose another node each time.
 *
 * @param <R> the result of a command
 */
@FunctionalInterface
public interface Proposer<R> {

    /**
     * Has the command replicated and applied, as {@link io.jangada.api.RaftNode#propose} does. Called from any thread; must not block. A future that fails with anything but a {@link
     * io.jangada.api.error.RaftException} ends the attempts.
     */
    CompletableFuture<SessionReply<R>> propose(byte[] command);
}
