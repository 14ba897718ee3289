package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore.HeldFiles;
import io.jangada.api.spi.SnapshotStore.Staged;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.RealDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of files: linked and not copied, each file once, and only those sent that the other side lacks. */
class SnapshotPartsTest {
    private static final LogOptions OPTIONS =
            LogOptions.DEFAULT.withSegmentBytes(16 << 10).deterministic(0xf01d);
    private static final SnapshotOptions SMALL = SnapshotOptions.DEFAULT.withChunkBytes(1_000);
    private static final MembershipAt MEMBERS = new MembershipAt(2, Membership.ofVoters(NodeId.of(1), NodeId.of(2)));

    private final Path base;
    private final Path states;
    private final Place here;
    private final Place there;

    SnapshotPartsTest(@TempDir Path base) throws IOException {
        this.base = base;
        this.states = Files.createDirectory(base.resolve("states"));
        this.here = new Place(base.resolve("here"), 1);
        this.there = new Place(base.resolve("there"), 2);
    }

    @AfterEach
    void close() throws IOException {
        here.close();
        there.close();
    }

    /** A node's log and snapshots. */
    private static final class Place {
        final Path folder;
        final LogIdentity owner;
        SegmentedLog log;
        SnapshotFiles snapshots;
        /** Bytes of pieces that were handed to it. */
        long received;

        Place(Path folder, long node) throws IOException {
            this.folder = folder;
            this.owner = new LogIdentity(new ClusterId(0xc1), NodeId.of(node));
            this.log = SegmentedLog.open(folder, owner, OPTIONS);
            this.snapshots = SnapshotFiles.open(log, SMALL);
        }

        void reopen() throws IOException {
            close();
            log = SegmentedLog.open(folder, owner, OPTIONS);
            snapshots = SnapshotFiles.open(log, SMALL);
        }

        void close() throws IOException {
            snapshots.close();
            log.close();
        }

        List<String> files(String ending) throws IOException {
            try (Stream<Path> all = Files.list(folder)) {
                return all.map(path -> path.getFileName().toString())
                        .filter(name -> name.endsWith(ending))
                        .sorted()
                        .toList();
            }
        }

        /** Receives as a node does, at most so many pieces; says whether it has all. */
        boolean receive(SnapshotMeta meta, Place sender, int maxBytes, int pieces) throws IOException {
            Staged staged = snapshots.stage(piece(meta, 0, new byte[0]));
            for (int i = 0; i < pieces && staged.outcome() == SnapshotOutcome.WANTS_MORE; i++) {
                byte[] bytes = sender.snapshots.read(meta, staged.nextOffset(), maxBytes);
                received += bytes.length;
                staged = snapshots.stage(piece(meta, staged.nextOffset(), bytes));
            }
            assertThat(staged.outcome()).isIn(SnapshotOutcome.WANTS_MORE, SnapshotOutcome.INSTALLED);
            return staged.outcome() == SnapshotOutcome.INSTALLED;
        }

        /** The content of each file, in hexadecimal digits. */
        Map<String, String> content(SnapshotMeta meta) throws IOException {
            Map<String, String> content = new TreeMap<>();
            try (HeldFiles held = snapshots.openFiles(meta)) {
                for (StateFile file : held.files()) {
                    try (InputStream in = file.open()) {
                        byte[] bytes = in.readAllBytes();
                        assertThat(Files.readAllBytes(file.path().orElseThrow()))
                                .isEqualTo(bytes);
                        assertThat(file.sizeBytes()).isEqualTo(bytes.length);
                        content.put(file.name(), hex(bytes));
                    }
                }
            }
            return content;
        }
    }

    private static SnapshotRequest piece(SnapshotMeta meta, long offset, byte[] bytes) {
        return new SnapshotRequest(NodeId.of(1), NodeId.of(2), 3, meta, offset, bytes);
    }

    private record FileState(List<StateFile> files) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) {
            throw new AssertionError("a state of files is not written as a stream");
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private Path file(String name, int seed, int bytes) throws IOException {
        return Files.write(states.resolve(name), bytes(seed, bytes));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(int seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static StateSnapshot state(Path... files) {
        return new FileState(Stream.of(files).map(StateFile::at).toList());
    }

    private static SnapshotMeta take(Place place, long index, Path... files) throws IOException {
        return place.snapshots.take(index, 3, MEMBERS, state(files));
    }

    private static String partOf(Place place, Path file) throws IOException {
        for (String name : place.files(".part")) {
            if (Files.isSameFile(place.folder.resolve(name), file)) {
                return name;
            }
        }
        throw new AssertionError("no part is a link to " + file);
    }

    @Test
    void filesAreLinkedAndComeBackAsTheyWere() throws IOException {
        Path one = file("one", 1, 12_345);
        Path empty = file("empty", 2, 0);
        Path three = file("three", 3, 1_000);
        SnapshotMeta meta = take(here, 7, one, empty, three);
        assertThat(meta.inFiles()).isTrue();
        assertThat(meta.sizeBytes()).isEqualTo(meta.manifestBytes() + 13_345L);
        partOf(here, one);
        partOf(here, three);
        Files.delete(one);
        for (int round = 0; round < 2; round++) {
            Map<String, String> content = here.content(meta);
            assertThat(content).containsOnlyKeys("one", "empty", "three");
            assertThat(content.get("one")).isEqualTo(hex(bytes(1, 12_345)));
            assertThat(content.get("empty")).isEmpty();
            here.reopen();
            assertThat(here.snapshots.newest()).contains(meta);
        }
        assertThatThrownBy(() -> here.snapshots.open(meta)).hasMessageContaining("is one of files");
    }

    @Test
    void aFileThatAnEarlierSnapshotHasIsNeitherReadNorStoredAgain() throws IOException {
        Path old = file("old", 1, 50_000);
        take(here, 7, old);
        // Whoever read it once more would get another digest.
        Path part = here.folder.resolve(partOf(here, old));
        byte[] content = Files.readAllBytes(part);
        Files.write(part, bytes(9, 50_000));
        SnapshotMeta second = take(here, 8, old, file("new", 2, 10));
        Files.write(part, content);
        assertThat(here.files(".part")).hasSize(2);
        assertThat(here.content(second).get("old")).isEqualTo(hex(content));
    }

    @Test
    void aFileGoesWithTheLastSnapshotThatHasIt() throws IOException {
        Path one = file("one", 1, 2_000);
        Path two = file("two", 2, 2_000);
        take(here, 7, one);
        take(here, 8, one, two);
        take(here, 9, two);
        assertThat(here.files(".part")).hasSize(2);
        take(here, 10, two);
        assertThat(here.files(".part")).containsExactly(partOf(here, two));
        assertThat(Files.exists(one)).as("the state machine's own file").isTrue();
        Files.write(here.folder.resolve("f".repeat(64) + ".part"), bytes(3, 10));
        here.reopen();
        assertThat(here.files(".part")).as("what a crash has left").containsExactly(partOf(here, two));
    }

    @Test
    void onlyWhatIsMissingIsSent() throws IOException {
        Path large = file("large", 1, 300_000);
        Path small = file("small", 2, 5_000);
        SnapshotMeta first = take(here, 7, large, small);
        assertThat(there.receive(first, here, 10_000, Integer.MAX_VALUE)).isTrue();
        assertThat(there.received).isEqualTo(first.sizeBytes());
        assertThat(there.content(first)).isEqualTo(here.content(first));
        there.received = 0;
        Path added = file("added", 3, 7_000);
        SnapshotMeta second = take(here, 8, large, added);
        assertThat(there.receive(second, here, 10_000, Integer.MAX_VALUE)).isTrue();
        assertThat(there.received).isBetween(second.manifestBytes() + 7_000L, second.manifestBytes() + 17_000L);
        assertThat(there.content(second).get("large")).isEqualTo(hex(bytes(1, 300_000)));
        assertThat(there.content(second).get("added")).isEqualTo(hex(bytes(3, 7_000)));
    }

    /** Random states, pieces of any size, interruptions, restarts of either side, newer snapshots that overtake: it always arrives, and never more than it has to. */
    @Test
    void randomTransfersArrive() throws IOException {
        Random random = new Random(11);
        List<Path> files = new ArrayList<>();
        int made = 0;
        for (int round = 0; round < 60; round++) {
            files.removeIf(file -> random.nextInt(4) == 0);
            for (int i = random.nextInt(4) + (files.isEmpty() ? 1 : 0); i > 0; i--) {
                int size = random.nextInt(5) == 0 ? random.nextInt(2) : random.nextInt(9_000);
                files.add(file("f" + made, made++, size));
            }
            SnapshotMeta meta = take(here, 100 + round, files.toArray(Path[]::new));
            boolean arrived = false;
            // Sometimes it never gets there: the next one overtakes it.
            for (int part = random.nextInt(3) == 0 ? 1 : 20; part > 0 && !arrived; part--) {
                int pieces = part == 1 ? 2 : random.nextInt(12);
                arrived = there.receive(meta, here, 1 + random.nextInt(3_000), pieces);
                if (random.nextInt(4) == 0) {
                    there.reopen();
                }
                if (random.nextInt(8) == 0) {
                    here.reopen();
                }
            }
            if (arrived) {
                assertThat(there.content(meta)).as("round %d", round).isEqualTo(here.content(meta));
                assertThat(there.files(".tmp")).doesNotContain(FileNames.PART_INCOMING, FileNames.SNAPSHOT_INCOMING);
            }
        }
        long last = 1_000;
        SnapshotMeta meta = take(here, last, files.toArray(Path[]::new));
        assertThat(there.receive(meta, here, 5_000, Integer.MAX_VALUE)).isTrue();
        take(here, last + 1, files.toArray(Path[]::new));
        take(there, last + 1, files.toArray(Path[]::new));
        take(there, last + 2, files.toArray(Path[]::new));
        long distinct =
                files.stream().map(SnapshotPartsTest::contentOf).distinct().count();
        assertThat(here.files(".part")).hasSize((int) distinct);
        assertThat(there.files(".part")).hasSize((int) distinct);
    }

    private static String contentOf(Path file) {
        try {
            return hex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTransferGoesOnInTheMiddleOfAFileAfterARestart() throws IOException {
        SnapshotMeta meta = take(here, 7, file("one", 1, 3_000), file("two", 2, 50_000));
        assertThat(there.receive(meta, here, 5_000, 6)).isFalse();
        long before = there.received;
        there.reopen();
        assertThat(there.receive(meta, here, 5_000, Integer.MAX_VALUE)).isTrue();
        // What is not a whole chunk is sent again.
        assertThat(there.received).isBetween(meta.sizeBytes(), meta.sizeBytes() + 1_000);
        assertThat(before).isGreaterThan(25_000);
        assertThat(there.content(meta)).isEqualTo(here.content(meta));
    }

    @Test
    void whatANewerSnapshotSharesWithOneThatNeverArrivedIsNotSentAgain() throws IOException {
        Path one = file("one", 1, 40_000);
        SnapshotMeta first = take(here, 7, one, file("two", 2, 40_000));
        assertThat(there.receive(first, here, 5_000, 12)).isFalse();
        there.received = 0;
        SnapshotMeta second = take(here, 8, one, file("three", 3, 1_000));
        assertThat(there.receive(second, here, 5_000, Integer.MAX_VALUE)).isTrue();
        assertThat(there.received).isLessThan(10_000);
        assertThat(there.files(".part")).hasSize(2);
    }

    @Test
    void whatIsNotWhatTheManifestSaysIsRejected() throws IOException {
        SnapshotMeta meta = take(here, 7, file("one", 1, 3_500));
        byte[] all = here.snapshots.read(meta, 0, Integer.MAX_VALUE);
        for (int at = 0; at < all.length; at += 7) {
            byte[] bad = all.clone();
            bad[at] ^= 4;
            there.snapshots.stage(piece(meta, 0, new byte[0]));
            assertThat(there.snapshots.stage(piece(meta, 0, bad)).outcome())
                    .as("byte %d", at)
                    .isEqualTo(SnapshotOutcome.REJECTED);
            assertThat(there.files(".tmp")).doesNotContain(FileNames.PART_INCOMING, FileNames.SNAPSHOT_INCOMING);
        }
        assertThat(there.receive(meta, here, 900, Integer.MAX_VALUE)).isTrue();
    }

    @Test
    void aManifestThatIsNoneIsRefusedWhateverItsChecksumSays() throws IOException {
        SnapshotMeta meta = take(here, 7, file("one", 1, 3_500), file("two", 2, 10));
        byte[] good = Arrays.copyOf(here.snapshots.read(meta, 0, Integer.MAX_VALUE), meta.manifestBytes());
        assertThat(Manifest.decode(good).encoded()).isEqualTo(good);
        Random random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(3) == 0 ? random.nextInt(good.length + 9) : good.length);
            for (int i = random.nextInt(4); i >= 0 && bad.length > 0; i--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                // Digests and checksums can be anything; what is read has sense.
                Manifest manifest = Manifest.decode(bad);
                assertThat(manifest.contentBytes()).isGreaterThanOrEqualTo(bad.length);
                assertThat(manifest.parts()).allMatch(part -> part.name().matches("[A-Za-z0-9_-][A-Za-z0-9._-]*"));
            } catch (SnapshotFormatException e) {
                assertThat(e).hasMessageContaining("manifest");
            }
        }
        for (String name : List.of("", ".hidden", "a/b", "..", "x".repeat(129), "ä")) {
            assertThatThrownBy(() ->
                            Manifest.of(List.of(new SnapshotPart(name, 0, "0".repeat(64), 1_000, new int[0])), 1_000))
                    .hasMessageContaining("no name for a file");
        }
    }

    @Test
    void damageInAFileIsSeenAndNeitherSentNorTakenAgain() throws IOException {
        Path one = file("one", 1, 9_000);
        SnapshotMeta meta = take(here, 7, one);
        String part = partOf(here, one);
        byte[] bytes = Files.readAllBytes(one);
        bytes[4_321] ^= 1;
        Files.write(one, bytes);
        assertThatThrownBy(() -> here.snapshots.openFiles(meta))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(part + " in " + here.folder.toRealPath() + " is damaged at offset 4000");
        assertThatThrownBy(() -> here.snapshots.read(meta, meta.manifestBytes(), 9_000))
                .isInstanceOf(CorruptSnapshotException.class);
        assertThat(here.snapshots.newest()).isEmpty();
        here.reopen();
        assertThat(here.snapshots.newest()).as("left out at the start").isEmpty();
        assertThatThrownBy(() -> take(here, 8, one)).hasMessageContaining(one + " of the state");
        assertThat(here.files(".part")).as("and kept until there is another").hasSize(1);
        take(here, 8, file("two", 2, 100));
        assertThat(here.files(".part")).hasSize(1).doesNotContain(part);
    }

    @Test
    void noSnapshotIsTakenOfAFileThatIsKnownToBeDamaged() throws IOException {
        Path one = file("one", 1, 9_000);
        Path two = file("two", 2, 100);
        SnapshotMeta first = take(here, 7, one, two);
        take(here, 8, one, two);
        byte[] bytes = Files.readAllBytes(one);
        bytes[4_321] ^= 1;
        Files.write(one, bytes);
        assertThatThrownBy(() -> here.snapshots.read(first, 0, 20_000)).isInstanceOf(CorruptSnapshotException.class);
        assertThatThrownBy(() -> take(here, 9, one, two)).hasMessageContaining(one + " of the state");
    }

    @Test
    void aSnapshotWhoseFileIsMissingIsDamaged() throws IOException {
        Path one = file("one", 1, 9_000);
        take(here, 7, one);
        Files.delete(here.folder.resolve(partOf(here, one)));
        here.reopen();
        assertThat(here.snapshots.newest()).isEmpty();
        try (LogInspection inspection = inspect()) {
            assertThat(inspection.snapshots()).singleElement().satisfies(line -> assertThat(line.defect())
                    .contains("its file")
                    .contains("one, is not there"));
        }
    }

    /** A latent error in a snapshot file, or in one of its files, is damage of that snapshot and not the end of the node. */
    @Test
    void whatTheDiskCannotReadIsDamaged() throws IOException {
        Path one = file("one", 1, 9_000);
        SnapshotMeta meta = take(here, 7, one);
        for (String name : List.of(FileNames.snapshot(meta), partOf(here, one))) {
            here.close();
            for (long at = 0; at < Files.size(here.folder.resolve(name)); at += 512) {
                Disk disk = new UnreadableDisk(RealDisk.open(here.folder), name, at, 512);
                try (SegmentedLog log = SegmentedLog.open(disk, here.owner, OPTIONS);
                        SnapshotFiles snapshots = SnapshotFiles.open(log, SMALL)) {
                    assertThat(snapshots.newest()).as("%s at %d", name, at).isEmpty();
                }
            }
            here.reopen();
            assertThat(here.snapshots.newest()).as("when it can be read again").contains(meta);
        }
    }

    private LogInspection inspect() throws IOException {
        here.close();
        return LogInspection.open(here.folder);
    }

    @Test
    void filesThatCannotBeLinkedAreCopied() throws IOException {
        StateFile unlinkable = new StateFile() {
            @Override
            public String name() {
                return "far";
            }

            @Override
            public long sizeBytes() {
                return 5_000;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(base.resolve("states").resolve("far"));
            }

            @Override
            public Optional<Path> path() {
                return Optional.empty();
            }
        };
        Path far = file("far", 1, 5_000);
        SnapshotMeta meta = here.snapshots.take(7, 3, MEMBERS, new FileState(List.of(unlinkable)));
        SnapshotMeta linked = take(there, 7, far);
        assertThat(meta).as("the same content, the same snapshot").isEqualTo(linked);
        assertThat(Files.isSameFile(far, here.folder.resolve(here.files(".part").get(0))))
                .isFalse();
        assertThat(here.content(meta).get("far")).isEqualTo(hex(bytes(1, 5_000)));
    }
}
