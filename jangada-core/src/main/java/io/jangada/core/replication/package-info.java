/** How a leader brings every follower's log up to its own, and what is committed by that. */
@NullMarked
package io.jangada.core.replication;

import org.jspecify.annotations.NullMarked;
