package io.jangada.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {
    private final AtomicLong clock = new AtomicLong();
    private final HistoryRecorder<String, String> recorder = new HistoryRecorder<>(clock::incrementAndGet);

    @Test
    void leavesOutWhatFailedAndKeepsWhatNobodyKnows() {
        int ok = recorder.invoke(1, "a");
        int failed = recorder.invoke(2, "b");
        int unknown = recorder.invoke(3, "c");
        recorder.invoke(4, "open");
        recorder.fail(failed);
        recorder.ok(ok, "A");
        recorder.unknown(unknown);

        assertThat(recorder.history())
                .containsExactly(
                        new Operation<>(1, 1, 5, "a", "A"),
                        new Operation<>(3, 3, Operation.NEVER, "c", null),
                        new Operation<>(4, 4, Operation.NEVER, "open", null));
        assertThat(recorder.invocations()).isEqualTo(4);
        assertThat(recorder.successes()).isEqualTo(1);
    }

    @Test
    void refusesASecondEnd() {
        int operation = recorder.invoke(1, "a");
        recorder.unknown(operation);

        assertThatIllegalStateException()
                .isThrownBy(() -> recorder.ok(operation, "A"))
                .withMessageContaining("ended twice");
    }
}
