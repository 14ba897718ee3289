/** What must hold when real processes are killed, paused and cut off from each other. */
@NullMarked
package io.jangada.verify.cluster;

import org.jspecify.annotations.NullMarked;
