package io.jangada.testkit.disk;

/** What changes a disk, and can therefore fail or be the last thing before a crash. */
public enum DiskOperation {
    CREATE,
    WRITE,
    FORCE,
    TRUNCATE,
    RENAME,
    DELETE,
    SYNC_DIRECTORY
}
