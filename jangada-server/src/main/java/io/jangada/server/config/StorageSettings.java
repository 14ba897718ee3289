package io.jangada.server.config;

/**
 * What the data folder holds: when snapshots are taken, what stays in the log beside them, and what is left free.
 *
 * @param count entries after which the next snapshot is taken
 * @param catchUpEntries entries that stay in the log although the snapshot covers them
 * @param reserveBytes with less room than this on the file system writes are refused
 */
public record StorageSettings(long count, long catchUpEntries, long reserveBytes) {}
