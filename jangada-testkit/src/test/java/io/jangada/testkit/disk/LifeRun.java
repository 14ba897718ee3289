package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.spi.SnapshotStore.Staged;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A {@link LifeScript} that is played on a disk, and beside it what the log has been told and what it and the snapshots have promised. */
final class LifeRun {
    private static final SnapshotOptions OPTIONS = SnapshotOptions.DEFAULT.withChunkBytes(256);
    private static final byte[][] ALIKE = alike();
    private static final MembershipAt MEMBERS =
            new MembershipAt(1, Membership.ofVoters(NodeId.of(0xa), NodeId.of(0xb)));

    /**
     * What has been promised at one moment.
     *
     * @param state the position in the history of the last synchronised state of the log
     * @param told the length of that history: what the log has been told
     * @param snapshot the index of the newest snapshot that was reported durable
     */
    record Promise(int state, int told, long snapshot) {}

    final SimDisk disk;
    private final LifeScript script;
    /** The states through which the log has been taken. */
    private final List<LogImage> states = new ArrayList<>(List.of(LogImage.EMPTY));

    private int promised;
    private long snapshot;
    private @Nullable SegmentedLog log;
    private @Nullable SnapshotFiles snapshots;
    private boolean inLog;

    LifeRun(SimDisk disk, LifeScript script) {
        this.disk = disk;
        this.script = script;
    }

    /** What has been promised so far. */
    Promise promise() {
        return new Promise(promised, states.size(), snapshot);
    }

    /** Plays the script to the end. */
    void play() throws IOException {
        open();
        for (LifeScript.Deed deed : script.deeds()) {
            SegmentedLog nowLog = opened(log);
            SnapshotFiles nowSnapshots = opened(snapshots);
            inLog = deed instanceof LifeScript.Write || deed instanceof LifeScript.Sync;
            if (deed instanceof LifeScript.Write write) {
                states.addAll(last().after(write.batch()));
                nowLog.write(write.batch());
            } else if (deed instanceof LifeScript.Sync) {
                nowLog.sync();
                promised = states.size() - 1;
            } else if (deed instanceof LifeScript.Take take) {
                nowSnapshots.take(take.index(), take.term(), MEMBERS, state(take.index(), take.term()));
                snapshot = Math.max(snapshot, take.index());
            } else if (deed instanceof LifeScript.Receive receive) {
                receive(nowSnapshots, receive);
                snapshot = Math.max(snapshot, receive.index());
            } else {
                close();
                open();
            }
        }
        close();
    }

    private void open() throws IOException {
        inLog = false;
        SegmentedLog nowLog = ScriptRun.open(disk);
        log = nowLog;
        // What is shown once is promised, synchronised by the script or not.
        promised = states.lastIndexOf(LogImage.of(nowLog));
        snapshots = SnapshotFiles.open(nowLog, OPTIONS);
    }

    private void close() throws IOException {
        inLog = false;
        opened(snapshots).close();
        opened(log).close();
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("nothing is open");
        }
        return part;
    }

    private LogImage last() {
        return states.get(states.size() - 1);
    }

    private static void receive(SnapshotFiles into, LifeScript.Receive what) throws IOException {
        SplitState.Sent sent = state(what.index(), what.term()).sent(what.index(), what.term(), MEMBERS, OPTIONS);
        Staged staged = into.stage(request(sent.meta(), 0, new byte[0]));
        while (staged.outcome() == SnapshotOutcome.WANTS_MORE) {
            long from = staged.nextOffset();
            staged = into.stage(request(sent.meta(), from, sent.piece(from, what.pieceBytes())));
        }
        assertThat(staged.outcome()).isEqualTo(SnapshotOutcome.INSTALLED);
    }

    private static SnapshotRequest request(SnapshotMeta meta, long offset, byte[] chunk) {
        return new SnapshotRequest(NodeId.of(0xb), NodeId.of(0xa), 1, meta, offset, chunk);
    }

    /** After a failure of the log nothing is promised any more, whatever the disk does then; one of a snapshot leaves the log as it is. */
    void requireNothingMoreIsAcknowledged(IOException failure) throws IOException {
        SegmentedLog failed = log;
        if (failed == null || !inLog) {
            return;
        }
        WriteBatch batch = new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 1)));
        // A folder that could not be synchronised for a snapshot has failed the log before the log noticed.
        boolean before = String.valueOf(failure.getMessage()).contains("has failed before");
        Throwable first = before ? failure.getCause() : failure;
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(failed::sync).isInstanceOf(IOException.class).hasCause(first);
            assertThatThrownBy(() -> failed.write(batch))
                    .isInstanceOf(IOException.class)
                    .hasCause(first);
        }
    }

    /** Opens the disk as the next process does, and requires everything that was promised then, and nothing that the log had not been told then. */
    LogImage requireKept(SimDisk on, Promise promise, String when) throws IOException {
        try (SegmentedLog opened = ScriptRun.open(on);
                SnapshotFiles found = SnapshotFiles.open(opened, OPTIONS)) {
            LogImage image = LogImage.of(opened);
            assertThat(isReached(image, states.subList(promise.state(), promise.told())))
                    .as(
                            "%s: recovered %s with %d entries; promised was %s with %d",
                            when,
                            image.hardState(),
                            image.lastIndex(),
                            states.get(promise.state()).hardState(),
                            states.get(promise.state()).lastIndex())
                    .isTrue();
            requireOnlyWritten(opened.recovered().promised(), promise, when);
            long newest = found.newest().map(SnapshotMeta::index).orElse(0L);
            assertThat(newest).as(when + ", newest snapshot").isGreaterThanOrEqualTo(promise.snapshot());
            assertThat(image.baseIndex()).as(when + ", beginning of the log").isLessThanOrEqualTo(newest);
            SnapshotMeta meta = found.newest().orElse(null);
            if (meta != null) {
                assertThat(SplitState.read(found, meta))
                        .as(when + ", snapshot of " + newest)
                        .isEqualTo(content(meta.index(), meta.term()));
            }
            return image;
        }
    }

    /** What is remembered of more than there is had been written then. */
    private void requireOnlyWritten(Promised remembered, Promise promise, String when) {
        LogPosition latest = new LogPosition(0, 0);
        for (LogImage state : states.subList(promise.state(), promise.told())) {
            LogPosition end = new LogPosition(state.lastIndex(), state.lastTerm());
            latest = end.isAfter(latest) ? end : latest;
        }
        assertThat(remembered.possible().isAfter(latest))
                .as("%s: %s, but the log never went beyond %s", when, remembered, latest)
                .isFalse();
    }

    /**
     * Whether the log is one of these states. Its term, its vote and where it begins may be those of a later one: what is behind a torn record may still tell them, and a vote that
     * was never cast does no harm, nor does it to forget early what a snapshot covers.
     */
    private static boolean isReached(LogImage image, List<LogImage> possible) {
        for (int i = 0; i < possible.size(); i++) {
            LogImage state = possible.get(i);
            List<LogImage> later = possible.subList(i, possible.size());
            boolean sameEnd = state.lastIndex() == image.lastIndex()
                    && state.entries().size() >= image.entries().size()
                    && state.entries()
                            .subList(
                                    state.entries().size() - image.entries().size(),
                                    state.entries().size())
                            .equals(image.entries());
            if (sameEnd
                    && later.stream().anyMatch(each -> each.hardState().equals(image.hardState()))
                    && later.stream().anyMatch(each -> each.baseIndex() == image.baseIndex())) {
                return true;
            }
        }
        return false;
    }

    /** The next process goes on with what it has found, and what it writes survives in its turn. */
    static void goOn(SimDisk disk, LogImage image, String when) throws IOException {
        long term = Math.max(1, Math.max(image.lastTerm(), image.hardState().term()));
        List<Entry> expected = new ArrayList<>(image.entries());
        try (SegmentedLog log = ScriptRun.open(disk)) {
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, List.of(), Promised.NOTHING, WriteBatch.SalvageFate.DROP));
            for (int i = 0; i < 2; i++) {
                Entry entry = Entry.command(image.lastIndex() + 1 + i, term, new byte[900 + i]);
                expected.add(entry);
                log.write(new WriteBatch(i + 2, null, WriteBatch.KEEP_ALL, List.of(entry)));
                log.sync();
            }
        }
        disk.crash(Survival.NOTHING);
        try (SegmentedLog log = ScriptRun.open(disk)) {
            assertThat(LogImage.of(log)).as(when + ", gone on").isEqualTo(image.with(image.hardState(), expected));
        }
    }

    private static byte[][] alike() {
        byte[][] alike = new byte[2][400];
        new Random(1).nextBytes(alike[0]);
        new Random(2).nextBytes(alike[1]);
        return alike;
    }

    /** What a snapshot of this index holds, always the same. */
    private static byte[] content(long index, long term) {
        Random random = new Random(index * 1_000_003 + term);
        byte[] content = new byte[random.nextInt(5) == 0 ? random.nextInt(3) : random.nextInt(1_500)];
        random.nextBytes(content);
        // Many states begin alike, so that their snapshots share files.
        int alike = Math.min(content.length, 400);
        System.arraycopy(ALIKE[(int) (index % ALIKE.length)], 0, content, 0, alike);
        return content;
    }

    private static SplitState state(long index, long term) {
        return new SplitState(content(index, term), index % 3 != 0);
    }
}
