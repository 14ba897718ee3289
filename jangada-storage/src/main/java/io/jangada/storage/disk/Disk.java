package io.jangada.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One folder of files, and the only place through which the storage code touches a disk.
 *
 * <p>Names are plain: no separators, no sub-folders. What the directory says (a file created, renamed or deleted) is durable only
 * after {@link #sync}; what a file holds, only after {@link DiskFile#force}. Every failure is an {@link IOException} that names the
 * file; callers never repeat a failed operation but give up the whole disk (trap 40). Safe for use by several threads.
 */
public interface Disk {
    /** What a disk writes at once, or a multiple of that; see {@link #openForBlocks}. */
    int BLOCK_BYTES = 4 << 10;

    /** Where this is, for messages. */
    String location();

    /** The names of everything in the folder, sorted. */
    List<String> list() throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(String name) throws IOException;

    /**
     * As {@link #open}, for a file that is read and written over in whole {@linkplain #BLOCK_BYTES blocks}, and not read again soon: where the file system can do that, these go between the disk and memory
     * that {@link #allocate} has given, past that of the operating system.
     */
    default DiskFile openForBlocks(String name) throws IOException {
        return open(name);
    }

    /** Creates a file, which must not exist, and opens it for reading and writing. */
    DiskFile create(String name) throws IOException;

    /**
     * Gives a file that lies somewhere else a second name in this folder, without a copy (a hard link); the name must be free. Says whether that was possible: not on another
     * file system, nor on a disk that is none. Afterwards both names stand for one file, so it must not be written any more.
     */
    default boolean link(Path source, String name) throws IOException {
        return false;
    }

    /** Whether the file of this name is the very file that lies at this place, under another name. */
    default boolean isLink(Path source, String name) throws IOException {
        return false;
    }

    /** Where the file of this name lies, for those who link it in turn; empty on a disk without a file system. */
    default Optional<Path> path(String name) {
        return Optional.empty();
    }

    /** Deletes a file, which must exist. */
    void delete(String name) throws IOException;

    /** Renames a file; an existing file of the new name is replaced, at once or not at all. */
    void rename(String from, String to) throws IOException;

    /** Makes the directory durable: names, not contents. */
    void sync() throws IOException;

    /**
     * Takes the lock of this name, creating its file if necessary; closing what is returned gives it back, as does the end of the process.
     *
     * @throws DiskLockedException if another opener, in this process or in another, holds it
     */
    Closeable lock(String name) throws IOException;

    /**
     * Takes the lock of this name as {@link #lock} does, and leaves its file as it is; if there is none, nobody can hold it. Two who take it like this may
     * both get it, if they are different processes.
     *
     * @throws DiskLockedException if another opener, in this process or in another, holds it
     */
    Closeable lockUnchanged(String name) throws IOException;

    /** How many bytes may still be written to the file system of this folder; {@link Long#MAX_VALUE} without a limit, 0 if that cannot be found out. */
    long usableBytes();

    /** Memory, filled with zeros and big endian, from which this disk writes and into which it reads without a further copy; from its beginning, blocks too. */
    ByteBuffer allocate(int bytes);
}
