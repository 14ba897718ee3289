package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Numbers of commands in a log that holds other entries too, is cut, begun anew, and known only in part. On the production log. */
class CommandNumbersTest {
    private final Persister persister = new Persister(0);
    private final CommandNumbers numbers;
    private long sequence;

    CommandNumbersTest() throws IOException {
        numbers = new CommandNumbers(persister.openLog());
    }

    private void write(@Nullable LogBase base, long truncateAfter, List<Entry> entries) throws IOException {
        HardState term = new HardState(9, NodeId.NONE);
        numbers.write(new WriteBatch(++sequence, sequence == 1 ? term : null, base, truncateAfter, entries));
    }

    /** Appends entries of one term; c stands for a command, n for the no-op of a leader. */
    private void append(long fromIndex, long term, String kinds) throws IOException {
        write(null, WriteBatch.KEEP_ALL, entries(fromIndex, term, kinds));
    }

    private static List<Entry> entries(long fromIndex, long term, String kinds) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < kinds.length(); i++) {
            long index = fromIndex + i;
            entries.add(kinds.charAt(i) == 'c' ? Entry.command(index, term, new byte[] {7}) : Entry.noOp(index, term));
        }
        return entries;
    }

    private CompletableFuture<Optional<Long>> of(long index, long term) {
        return numbers.of(new LogPosition(index, term));
    }

    private void assertNumber(long index, long term, long expected) {
        assertThat(of(index, term)).isCompletedWithValue(Optional.of(expected));
    }

    private static void assertNone(CompletableFuture<Optional<Long>> number) {
        assertThat(number).isCompletedWithValue(Optional.empty());
    }

    @Test
    void entriesThatAreNoCommandsAreNotCounted() throws IOException {
        append(1, 1, "nccnc");
        append(6, 2, "ncc");
        assertNumber(2, 1, 1);
        assertNumber(3, 1, 2);
        assertNumber(5, 1, 3);
        assertNumber(7, 2, 4);
        assertNumber(8, 2, 5);
    }

    @Test
    void whoAsksBeforeTheTermHasBegunInTheLogIsToldThen() throws IOException {
        append(1, 1, "nc");
        CompletableFuture<Optional<Long>> early = of(5, 2);
        assertThat(early).isNotDone();
        append(3, 1, "c");
        assertThat(early).isNotDone();
        append(4, 2, "n");
        assertThat(early).isCompletedWithValue(Optional.of(3L));
    }

    @Test
    void inATermThatHasBegunOnlyCommandsFollow() throws IOException {
        append(1, 1, "nc");
        assertNumber(5, 1, 4);
    }

    @Test
    void anIndexThatIsUsedAgainByAnotherTermIsAnotherEntry() throws IOException {
        append(1, 1, "nccc");
        assertNumber(4, 1, 3);
        CompletableFuture<Optional<Long>> newer = of(4, 3);
        assertThat(newer).isNotDone();
        write(null, 2, entries(3, 3, "nc"));
        assertThat(newer).isCompletedWithValue(Optional.of(2L));
        append(5, 3, "c");
        assertNumber(5, 3, 3);
        assertNumber(2, 1, 1);
    }

    @Test
    void aRestartCountsWhatTheLogHolds() throws IOException {
        append(1, 1, "ncc");
        append(4, 2, "ncnc");
        numbers.sync();
        numbers.close();
        CommandNumbers again = new CommandNumbers(persister.openLog());
        assertThat(again.of(new LogPosition(7, 2))).isCompletedWithValue(Optional.of(4L));
        again.close();
    }

    @Test
    void compactionChangesNoNumber() throws IOException {
        append(1, 1, "nccnccc");
        numbers.anchor(3, 2);
        numbers.anchor(5, 3);
        write(new LogBase(4, 1, false), WriteBatch.KEEP_ALL, List.of());
        assertNumber(7, 1, 5);
        append(8, 1, "c");
        assertNumber(8, 1, 6);
        numbers.anchor(8, 6);
        write(new LogBase(8, 1, false), WriteBatch.KEEP_ALL, List.of());
        append(9, 1, "nc");
        assertNumber(10, 1, 7);
    }

    /** The log was compacted up to a no-op after the last command that was applied: no number was known until the next command was committed. */
    @Test
    void numbersAreKnownAfterCompactionUpToAnEntryThatIsNoCommand() throws IOException {
        append(1, 1, "nccc");
        append(5, 2, "n");
        numbers.anchor(4, 3);
        write(new LogBase(5, 2, false), WriteBatch.KEEP_ALL, List.of());
        append(6, 2, "cc");
        assertNumber(6, 2, 4);
        assertNumber(7, 2, 5);
        numbers.anchor(6, 4);
        assertNumber(7, 2, 5);
    }

    @Test
    void afterASnapshotFromElsewhereNumbersAreKnownWhenTheServiceIsRestored() throws IOException {
        append(1, 1, "ncc");
        numbers.anchor(3, 2);
        write(new LogBase(20, 4, true), WriteBatch.KEEP_ALL, List.of());
        append(21, 5, "ncc");
        CompletableFuture<Optional<Long>> number = of(23, 5);
        assertThat(number).isNotDone();
        numbers.anchor(20, 15);
        assertThat(number).isCompletedWithValue(Optional.of(17L));
        assertNumber(22, 5, 16);
    }

    @Test
    void aSnapshotMayBeRestoredBeforeTheLogIsToldOfIt() throws IOException {
        append(1, 1, "ncc");
        numbers.anchor(20, 15);
        CompletableFuture<Optional<Long>> number = of(22, 5);
        assertThat(number).isNotDone();
        write(new LogBase(20, 4, true), WriteBatch.KEEP_ALL, entries(21, 5, "nc"));
        assertThat(number).isCompletedWithValue(Optional.of(16L));
    }

    /** Its start() waited for ever. */
    @Test
    void whoWaitsForAnEntryThatIsCutOffIsToldSo() throws IOException {
        append(1, 1, "ncc");
        write(new LogBase(20, 4, true), WriteBatch.KEEP_ALL, List.of());
        append(21, 5, "ncc");
        CompletableFuture<Optional<Long>> kept = of(22, 5);
        CompletableFuture<Optional<Long>> cut = of(23, 5);
        write(null, 22, entries(23, 6, "nc"));
        assertNone(cut);
        assertThat(kept).isNotDone();
        write(new LogBase(30, 7, true), WriteBatch.KEEP_ALL, List.of());
        assertNone(kept);
    }

    @Test
    void theEndTellsAllWhoWait() throws IOException {
        CompletableFuture<Optional<Long>> one = of(1, 1);
        CompletableFuture<Optional<Long>> other = of(99, 1);
        numbers.end();
        assertNone(one);
        assertNone(other);
        assertNone(of(1, 1));
        append(1, 1, "c");
    }

    /** Whoever got a number could call back into the node under this lock, and meet there a thread that wanted it. */
    @Test
    void numbersAreGivenWithoutALock() throws IOException {
        List<Boolean> locked = new ArrayList<>();
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        all.add(of(1, 1).thenApply(number -> locked.add(Thread.holdsLock(numbers))));
        append(1, 1, "c");
        write(new LogBase(20, 4, true), WriteBatch.KEEP_ALL, entries(21, 5, "cc"));
        all.add(of(21, 5).thenApply(number -> locked.add(Thread.holdsLock(numbers))));
        all.add(of(30, 5).thenApply(number -> locked.add(Thread.holdsLock(numbers))));
        numbers.anchor(20, 4);
        numbers.end();
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(locked).containsExactly(false, false, false);
    }
}
