/**
 * A running node: {@link io.jangada.node.LocalNode} joins one {@code NodeLoop} and four workers, each of which can be stepped by
 * hand (the simulator does), be given a thread, or share the threads of a {@link io.jangada.node.WorkerPool} with other nodes.
 */
@NullMarked
package io.jangada.node;

import org.jspecify.annotations.NullMarked;
