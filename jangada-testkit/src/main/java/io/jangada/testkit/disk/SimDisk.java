package io.jangada.testkit.disk;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.DiskLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that distinguishes what was written from what is durable, and fails when told to.
 *
 * <p>Deterministic: the same calls give the same bytes. A power failure ({@link #crash}) and the end of a process ({@link #kill}) make every
 * open file and the lock of before useless; whoever had them must be dropped and the disk opened anew. Files may be used by several
 * threads.
 */
public final class SimDisk implements Disk {
    /** What a disk writes whole or, when the power fails, not whole. */
    public static final int SECTOR_BYTES = 512;

    private final String location;
    private final TreeMap<String, SimFile> live = new TreeMap<>();
    private final TreeMap<String, SimFile> durable = new TreeMap<>();
    private final List<DirectoryChange> unsynced = new ArrayList<>();

    private Faults faults = Faults.NONE;
    private long capacityBytes = Long.MAX_VALUE;
    private long operations;
    private long life;
    private boolean locked;

    /** A name that begins, or with a null file ceases, to exist; both at once in a renaming. */
    private record DirectoryChange(
            @Nullable String removed,
            @Nullable String added,
            @Nullable SimFile file) {
        void applyTo(Map<String, SimFile> names) {
            if (removed != null) {
                names.remove(removed);
            }
            if (added != null && file != null) {
                names.put(added, file);
            }
        }
    }

    /** An empty disk; the location is for messages. */
    public SimDisk(String location) {
        this.location = location;
    }

    /** From now on these operations fail. */
    public synchronized void setFaults(Faults newFaults) {
        faults = newFaults;
    }

    /** From now on writes that would make the files larger than this together fail. */
    public synchronized void setCapacity(long bytes) {
        capacityBytes = bytes;
    }

    /** How many operations that change the disk have been tried. */
    public synchronized long operations() {
        return operations;
    }

    /** The process that used the disk ends; the operating system goes on and has everything that was written. */
    public synchronized void kill() {
        life++;
        locked = false;
    }

    /** The power fails: of what was not synchronised, this survives. */
    public synchronized void crash(Survival survival) {
        kill();
        for (int i = 0; i < unsynced.size(); i++) {
            if (survival.keepsDirectoryChange(i)) {
                unsynced.get(i).applyTo(durable);
            }
        }
        unsynced.clear();
        durable.forEach((name, file) -> file.crash(name, survival));
        live.clear();
        live.putAll(durable);
    }

    /** A disk in the same state, synchronised and not, that nobody has open and on which nothing fails. */
    public synchronized SimDisk copy() {
        SimDisk copy = new SimDisk(location);
        IdentityHashMap<SimFile, SimFile> copies = new IdentityHashMap<>();
        live.forEach((name, file) -> copy.live.put(name, copies.computeIfAbsent(file, SimFile::copy)));
        durable.forEach((name, file) -> copy.durable.put(name, copies.computeIfAbsent(file, SimFile::copy)));
        for (DirectoryChange change : unsynced) {
            SimFile file = change.file();
            copy.unsynced.add(new DirectoryChange(
                    change.removed(),
                    change.added(),
                    file == null ? null : copies.computeIfAbsent(file, SimFile::copy)));
        }
        return copy;
    }

    /** What the file holds, durable or not. */
    public synchronized byte[] contents(String name) throws IOException {
        return existing(name).content();
    }

    /** Makes the file hold this, durably, whatever it was: for tests of damage. */
    public synchronized void replace(String name, byte[] content) {
        SimFile file = new SimFile(content);
        live.put(name, file);
        durable.put(name, file);
    }

    /** Makes the file not exist, durably: for tests of damage. */
    public synchronized void remove(String name) {
        live.remove(name);
        durable.remove(name);
    }

    /** The files with unsynchronised bytes. */
    public synchronized List<String> unsyncedFiles() {
        return live.entrySet().stream()
                .filter(entry -> entry.getValue().hasUnsynced())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The offset before which everything in the file is synchronised, to within a sector. */
    public synchronized long unsyncedFrom(String name) throws IOException {
        return existing(name).unsyncedFrom();
    }

    /** The offset behind which everything in the file is synchronised, to within a sector. */
    public synchronized long unsyncedTo(String name) throws IOException {
        return existing(name).unsyncedTo();
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(live.keySet());
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        return new Handle(name, existing(name), life);
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        count(DiskOperation.CREATE, name);
        if (live.containsKey(name)) {
            throw new IOException("cannot create " + name + " in " + location + ": it exists");
        }
        SimFile file = new SimFile();
        change(new DirectoryChange(null, name, file));
        return new Handle(name, file, life);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        count(DiskOperation.DELETE, name);
        existing(name);
        change(new DirectoryChange(name, null, null));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        count(DiskOperation.RENAME, from);
        change(new DirectoryChange(from, to, existing(from)));
    }

    private void change(DirectoryChange change) {
        change.applyTo(live);
        unsynced.add(change);
    }

    @Override
    public synchronized void sync() throws IOException {
        count(DiskOperation.SYNC_DIRECTORY, "");
        for (DirectoryChange change : unsynced) {
            change.applyTo(durable);
        }
        unsynced.clear();
    }

    @Override
    public synchronized Closeable lock(String name) throws IOException {
        if (locked) {
            throw new DiskLockedException(name + " in " + location + " is held by another opener");
        }
        if (!live.containsKey(name)) {
            create(name);
        }
        return taken();
    }

    @Override
    public synchronized Closeable lockUnchanged(String name) throws IOException {
        if (locked) {
            throw new DiskLockedException(name + " in " + location + " is held by another opener");
        }
        return taken();
    }

    private Closeable taken() {
        locked = true;
        long taken = life;
        return () -> unlock(taken);
    }

    private synchronized void unlock(long taken) {
        if (taken == life) {
            locked = false;
        }
    }

    @Override
    public synchronized long usableBytes() {
        return capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, capacityBytes - used());
    }

    private long used() {
        long used = 0;
        for (SimFile each : live.values()) {
            used += each.size();
        }
        return used;
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    private SimFile existing(String name) throws IOException {
        SimFile file = live.get(name);
        if (file == null) {
            throw new IOException("there is no file " + name + " in " + location);
        }
        return file;
    }

    private void count(DiskOperation operation, String file) throws IOException {
        operations++;
        faults.before(operation, operations, file);
    }

    /** Half of what should have been written is, as when a disk is full. */
    private void write(String name, SimFile file, ByteBuffer source, long position) throws IOException {
        int length = source.remaining();
        try {
            count(DiskOperation.WRITE, name);
            long growth = Math.max(0, position + length - file.size());
            if (growth > 0 && used() + growth > capacityBytes) {
                throw new IOException("cannot write " + name + " in " + location + ": no space left on device");
            }
        } catch (IOException e) {
            file.write(source, length / 2, position);
            throw e;
        }
        file.write(source, length, position);
    }

    /** An open file. */
    private final class Handle implements DiskFile {
        private final String name;
        private final SimFile file;
        private final long openedIn;
        private boolean closed;

        Handle(String name, SimFile file, long openedIn) {
            this.name = name;
            this.file = file;
            this.openedIn = openedIn;
        }

        private SimFile usable() throws IOException {
            if (closed || openedIn != life) {
                throw new IOException(name + " in " + location + (closed ? " is closed" : " was open in another life"));
            }
            return file;
        }

        @Override
        public long size() throws IOException {
            synchronized (SimDisk.this) {
                return usable().size();
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimDisk.this) {
                return usable().read(target, position);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimDisk.this) {
                SimDisk.this.write(name, usable(), source, position);
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            synchronized (SimDisk.this) {
                SimFile forced = usable();
                try {
                    count(DiskOperation.FORCE, name);
                } catch (IOException e) {
                    forced.forsake();
                    throw e;
                }
                forced.force();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimDisk.this) {
                SimFile shortened = usable();
                count(DiskOperation.TRUNCATE, name);
                shortened.truncate(size);
            }
        }

        @Override
        public void close() {
            synchronized (SimDisk.this) {
                closed = true;
            }
        }
    }
}
