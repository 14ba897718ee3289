package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What the simulated disk can do to those who trust it. */
class SimDiskTest {
    private static final int SECTOR = SimDisk.SECTOR_BYTES;
    private static final Sector FIRST = new Sector("a", 0);
    private static final Sector SECOND = new Sector("a", SECTOR);

    private final SimDisk disk = new SimDisk("sim");

    /** A file of this many sectors, each filled with its number, durable with its name. */
    private DiskFile file(String name, int sectors) throws IOException {
        DiskFile file = disk.create(name);
        for (int i = 0; i < sectors; i++) {
            put(file, i, i + 1);
        }
        file.force(true);
        disk.sync();
        return file;
    }

    private static void put(DiskFile file, int sector, int value) throws IOException {
        file.write(ByteBuffer.wrap(filled(value)), (long) sector * SECTOR);
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[SECTOR];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private byte[] sector(String name, int number) throws IOException {
        return Arrays.copyOfRange(disk.contents(name), number * SECTOR, (number + 1) * SECTOR);
    }

    @Test
    void aLostWriteIsThereUntilThePowerFails() throws IOException {
        DiskFile file = file("a", 2);
        disk.setPlacement(meant -> meant.equals(SECOND) ? null : meant);
        put(file, 0, 8);
        put(file, 1, 9);
        file.force(false);
        assertThat(sector("a", 1)).isEqualTo(filled(9));
        disk.crash(Survival.EVERYTHING);
        assertThat(sector("a", 0)).isEqualTo(filled(8));
        assertThat(sector("a", 1)).isEqualTo(filled(2));
    }

    @Test
    void aMisdirectedWriteHitsAnotherPlace() throws IOException {
        DiskFile file = file("a", 2);
        file("b", 3);
        disk.setPlacement(meant -> meant.equals(SECOND) ? new Sector("b", 2 * SECTOR) : meant);
        put(file, 1, 9);
        file.force(false);
        assertThat(sector("a", 1)).as("memory").isEqualTo(filled(9));
        assertThat(sector("b", 2)).as("memory").isEqualTo(filled(3));
        disk.crash(Survival.EVERYTHING);
        assertThat(sector("a", 1)).isEqualTo(filled(2));
        assertThat(sector("b", 2)).isEqualTo(filled(9));
        SimDisk copy = disk.copy();
        assertThat(copy.contents("b")).isEqualTo(disk.contents("b"));
        try (DiskFile other = disk.open("b")) {
            put(other, 2, 7);
            other.force(false);
        }
        disk.crash(Survival.NOTHING);
        assertThat(sector("b", 2)).as("written anew").isEqualTo(filled(7));
    }

    @Test
    void onlyOneWriteIsMisdirectedAtATime() throws IOException {
        DiskFile file = file("a", 2);
        file("b", 3);
        disk.setPlacement(meant -> meant.file().equals("a") ? new Sector("b", meant.offset()) : meant);
        put(file, 0, 8);
        put(file, 1, 9);
        file.force(false);
        disk.crash(Survival.EVERYTHING);
        assertThat(sector("b", 0)).isEqualTo(filled(8));
        assertThat(sector("b", 1)).isEqualTo(filled(2));
        assertThat(sector("a", 0)).isEqualTo(filled(1));
        assertThat(sector("a", 1)).isEqualTo(filled(9));
    }

    @Test
    void bytesDecayWhileNobodyLooks() throws IOException {
        DiskFile file = file("a", 2);
        put(file, 1, 9);
        file.force(false);
        assertThat(disk.decay().flipBit("a", 3, 1)).isTrue();
        assertThat(sector("a", 0)[3]).isEqualTo((byte) 3);
        assertThat(disk.decay().stale(SECOND)).isTrue();
        assertThat(sector("a", 1)).isEqualTo(filled(2));
        assertThat(disk.decay().stale(SECOND)).as("the same once more").isFalse();
        assertThat(disk.decay().zero(FIRST)).isTrue();
        assertThat(sector("a", 0)).isEqualTo(filled(0));
        assertThat(disk.decay().corrupt(FIRST, new Random(1))).isTrue();
        disk.crash(Survival.NOTHING);
        assertThat(sector("a", 0)).isNotEqualTo(filled(0));
    }

    @Test
    void whatMemoryHasNewerHidesTheDamage() throws IOException {
        DiskFile file = file("a", 1);
        put(file, 0, 9);
        disk.decay().zero(FIRST);
        assertThat(sector("a", 0)).isEqualTo(filled(9));
        disk.crash(Survival.NOTHING);
        assertThat(sector("a", 0)).isEqualTo(filled(0));
    }

    @Test
    void aLatentErrorLastsUntilTheSectorIsWritten() throws IOException {
        DiskFile file = file("a", 3);
        disk.decay().unreadable(SECOND);
        ByteBuffer all = ByteBuffer.allocate(3 * SECTOR);
        assertThatThrownBy(() -> file.read(all, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("offset 512 of a in sim: input/output error");
        assertThat(file.read(ByteBuffer.allocate(SECTOR), 0)).isEqualTo(SECTOR);
        assertThat(file.read(ByteBuffer.allocate(SECTOR), 2 * SECTOR)).isEqualTo(SECTOR);
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), SECTOR + 1))
                .as("a part of a sector is read before it is written")
                .hasMessageContaining("input/output error");
        put(file, 1, 9);
        assertThat(file.read(all, 0)).as("from memory").isEqualTo(3 * SECTOR);
        disk.crash(Survival.NOTHING);
        try (DiskFile again = disk.open("a")) {
            assertThatThrownBy(() -> again.read(ByteBuffer.allocate(1), SECTOR)).isInstanceOf(IOException.class);
            put(again, 1, 9);
            again.force(false);
        }
        disk.crash(Survival.NOTHING);
        assertThat(disk.open("a").read(ByteBuffer.allocate(SECTOR), SECTOR)).isEqualTo(SECTOR);
    }

    @Test
    void whatAFailedForceShouldHaveWrittenIsNeverWritten() throws IOException {
        for (FailedForce how : FailedForce.values()) {
            String name = how.name();
            DiskFile file = file(name, 1);
            disk.setFailedForce(how);
            put(file, 0, 9);
            disk.setFaults((operation, number, any) -> {
                throw new IOException("once");
            });
            assertThatThrownBy(() -> file.force(false)).hasMessage("once");
            disk.setFaults(Faults.NONE);
            file.force(false);
            assertThat(sector(name, 0)).isEqualTo(filled(how == FailedForce.KEEPS_PAGES ? 9 : 1));
        }
        disk.crash(Survival.EVERYTHING);
        for (FailedForce how : FailedForce.values()) {
            assertThat(sector(how.name(), 0)).isEqualTo(filled(1));
        }
    }

    @Test
    void aFullDiskTakesNothingThatNeedsSpace() throws IOException {
        DiskFile file = file("a", 1);
        disk.setFaults(Faults.fullFrom(disk.operations() + 1));
        assertThatThrownBy(() -> put(file, 0, 9)).hasMessageContaining("no space left on device");
        assertThatThrownBy(() -> disk.create("b")).hasMessageContaining("no space left on device");
        assertThatThrownBy(() -> disk.rename("a", "b")).hasMessageContaining("no space left on device");
        file.force(true);
        disk.sync();
        disk.delete("a");
        disk.setFaults(Faults.NONE);
        disk.create("b").close();
    }

    @Test
    void whatHangsGoesOnWhenItIsLet() throws Exception {
        DiskFile file = file("a", 1);
        put(file, 0, 9);
        disk.setHung(Set.of(DiskOperation.FORCE));
        CompletableFuture<Void> forced = inBackground(file);
        disk.awaitHanging();
        assertThat(file.read(ByteBuffer.allocate(SECTOR), 0)).as("others go on").isEqualTo(SECTOR);
        disk.setHung(Set.of());
        forced.get();
        disk.crash(Survival.NOTHING);
        assertThat(sector("a", 0)).isEqualTo(filled(9));
    }

    @Test
    void whatHangsEndsWithItsProcess() throws Exception {
        DiskFile file = file("a", 1);
        put(file, 0, 9);
        disk.setHung(Set.of(DiskOperation.FORCE));
        CompletableFuture<Void> forced = inBackground(file);
        disk.awaitHanging();
        disk.crash(Survival.NOTHING);
        assertThatThrownBy(forced::get)
                .isInstanceOf(ExecutionException.class)
                .hasStackTraceContaining("hung until its process ended");
        assertThat(sector("a", 0)).isEqualTo(filled(1));
    }

    private static CompletableFuture<Void> inBackground(DiskFile file) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        file.force(false);
                        done.complete(null);
                    } catch (IOException e) {
                        done.completeExceptionally(e);
                    }
                },
                "hanging-force");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    @Test
    void aFileThatCannotBeClosedIsClosed() throws IOException {
        DiskFile file = file("a", 1);
        disk.setFaults(Faults.closingFrom(1));
        assertThatThrownBy(file::close).hasMessageContaining("simulated failure to close a");
        file.close();
        assertThatThrownBy(file::size).hasMessageContaining("is closed");
    }
}
