package io.jangada.server.config;

/**
 * What the data folder holds: when snapshots are taken, what stays in the log beside them, and what is left free.
 *
 * @param count entries after which the next snapshot is taken
 * @param bytes bytes of the log after which it is taken, if that is sooner
 * @param catchUpEntries entries that stay in the log although the snapshot covers them
 * @param retained how many of the newest snapshots are kept
 * @param reserveBytes with less room than this on the file system writes are refused
 */
public record StorageSettings(long count, long bytes, long catchUpEntries, int retained, long reserveBytes) {}
