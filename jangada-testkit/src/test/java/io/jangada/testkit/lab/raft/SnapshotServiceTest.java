package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.Persister;
import io.jangada.testkit.lab.VirtualTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotServiceTest {
    private static final Command A = Command.of(1);
    private static final Command B = Command.of(2);
    private static final Command C = Command.of(3);

    private final Ledger ledger = new Ledger(2);
    private final SnapshotService service = new SnapshotService(new VirtualTime(1), ledger, 0, new Persister(0));

    @Test
    void goesOnAfterASnapshot() {
        service.apply(1, A);
        service.restore(SnapshotService.encode(2, List.of(A, B)), 2);
        service.apply(3, C);
        assertThat(ledger.committed(3).servers()).isEqualTo(1);
    }

    @Test
    void failsOnACommandThatDoesNotFollow() {
        assertThatThrownBy(() -> service.apply(2, B)).isInstanceOf(LabFailure.class);
        service.restore(SnapshotService.encode(2, List.of(A, B)), 2);
        assertThatThrownBy(() -> service.apply(2, B))
                .as("what the snapshot covers")
                .isInstanceOf(LabFailure.class)
                .hasMessage("server 0 was told index 2 after 2");
        assertThatThrownBy(() -> service.apply(4, B)).as("a gap").isInstanceOf(LabFailure.class);
    }

    @Test
    void failsOnASnapshotThatGoesBackOrNowhere() {
        service.apply(1, A);
        service.apply(2, B);
        assertThatThrownBy(() -> service.restore(SnapshotService.encode(1, List.of(A)), 1))
                .isInstanceOf(LabFailure.class)
                .hasMessage("server 0 was told a snapshot up to 1 after 2");
        assertThatThrownBy(() -> service.restore(SnapshotService.encode(2, List.of(A, B)), 2))
                .isInstanceOf(LabFailure.class);
    }

    @Test
    void failsOnASnapshotOfAnotherIndex() {
        assertThatThrownBy(() -> service.restore(SnapshotService.encode(2, List.of(A, B)), 3))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("a snapshot up to 2 goes up to 3");
        assertThatThrownBy(() -> service.restore(SnapshotService.encode(3, List.of(A, B)), 3))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("with 2 commands");
    }

    @Test
    void failsOnASnapshotThatCannotBeRead() {
        byte[] whole = SnapshotService.encode(2, List.of(A, B));
        for (int length : new int[] {0, 7, whole.length - 1}) {
            assertThatThrownBy(() -> service.restore(Arrays.copyOf(whole, length), 2))
                    .as("%d bytes", length)
                    .isInstanceOf(LabFailure.class);
        }
    }

    @Test
    void failsOnASnapshotOfOtherCommands() {
        ledger.begin(1).command(1, A);
        assertThatThrownBy(() -> service.restore(SnapshotService.encode(1, List.of(B)), 1))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("where");
    }
}
