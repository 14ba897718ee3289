/** Snapshots in place of entries (§7): when the log lets go of entries, when a follower is sent a snapshot, and what it does with it. */
@NullMarked
package io.jangada.core.snapshot;

import org.jspecify.annotations.NullMarked;
