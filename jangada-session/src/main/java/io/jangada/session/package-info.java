/**
 * Commands that take effect exactly once, however often they are sent: {@link io.jangada.session.SessionStateMachine} around a state machine on every
 * node, and {@code Session} in front of a node for whoever proposes (Raft thesis, §6.3).
 */
@NullMarked
package io.jangada.session;

import org.jspecify.annotations.NullMarked;
