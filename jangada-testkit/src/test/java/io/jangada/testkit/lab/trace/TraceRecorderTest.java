package io.jangada.testkit.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.testkit.lab.trace.TraceEvent.Delivered;
import io.jangada.testkit.lab.trace.TraceEvent.Note;
import io.jangada.testkit.lab.trace.TraceEvent.Role;
import io.jangada.testkit.lab.trace.TraceEvent.Sent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceRecorderTest {
    @Test
    void eventsComeInOrderOfTimeAndThoseOfOneMomentInTheOrderTheyWereTold() {
        TraceRecorder recorder = new TraceRecorder();
        recorder.record(new Note(5, "second"));
        recorder.record(new Note(5, "third"));
        recorder.record(new Note(1, "first"));
        assertThat(recorder.events())
                .containsExactly(new Note(1, "first"), new Note(5, "second"), new Note(5, "third"));
    }

    @Test
    void whatIsOverTheLimitIsCountedNotKept() {
        TraceRecorder recorder = new TraceRecorder(2);
        for (int i = 0; i < 5; i++) {
            recorder.record(new Note(i, "note " + i));
        }
        assertThat(recorder.events()).containsExactly(new Note(0, "note 0"), new Note(1, "note 1"));
        assertThat(recorder.dropped()).isEqualTo(3);
    }

    @Test
    void manyThreadsMayTell() throws InterruptedException {
        TraceRecorder recorder = new TraceRecorder(3_500);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    recorder.record(new Delivered(i, thread * 1_000L + i));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(recorder.events()).hasSize(3_500).doesNotHaveDuplicates();
        assertThat(recorder.dropped()).isEqualTo(500);
    }

    @Test
    void noTraceIsOff() {
        Trace.NONE.record(new Note(0, "nobody hears"));
        assertThat(Trace.NONE.isOn()).isFalse();
        assertThat(new TraceRecorder().isOn()).isTrue();
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new TraceRecorder(0)).hasMessageContaining("Trace.NONE");
        assertThatThrownBy(() -> new Note(-1, "before the start")).hasMessageContaining("atNanos is -1");
        assertThatThrownBy(() -> new Sent(0, 1, 0, -2, "VoteRequest", "", 0)).hasMessageContaining("server -2");
        assertThatThrownBy(() -> run(0, List.of())).hasMessageContaining("1 to 32 servers");
        assertThatThrownBy(() -> run(3, List.of(new Role(0, 3, "LEADER", 1))))
                .hasMessageContaining("3 servers, numbered from 0");
        assertThatThrownBy(() -> run(2, List.of(new Sent(0, 1, 0, 2, "VoteRequest", "", 0))))
                .hasMessageContaining("2 servers, numbered from 0");
    }

    private static TraceRun run(int servers, List<TraceEvent> events) {
        return new TraceRun("any", "virtual time", 1, servers, "passed", events, 0);
    }
}
