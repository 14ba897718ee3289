package io.jangada.server.config;

/**
 * When snapshots are taken and what stays in the log beside them.
 *
 * @param count entries after which the next snapshot is taken
 * @param catchUpEntries entries that stay in the log although the snapshot covers them
 */
public record SnapshotSettings(long count, long catchUpEntries) {}
