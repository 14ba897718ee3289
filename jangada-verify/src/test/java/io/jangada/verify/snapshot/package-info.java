/** Snapshots and backups that are larger than the memory of the process. */
@NullMarked
package io.jangada.verify.snapshot;

import org.jspecify.annotations.NullMarked;
