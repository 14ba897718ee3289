package io.jangada.server.config;

/**
 * When snapshots are taken and what stays in the log beside them.
 *
 * @param count entries after which the next snapshot is taken
 * @param bytes bytes of the log after which it is taken, if that is sooner
 * @param catchUpEntries entries that stay in the log although the snapshot covers them
 * @param retained how many of the newest are kept
 */
public record SnapshotSettings(long count, long bytes, long catchUpEntries, int retained) {}
