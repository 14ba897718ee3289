package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.testkit.lab.LabFailure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Command A = Command.of(1);
    private static final Command B = Command.of(2);

    private final Ledger ledger = new Ledger(3);
    private final Ledger.Applied zero = ledger.begin(0);
    private final Ledger.Applied one = ledger.begin(1);

    @Test
    void countsWhoHasApplied() {
        assertThat(ledger.committed(1)).isEqualTo(new Ledger.Committed(0, Optional.empty()));
        zero.command(1, A);
        one.command(1, A);
        zero.command(2, B);
        assertThat(ledger.committed(1)).isEqualTo(new Ledger.Committed(2, Optional.of(A)));
        assertThat(ledger.committed(2)).isEqualTo(new Ledger.Committed(1, Optional.of(B)));
        assertThat(ledger.highest()).isEqualTo(2);
        assertThat(zero.upTo(2)).containsExactly(A, B);
    }

    @Test
    void failsWhenTwoServersApplyDifferentCommands() {
        zero.command(1, A);
        assertThatThrownBy(() -> one.command(1, B))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("server 1 applied")
                .hasMessageContaining("at index 1");
    }

    @Test
    void failsWhenAServerAppliesSomethingElseThanBeforeItsCrash() {
        zero.command(1, A);
        Ledger.Applied again = ledger.begin(0);
        assertThatThrownBy(() -> again.command(1, B)).isInstanceOf(LabFailure.class);
    }

    @Test
    void failsOnAGap() {
        zero.command(1, A);
        assertThatThrownBy(() -> zero.command(3, A))
                .isInstanceOf(LabFailure.class)
                .hasMessage("server 0 applied index 3 without index 2");
        assertThatThrownBy(() -> one.command(2, B)).isInstanceOf(LabFailure.class);
    }

    @Test
    void failsWhenARestartedServerDoesNotBeginAnew() {
        zero.command(1, A);
        Ledger.Applied again = ledger.begin(0);
        assertThatThrownBy(() -> again.command(2, B)).hasMessage("server 0 applied index 2 without index 1");
    }

    @Test
    void countsACrashedServerUntilItStartsAgain() {
        zero.command(1, A);
        one.command(1, A);
        Ledger.Applied again = ledger.begin(0);
        assertThat(ledger.committed(1).servers()).isEqualTo(1);
        zero.command(2, B);
        assertThat(ledger.committed(2).servers())
                .as("what the former life still tells")
                .isZero();
        again.command(1, A);
        assertThat(ledger.committed(1).servers()).isEqualTo(2);
    }

    @Test
    void aSnapshotTakesThePlaceOfAllThatWasApplied() {
        zero.command(1, A);
        zero.command(2, B);
        one.replacedBy(List.of(A, B));
        assertThat(ledger.committed(2).servers()).isEqualTo(2);
        one.replacedBy(List.of(A));
        assertThat(ledger.committed(2).servers()).isEqualTo(1);
        one.command(2, B);
        assertThatThrownBy(() -> one.replacedBy(List.of(B)))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("at index 1");
    }

    @Test
    void failsOnASnapshotOfWhatWasNotApplied() {
        zero.command(1, A);
        assertThatThrownBy(() -> zero.upTo(2)).isInstanceOf(LabFailure.class).hasMessageContaining("index 2");
    }
}
