package io.jangada.testkit.disk;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.DiskLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that distinguishes what was written from what is durable, and fails, lies, hangs and decays when told to.
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
    private final Surface surface = new Surface();

    private Faults faults = Faults.NONE;
    private FailedForce failedForce = FailedForce.KEEPS_PAGES;
    private Set<DiskOperation> hung = Set.of();
    private int hanging;
    private long capacityBytes = Long.MAX_VALUE;
    private long operations;
    private long closings;
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

    /** From now on sectors that are made durable go there. */
    public synchronized void setPlacement(Placement newPlacement) {
        surface.setPlacement(newPlacement);
    }

    /** From now on a failed force does this. */
    public synchronized void setFailedForce(FailedForce how) {
        failedForce = how;
    }

    /** From now on these operations neither fail nor end, until the disk is told other ones; those that then may go on do. */
    public synchronized void setHung(Set<DiskOperation> kinds) {
        hung = Set.copyOf(kinds);
        notifyAll();
    }

    /** Waits until an operation hangs. */
    public synchronized void awaitHanging() throws InterruptedException {
        while (hanging == 0) {
            wait();
        }
    }

    /** What may happen to the bytes while nobody looks. */
    public Decay decay() {
        return new Decay(this);
    }

    /** From now on writes that would make the files larger than this together fail. */
    public synchronized void setCapacity(long bytes) {
        capacityBytes = bytes;
    }

    /** How many operations that change the disk have been tried. */
    public synchronized long operations() {
        return operations;
    }

    /** How many files have been closed. */
    public synchronized long closings() {
        return closings;
    }

    /** The process that used the disk ends; the operating system goes on and has everything that was written. What hangs fails. */
    public synchronized void kill() {
        life++;
        locked = false;
        notifyAll();
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
        surface.copyTo(copy.surface, copies);
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

    /** The sectors that the disk holds of the file. */
    public synchronized List<Sector> sectors(String name) throws IOException {
        List<Sector> sectors = new ArrayList<>();
        for (int number = 0; number < existing(name).sectorsOnDisk(); number++) {
            sectors.add(new Sector(name, (long) number * SECTOR_BYTES));
        }
        return sectors;
    }

    /** The sectors that were written before the latest synchronisation of the file and after the one before it, in order, with those between them; also where the disk had the same. */
    public synchronized List<Sector> lastForced(String name) throws IOException {
        SimFile file = existing(name);
        List<Sector> all = sectors(name);
        return all.subList(Math.min(file.forcedFrom(), all.size()), Math.min(file.forcedTo(), all.size()));
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
        if (hung.contains(operation)) {
            hang(operation, file);
        }
    }

    /** Waits without the monitor: other operations go on. */
    private void hang(DiskOperation operation, String file) throws IOException {
        long begunIn = life;
        hanging++;
        notifyAll();
        try {
            while (hung.contains(operation) && begunIn == life) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(operation + " of " + file + " in " + location + " was interrupted");
        } finally {
            hanging--;
        }
        if (begunIn != life) {
            throw new IOException(operation + " of " + file + " in " + location + " hung until its process ended");
        }
    }

    /** Changes a sector that the disk holds. */
    synchronized boolean damage(Sector sector, Predicate<SimFile> change) throws IOException {
        SimFile file = existing(sector.file());
        if (sector.number() >= file.sectorsOnDisk()) {
            throw new IllegalArgumentException(
                    "the disk holds no " + sector + ", but only " + file.sectorsOnDisk() + " sectors of that file");
        }
        return change.test(file);
    }

    /** A sector of which only a part is written must be read first; what lies behind the end of the file is no part. */
    private void requireReadableEdges(String name, SimFile file, long position, int length) throws IOException {
        for (long edge : new long[] {position, position + length}) {
            boolean whole = edge % SECTOR_BYTES == 0 || (edge != position && edge >= file.size());
            int sector = whole ? -1 : file.unreadableIn(edge - edge % SECTOR_BYTES, 1);
            if (sector >= 0) {
                throw unreadable(sector, name);
            }
        }
    }

    private IOException unreadable(int sector, String name) {
        return new IOException("cannot read at offset " + (long) sector * SECTOR_BYTES + " of " + name + " in "
                + location + ": input/output error");
    }

    /** Half of what should have been written, behind what was there before, is, as when a disk is full. */
    private void write(String name, SimFile file, ByteBuffer source, long position) throws IOException {
        int length = source.remaining();
        requireReadableEdges(name, file, position, length);
        try {
            count(DiskOperation.WRITE, name);
            long growth = Math.max(0, position + length - file.size());
            if (growth > 0 && used() + growth > capacityBytes) {
                throw new IOException("cannot write " + name + " in " + location + ": no space left on device");
            }
        } catch (IOException e) {
            int known = file.knownOf(source, position);
            file.write(source, known + (length - known) / 2, position);
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
                SimFile read = usable();
                int sector = read.unreadableIn(position, target.remaining());
                if (sector >= 0) {
                    throw unreadable(sector, name);
                }
                return read.read(target, position);
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
                    forced.forsake(failedForce);
                    throw e;
                }
                surface.force(name, forced, live);
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
        public void close() throws IOException {
            synchronized (SimDisk.this) {
                if (!closed) {
                    closed = true;
                    closings++;
                    faults.closing(closings, name);
                }
            }
        }
    }
}
