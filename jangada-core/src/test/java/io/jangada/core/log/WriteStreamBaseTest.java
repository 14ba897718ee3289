package io.jangada.core.log;

import static io.jangada.core.log.RaftLogBaseTest.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The beginning of a log moves in the same ordered stream as its end. */
class WriteStreamBaseTest {
    private final RaftLog log = RaftLogs.of(1, 1, 1, 1);
    private final WriteStream stream = new WriteStream(log);

    private static @Nullable WriteBatch flush(WriteStream stream) {
        Effects effects = new Effects();
        stream.flush(effects);
        return effects.write();
    }

    @Test
    void aCompactionIsOneBatchWithWhatElseTheStepWrites() {
        log.commitTo(3);
        log.remember(snapshot(3, 1));
        stream.append(Entry.noOp(5, 2));
        stream.compactTo(2);
        stream.compactTo(3);
        stream.compactTo(1);
        assertThat(flush(stream))
                .isEqualTo(new WriteBatch(
                        1, null, new LogBase(3, 1, false), WriteBatch.KEEP_ALL, List.of(Entry.noOp(5, 2))));
        stream.compactTo(3);
        assertThat(flush(stream)).isNull();
    }

    @Test
    void aLogThatBeginsAnewTakesTheAppendsOfItsStepAndForgetsItsCuts() {
        HardState state = new HardState(7, NodeId.NONE);
        stream.hardState(state);
        stream.truncateAfter(2);
        stream.resetTo(snapshot(9, 6));
        Entry next = Entry.noOp(10, 7);
        stream.append(next);
        assertThat(flush(stream))
                .isEqualTo(new WriteBatch(1, state, new LogBase(9, 6, true), WriteBatch.KEEP_ALL, List.of(next)));
    }

    @Test
    void aLogThatBeginsAnewAfterAnAppendOfItsStepIsABug() {
        stream.append(Entry.noOp(5, 2));
        assertThatThrownBy(() -> stream.resetTo(snapshot(9, 6))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsOnItsWayWhenTheLogBeginsAnewDoesNotCountWhenItArrives() {
        stream.append(Entry.noOp(5, 2));
        stream.append(Entry.noOp(6, 2));
        stream.append(Entry.noOp(7, 2));
        assertThat(flush(stream)).isNotNull();
        stream.resetTo(snapshot(5, 3));
        stream.append(Entry.noOp(6, 3));
        assertThat(flush(stream)).isNotNull();
        stream.persisted(1);
        assertThat(log.persistedIndex()).isEqualTo(5);
        stream.persisted(2);
        assertThat(log.persistedIndex()).isEqualTo(6);
    }

    @Test
    void theFirstBatchTellsTheDiskThatARecoveredSnapshotWins() {
        LogState state = new LogState(HardState.INITIAL, 1, 2, List.of(new TermStart(1, 1)));
        WriteStream anew = new WriteStream(new RaftLog(new Recovered(state, snapshot(4, 2), 4), 100));
        assertThat(anew.latestSequence()).isEqualTo(1);
        assertThat(flush(anew))
                .isEqualTo(new WriteBatch(1, null, new LogBase(4, 2, true), WriteBatch.KEEP_ALL, List.of()));
        assertThat(flush(anew)).isNull();
    }

    /** The oracle replays the batches on a list in which an entry that only a snapshot covers is null; snapshots are durable before the log begins behind them. */
    @Test
    void theDurableIndexNeverClaimsWhatNeitherDiskNorSnapshotHolds() {
        for (long seed = 0; seed < 10_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RaftLog some = RaftLogs.of(List.of());
            WriteStream writes = new WriteStream(some);
            List<Entry> disk = new ArrayList<>();
            long diskBase = 0;
            List<WriteBatch> onTheWay = new ArrayList<>();
            for (long term = 1; term < 30; term++) {
                act(random, some, writes, term);
                WriteBatch batch = flush(writes);
                if (batch != null) {
                    onTheWay.add(batch);
                }
                if (random.nextBoolean() && !onTheWay.isEmpty()) {
                    WriteBatch arrived = onTheWay.remove(0);
                    diskBase = replay(arrived, disk, diskBase, "seed " + seed);
                    writes.persisted(arrived.sequence());
                }
                for (long index = Math.max(some.baseIndex(), some.snapshotIndex()) + 1;
                        index <= some.persistedIndex();
                        index++) {
                    assertThat(disk.get((int) (index - diskBase - 1)).term())
                            .as("seed %s", seed)
                            .isEqualTo(some.termAt(index));
                }
            }
        }
    }

    private static void act(SplittableRandom random, RaftLog log, WriteStream writes, long term) {
        switch (random.nextInt(8)) {
            case 0 -> writes.truncateAfter(random.nextLong(log.commitIndex(), log.lastIndex() + 1));
            case 1 -> log.commitTo(random.nextLong(log.commitIndex(), log.lastIndex() + 1));
            case 2 -> {
                long index = log.applicableIndex();
                if (index > log.snapshotIndex()) {
                    log.remember(snapshot(index, log.termAt(index)));
                    writes.compactTo(index - random.nextInt(3));
                }
            }
            case 3 -> {
                if (random.nextInt(3) == 0) {
                    writes.resetTo(snapshot(log.commitIndex() + random.nextInt(1, 4), term));
                }
            }
            default -> {}
        }
        for (int more = random.nextInt(3); more > 0; more--) {
            writes.append(Entry.noOp(log.lastIndex() + 1, term));
        }
    }

    private static long replay(WriteBatch batch, List<Entry> disk, long diskBase, String seed) {
        long base = diskBase;
        LogBase moved = batch.base();
        if (moved != null) {
            int keepFrom = (int) (moved.index() - base);
            assertThat(moved.reset() || (keepFrom > 0 && keepFrom <= disk.size()))
                    .as(seed)
                    .isTrue();
            disk.subList(0, moved.reset() ? disk.size() : keepFrom).clear();
            base = moved.index();
        }
        if (batch.truncates()) {
            assertThat(batch.truncateAfter()).as(seed).isBetween(base, base + disk.size());
            disk.subList((int) (batch.truncateAfter() - base), disk.size()).clear();
        }
        for (Entry entry : batch.entries()) {
            assertThat(entry.index()).as(seed).isEqualTo(base + disk.size() + 1);
            disk.add(entry);
        }
        return base;
    }
}
