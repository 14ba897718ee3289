package io.jangada.core.role;

import io.jangada.core.message.MessageHandler;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.EventHandler;

/**
 * What a node is in its term. A role owns its fields and dies with its term; what it does with each event and message stands in its class.
 *
 * <p>{@link TermGate} has compared terms before any message arrives here: but for pre-votes, every message is of the present term.
 */
sealed interface Role extends EventHandler, MessageHandler permits Follower, Contender, Leader {

    RoleName name();

    /** The leader of this term as far as known, or {@link NodeId#NONE}. */
    NodeId leader();

    /** When {@code Tick} is wanted next. */
    long deadlineNanos();

    /** Whether a leader has been confirmed so recently that nobody else should stand: a reason to refuse votes (§6, thesis §4.2.3). */
    boolean leaderIsLive();

    /** Called once, when this role begins and is the present one. */
    void enter();

    /** Called once, when this role ends; {@link Context} is still as it was. */
    void leave();
}
