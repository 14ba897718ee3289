package io.jangada.testkit.disk;

/** What changes a disk, and can therefore fail, hang, or be the last thing before a crash. */
public enum DiskOperation {
    CREATE,
    WRITE,
    FORCE,
    TRUNCATE,
    RENAME,
    DELETE,
    SYNC_DIRECTORY;

    /** Whether this may need space that there is not: where a file system never writes in place, overwriting does too. */
    public boolean needsSpace() {
        return this == CREATE || this == WRITE || this == RENAME;
    }
}
