package io.jangada.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.TermStart;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftLogTest {

    @Test
    void startsWhereTheDiskAndTheStateMachineEnded() {
        LogState state = new LogState(HardState.INITIAL, 1, 5, List.of(new TermStart(1, 1), new TermStart(4, 2)));
        RaftLog log = new RaftLog(new Recovered(state, 3), 100);
        assertThat(log.lastIndex()).isEqualTo(5);
        assertThat(log.lastTerm()).isEqualTo(2);
        assertThat(log.persistedIndex()).isEqualTo(5);
        assertThat(log.commitIndex()).isEqualTo(3);
        assertThat(log.slice(5, 5, 100)).isEmpty();
    }

    @Test
    void matchesByIndexAndTerm() {
        RaftLog log = RaftLogs.of(1, 1, 3);
        assertThat(log.matches(0, 0)).isTrue();
        assertThat(log.matches(0, 1)).isFalse();
        assertThat(log.matches(3, 3)).isTrue();
        assertThat(log.matches(3, 1)).isFalse();
        assertThat(log.matches(4, 3)).isFalse();
        assertThat(log.matches(-1, 0)).isFalse();
    }

    @Test
    void commitGoesOnlyForwardAndOnlyOverWhatIsThere() {
        RaftLog log = RaftLogs.of(1, 1);
        log.commitTo(2);
        log.commitTo(1);
        assertThat(log.commitIndex()).isEqualTo(2);
        assertThatThrownBy(() -> log.commitTo(3)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.truncateAfter(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyWhatIsCommittedAndDurableMayBeApplied() {
        RaftLog log = RaftLogs.of(1);
        log.append(Entry.noOp(2, 1));
        log.commitTo(2);
        assertThat(log.applicableIndex()).isEqualTo(1);
        log.persistedTo(2);
        assertThat(log.applicableIndex()).isEqualTo(2);
        assertThatThrownBy(() -> log.persistedTo(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryLetsGoOnlyOfWhatIsCommittedAndDurable() {
        RaftLog log = new RaftLog(Recovered.NOTHING, 0);
        log.append(Entry.noOp(1, 1));
        log.append(Entry.noOp(2, 1));
        log.persistedTo(2);
        assertThat(log.slice(1, 2, 1_000)).hasSize(2);
        log.commitTo(1);
        assertThat(log.slice(1, 2, 1_000)).isEmpty();
        assertThat(log.slice(2, 2, 1_000)).hasSize(1);
    }
}
