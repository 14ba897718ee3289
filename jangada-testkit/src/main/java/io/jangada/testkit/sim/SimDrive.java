package io.jangada.testkit.sim;

import io.jangada.api.ClusterId;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.model.NodeId;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import io.jangada.testkit.disk.Faults;
import io.jangada.testkit.disk.SimDisk;
import io.jangada.testkit.disk.Survival;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What outlives the runs of a node: the real log and the real snapshots on a simulated disk. */
final class SimDrive {
    private static final ClusterId CLUSTER = new ClusterId(0x51);

    private final SimDisk disk;
    private final LogIdentity identity;
    private final LogOptions options;
    private final SimRandom chance;
    private final SnapshotOptions snapshotOptions;
    private final DiskDecay decay;
    private long incarnation;
    /** Whether the power has failed while something was written since the disk was opened last. */
    private boolean interrupted;

    private long spoiled;

    SimDrive(NodeId node, SimRandom chance, DiskDecay decay) {
        this.chance = chance;
        this.decay = decay;
        this.disk = new SimDisk("disk of node " + node);
        this.identity = new LogIdentity(CLUSTER, node);
        this.options = LogOptions.DEFAULT
                .withSegmentBytes((int) chance.between(16 << 10, 40 << 10))
                .withWriteBufferBytes((int) chance.between(4 << 10, 16 << 10))
                .deterministic(chance.next());
        this.snapshotOptions = SnapshotOptions.DEFAULT
                .withRetained((int) chance.between(1, 3))
                .withChunkBytes((int) chance.between(64, 1_000));
    }

    /** The number by which this disk is known; 0 before it is opened for the first time. */
    long incarnation() {
        return incarnation;
    }

    /** Lets the disk decay. */
    List<DriveDecay.Wound> decay() throws IOException {
        return new DriveDecay(disk, chance, decay).strike(interrupted);
    }

    /** How many sectors power failures have spoiled since the last call. */
    long takeSpoiled() {
        long count = spoiled;
        spoiled = 0;
        return count;
    }

    SegmentedLog open() throws IOException {
        disk.setFaults(Faults.NONE);
        interrupted = false;
        SegmentedLog log = SegmentedLog.open(disk, identity, options);
        incarnation = log.incarnation();
        return log;
    }

    SnapshotStore openSnapshots(SegmentedLog log) throws IOException {
        return SnapshotFiles.open(log, snapshotOptions);
    }

    /** The disk does a few more operations and no more: the power is about to go. */
    void loseAfter(long operations) {
        long last = disk.operations() + operations;
        disk.setFaults(Faults.at(number -> number > last));
    }

    /** The process ends, the machine goes on: everything written is there. */
    void kill() {
        interrupted |= !disk.unsyncedFiles().isEmpty();
        disk.kill();
    }

    /** The power goes: any part of what was not synchronised is lost, sector by sector, some of them torn. */
    void losePower() {
        double whole = chance.chance(0.25) ? 0 : chance.unit();
        double torn = chance.chance(0.33) ? 0 : chance.unit() * 0.3;
        boolean spoils = !decay.isNone() && chance.chance(decay.spoiledProbability());
        interrupted |= !disk.unsyncedFiles().isEmpty();
        disk.crash(new Survival() {
            @Override
            public int bytesOf(String file, long sectorOffset) {
                if (chance.chance(torn)) {
                    return (int) chance.between(0, SimDisk.SECTOR_BYTES);
                }
                return chance.chance(whole) ? SimDisk.SECTOR_BYTES : 0;
            }

            @Override
            public @Nullable Random spoils(String file, long sectorOffset) {
                if (!spoils || !chance.chance(0.3)) {
                    return null;
                }
                spoiled++;
                return new Random(chance.next());
            }

            @Override
            public boolean keepsDirectoryChange(int number) {
                return chance.chance(0.5);
            }
        });
    }
}
