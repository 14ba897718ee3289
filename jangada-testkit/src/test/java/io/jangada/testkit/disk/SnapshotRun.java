package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.spi.SnapshotStore.Staged;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The log and the snapshots of a node in one folder, in use as a node uses them, and what of them has been promised. */
final class SnapshotRun {
    static final SnapshotOptions OPTIONS = SnapshotOptions.DEFAULT.withChunkBytes(256);
    private static final MembershipAt MEMBERS =
            new MembershipAt(1, Membership.ofVoters(NodeId.of(0xa), NodeId.of(0xb)));

    final SimDisk disk;
    private final Random random;
    /** The content of each snapshot that may be there, by its index. */
    private final Map<Long, byte[]> contents = new HashMap<>();

    private byte[] latest = {};
    private long last;
    private long compacted;
    /** The index of the newest snapshot that is promised to be there, 0 for none. */
    private long promised;
    /** The snapshot of another node that is arriving or was the last to. */
    private SplitState.@Nullable Sent arriving;

    SnapshotRun(SimDisk disk, long seed) {
        this.disk = disk;
        this.random = new Random(seed);
    }

    /** Plays so many steps. */
    void play(int steps) throws IOException {
        SegmentedLog nowLog = ScriptRun.open(disk);
        SnapshotFiles nowSnapshots = SnapshotFiles.open(nowLog, OPTIONS);
        append(nowLog);
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> append(nowLog);
                case 3, 4 -> take(nowSnapshots);
                case 5, 6 -> compact(nowLog, nowSnapshots);
                case 7, 8 -> receive(nowLog, nowSnapshots);
                default -> {
                    nowSnapshots.close();
                    nowLog.close();
                    nowLog = ScriptRun.open(disk);
                    nowSnapshots = SnapshotFiles.open(nowLog, OPTIONS);
                }
            }
        }
        nowSnapshots.close();
        nowLog.close();
    }

    /** Plays until the power is cut at this operation; false if the steps ended before. */
    boolean playUntil(int steps, long operation) throws IOException {
        disk.setFaults(ScriptRun.powerCutAt(operation));
        try {
            play(steps);
            return false;
        } catch (IOException | ScriptRun.PowerCut e) {
            ScriptRun.rethrowUnlessPowerCut(e);
            return true;
        }
    }

    private void append(SegmentedLog to) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            entries.add(Entry.command(last + 1 + i, 1, new byte[random.nextInt(800)]));
        }
        to.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, entries));
        to.sync();
        last += entries.size();
    }

    private void take(SnapshotFiles into) throws IOException {
        if (last <= promised) {
            return;
        }
        long index = promised + 1 + random.nextInt((int) (last - promised));
        byte[] content = content();
        contents.put(index, content);
        into.take(index, 1, MEMBERS, state(index, content));
        promised = index;
    }

    private void compact(SegmentedLog what, SnapshotFiles by) throws IOException {
        long base = by.newest().map(SnapshotMeta::index).orElse(0L);
        if (base > compacted && base <= last) {
            what.write(new WriteBatch(1, null, new LogBase(base, 1, false), WriteBatch.KEEP_ALL, List.of()));
            what.sync();
            compacted = base;
        }
    }

    /** Another node sends a snapshot beyond the log, sometimes not to its end. */
    private void receive(SegmentedLog with, SnapshotFiles into) throws IOException {
        long index = Math.max(last, promised) + 5 + random.nextInt(20);
        byte[] content = content();
        contents.put(index, content);
        SplitState.Sent sent = state(index, content).sent(index, 1, MEMBERS, OPTIONS);
        arriving = sent;
        int pieces = random.nextInt(4) == 0 ? random.nextInt(5) : Integer.MAX_VALUE;
        if (send(into, sent, 100 + random.nextInt(900), pieces)) {
            promised = index;
            with.write(new WriteBatch(1, null, new LogBase(index, 1, true), WriteBatch.KEEP_ALL, List.of()));
            with.sync();
            last = index;
            compacted = index;
        }
    }

    /** True if all of it has arrived. */
    private static boolean send(SnapshotFiles into, SplitState.Sent sent, int piece, int pieces) throws IOException {
        SnapshotMeta meta = sent.meta();
        Staged staged = into.stage(request(meta, 0, new byte[0]));
        for (int i = 0; i < pieces && staged.outcome() == SnapshotOutcome.WANTS_MORE; i++) {
            long from = staged.nextOffset();
            staged = into.stage(request(meta, from, sent.piece(from, piece)));
        }
        assertThat(staged.outcome()).isIn(SnapshotOutcome.WANTS_MORE, SnapshotOutcome.INSTALLED);
        return staged.outcome() == SnapshotOutcome.INSTALLED;
    }

    private static SnapshotRequest request(SnapshotMeta meta, long offset, byte[] chunk) {
        return new SnapshotRequest(NodeId.of(0xb), NodeId.of(0xa), 1, meta, offset, chunk);
    }

    /** Opens the folder and requires what was promised; returns the index of the newest snapshot. */
    long requireKept(SimDisk on, String when) throws IOException {
        try (SegmentedLog opened = ScriptRun.open(on);
                SnapshotFiles found = SnapshotFiles.open(opened, OPTIONS)) {
            long newest = found.newest().map(SnapshotMeta::index).orElse(0L);
            assertThat(newest).as(when).isGreaterThanOrEqualTo(promised);
            assertThat(opened.recovered().firstIndex() - 1).as(when).isLessThanOrEqualTo(newest);
            if (newest > 0) {
                requireContent(found, contents.getOrDefault(newest, new byte[0]), when);
            }
            assertThat(on.list()).as(when).doesNotContain("snapshot.tmp", "part.tmp");
            assertThat(on.list().stream().filter(name -> name.endsWith(".snapshot")))
                    .as(when)
                    .hasSizeLessThanOrEqualTo(OPTIONS.retained() + 2);
            return newest;
        }
    }

    private static void requireContent(SnapshotFiles found, byte[] content, String when) throws IOException {
        SnapshotMeta meta = found.newest().orElseThrow();
        assertThat(meta.membership()).as(when).isEqualTo(MEMBERS);
        assertThat(SplitState.read(found, meta)).as(when).isEqualTo(content);
        byte[] sent = found.read(meta, 0, Integer.MAX_VALUE);
        assertThat(Arrays.copyOfRange(sent, meta.manifestBytes(), sent.length))
                .as(when)
                .isEqualTo(content);
    }

    /** What was arriving arrives, and another snapshot is taken after it; both survive. */
    void goOn(SimDisk on, String when) throws IOException {
        SplitState.Sent sent = arriving;
        SnapshotMeta other = sent == null ? null : sent.meta();
        byte[] own = content();
        long index = Math.max(last, promised) + 1_000;
        try (SegmentedLog opened = ScriptRun.open(on);
                SnapshotFiles found = SnapshotFiles.open(opened, OPTIONS)) {
            if (sent != null
                    && other != null
                    && found.newest().map(SnapshotMeta::index).orElse(0L) < other.index()) {
                byte[] content = contents.getOrDefault(other.index(), own);
                assertThat(send(found, sent, 700, Integer.MAX_VALUE))
                        .as(when + ", resumed")
                        .isTrue();
                requireContent(found, content, when + ", resumed");
            }
        }
        on.crash(Survival.NOTHING);
        try (SegmentedLog opened = ScriptRun.open(on);
                SnapshotFiles found = SnapshotFiles.open(opened, OPTIONS)) {
            if (other != null) {
                assertThat(found.newest().map(SnapshotMeta::index).orElse(0L))
                        .as(when + ", resumed, then power failure")
                        .isGreaterThanOrEqualTo(other.index());
            }
            found.take(index, 1, MEMBERS, state(index, own));
        }
        on.crash(Survival.NOTHING);
        try (SegmentedLog opened = ScriptRun.open(on);
                SnapshotFiles found = SnapshotFiles.open(opened, OPTIONS)) {
            assertThat(found.newest().map(SnapshotMeta::index)).as(when).contains(index);
            requireContent(found, own, when + ", gone on");
        }
    }

    /** Sometimes much of what it was before, so that snapshots share files. */
    private byte[] content() {
        byte[] content = new byte[random.nextInt(5) == 0 ? random.nextInt(3) : random.nextInt(3_000)];
        random.nextBytes(content);
        if (random.nextBoolean()) {
            int common = Math.min(content.length, latest.length);
            System.arraycopy(latest, 0, content, 0, random.nextInt(common + 1));
        }
        latest = content;
        return content;
    }

    private static SplitState state(long index, byte[] content) {
        return new SplitState(content, index % 3 != 0);
    }
}
