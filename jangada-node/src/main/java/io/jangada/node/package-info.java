/**
 * A running node: {@link io.jangada.node.LocalNode} joins one {@code NodeLoop} and three workers, each of which can be stepped by
 * hand (the simulator does) or be given a thread (production does).
 */
@NullMarked
package io.jangada.node;

import org.jspecify.annotations.NullMarked;
