package io.jangada.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteStreamTest {
    private final RaftLog log = RaftLogs.of(1, 1, 1);
    private final WriteStream stream = new WriteStream(log);

    private static @Nullable WriteBatch flush(WriteStream stream) {
        Effects effects = new Effects();
        stream.flush(effects);
        return effects.write();
    }

    @Test
    void aStepThatChangesNothingWritesNothing() {
        assertThat(flush(stream)).isNull();
        assertThat(stream.latestSequence()).isZero();
        assertThat(stream.hardStateSequence()).isZero();
    }

    @Test
    void termVoteCutAndEntriesOfOneStepAreOneBatch() {
        HardState state = new HardState(4, NodeId.of(2));
        Entry entry = Entry.noOp(3, 4);
        stream.hardState(state);
        stream.truncateAfter(2);
        stream.append(entry);
        assertThat(stream.hardStateSequence()).isEqualTo(1);
        assertThat(stream.latestSequence()).isEqualTo(1);
        assertThat(flush(stream)).isEqualTo(new WriteBatch(1, state, 2, List.of(entry)));
        assertThat(stream.latestSequence()).isEqualTo(1);
    }

    @Test
    void aCutAfterAnAppendInTheSameStepIsABug() {
        stream.append(Entry.noOp(4, 2));
        assertThatThrownBy(() -> stream.truncateAfter(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBatchThatWasNeverWrittenCannotBeDurable() {
        assertThatThrownBy(() -> stream.persisted(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsCutWhileItIsOnItsWayDoesNotCountWhenItArrives() {
        stream.append(Entry.noOp(4, 2));
        stream.append(Entry.noOp(5, 2));
        assertThat(flush(stream)).isNotNull();
        stream.truncateAfter(3);
        stream.append(Entry.noOp(4, 3));
        assertThat(flush(stream)).isNotNull();
        stream.persisted(1);
        assertThat(log.persistedIndex()).isEqualTo(3);
        stream.persisted(2);
        assertThat(log.persistedIndex()).isEqualTo(4);
        stream.persisted(1);
        assertThat(log.persistedIndex()).isEqualTo(4);
    }

    /** The oracle replays the batches on a list: the durable index may never name an entry that the disk does not hold. */
    @Test
    void theDurableIndexNeverClaimsWhatTheDiskDoesNotHold() {
        for (long seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RaftLog some = RaftLogs.of(List.of());
            WriteStream writes = new WriteStream(some);
            List<Entry> memory = new ArrayList<>();
            List<Entry> disk = new ArrayList<>();
            List<WriteBatch> onTheWay = new ArrayList<>();
            for (long step = 1; step < 40; step++) {
                if (random.nextInt(4) == 0) {
                    int keep = random.nextInt(memory.size() + 1);
                    writes.truncateAfter(keep);
                    memory.subList(keep, memory.size()).clear();
                }
                for (int more = random.nextInt(3); more > 0; more--) {
                    Entry entry = Entry.noOp(memory.size() + 1, step);
                    writes.append(entry);
                    memory.add(entry);
                }
                WriteBatch batch = flush(writes);
                if (batch != null) {
                    onTheWay.add(batch);
                }
                if (random.nextBoolean() && !onTheWay.isEmpty()) {
                    WriteBatch arrived = onTheWay.remove(0);
                    if (arrived.truncates()) {
                        disk.subList((int) arrived.truncateAfter(), disk.size()).clear();
                    }
                    disk.addAll(arrived.entries());
                    writes.persisted(arrived.sequence());
                }
                int durable = (int) some.persistedIndex();
                assertThat(disk.subList(0, durable)).as("seed %s", seed).isEqualTo(memory.subList(0, durable));
                if (onTheWay.isEmpty()) {
                    assertThat(durable).as("seed %s", seed).isEqualTo(memory.size());
                }
            }
        }
    }
}
