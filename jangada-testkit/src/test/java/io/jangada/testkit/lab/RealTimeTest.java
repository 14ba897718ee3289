package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real time: the same contract as in virtual time, kept with threads and the clock. */
@Timeout(30)
class RealTimeTest {
    private final RealTime time = new RealTime();
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void sleepersWakeInTheOrderOfTimeAndNotBefore() {
        time.run(() -> {
            List<LabTime.LabThread> threads = new ArrayList<>();
            for (int millis : new int[] {120, 20, 70}) {
                threads.add(time.spawn("sleeper " + millis, () -> {
                    long began = time.elapsedNanos();
                    time.sleep(millis);
                    assertThat(time.elapsedNanos() - began).isGreaterThanOrEqualTo(millis * 1_000_000L);
                    done.add("slept " + millis);
                }));
            }
            threads.forEach(LabTime.LabThread::join);
            done.add("joined");
        });
        assertThat(done).containsExactly("slept 20", "slept 70", "slept 120", "joined");
    }

    @Test
    void whoAwaitsGetsTheValueOrTheFailure() {
        time.run(() -> {
            CompletableFuture<String> value = new CompletableFuture<>();
            time.after(5_000_000, () -> value.complete("seven"));
            assertThat(time.await(value)).isEqualTo("seven");
            CompletableFuture<String> failing = new CompletableFuture<>();
            time.after(5_000_000, () -> failing.completeExceptionally(new IllegalArgumentException("no")));
            assertThatThrownBy(() -> time.await(failing.thenApply(String::length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no");
            assertThatThrownBy(() -> time.await(CompletableFuture.failedFuture(new java.io.IOException("disk"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("disk");
        });
    }

    @Test
    void anExceptionOfASpawnedThreadEndsTheRun() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.spawn("bad", () -> {
                        throw new IllegalArgumentException("bad thread");
                    });
                    time.sleep(20_000);
                    done.add("never");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bad thread");
        assertThat(done).isEmpty();
        assertThat(time.elapsedNanos()).isLessThan(5_000_000_000L);
        assertThat(Thread.interrupted()).isFalse();
    }

    /** It returned as if all had gone well. */
    @Test
    void whoJoinsAThreadThatThrewIsToldSo() {
        assertThatThrownBy(() -> time.run(() -> {
                    LabTime.LabThread bad = time.spawn("bad", () -> {
                        throw new AssertionError("bad thread");
                    });
                    LabTime.LabThread other = time.spawn("other", () -> {
                        bad.join();
                        done.add("never");
                    });
                    other.join();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("bad thread");
        assertThat(done).isEmpty();
    }

    @Test
    void failEndsTheRunAndTheFirstOneCounts() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.after(1_000_000, () -> {
                        time.fail(new LabFailure("first"));
                        time.fail(new LabFailure("second"));
                    });
                    time.await(new CompletableFuture<String>());
                    done.add("never");
                }))
                .isInstanceOf(LabFailure.class)
                .hasMessage("first");
        assertThat(done).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anActionOfTheTimerThatFailsEndsTheRun() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.after(1_000_000, () -> {
                        throw new LabFailure("timer");
                    });
                    time.sleep(20_000);
                }))
                .isInstanceOf(LabFailure.class)
                .hasMessage("timer");
    }

    @Test
    void theThreadsThatAreLeftAreEnded() {
        time.run(() -> {
            for (int i = 0; i < 5; i++) {
                time.spawn("leftover real " + i, () -> {
                    try {
                        time.await(new CompletableFuture<String>());
                    } finally {
                        done.add("ended");
                    }
                });
                time.spawn("leftover real sleeper " + i, () -> time.sleep(100_000));
            }
            time.spawn("leftover real joiner", () -> time.spawn("leftover real deep", () -> time.sleep(100_000))
                    .join());
            LabTime.Consumption consumption = time.consumption("leftover real consumer", message -> {});
            consumption.begin();
            time.consumption("leftover real unread", message -> {}).close();
            time.after(60_000_000_000L, () -> done.add("never"));
            time.sleep(20);
        });
        assertThat(done).hasSize(5).containsOnly("ended");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("leftover real"));
        time.after(1, () -> done.add("never"));
        assertThatThrownBy(() -> time.spawn("late", () -> done.add("never"))).isInstanceOf(LabEnded.class);
        assertThat(done).hasSize(5);
    }

    @Test
    void aThreadThatIsNotOfTheLabIsTurnedAway() {
        List<Throwable> caught = Collections.synchronizedList(new ArrayList<>());
        time.run(() -> {
            CompletableFuture<Boolean> tried = new CompletableFuture<>();
            time.after(1, () -> {
                caught.add(thrownBy(() -> time.sleep(1)));
                caught.add(thrownBy(() -> time.await(new CompletableFuture<String>())));
                tried.complete(true);
            });
            time.await(tried);
        });
        assertThat(caught).hasSize(2).allSatisfy(thrown -> assertThat(thrown)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("lab-timer is no thread of this lab; use spawn() to make one"));
        assertThatThrownBy(() -> new RealTime().sleep(1)).isInstanceOf(IllegalStateException.class);
    }

    private static Throwable thrownBy(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            return e;
        }
        return new AssertionError("nothing was thrown");
    }

    /** The scenario counted as passed. */
    @Test
    void anInterruptFromOutsideEndsTheRunAsAFailure() {
        Thread first = Thread.currentThread();
        assertThatThrownBy(() -> time.run(() -> {
                    time.after(5_000_000, first::interrupt);
                    time.sleep(20_000);
                    done.add("never");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was interrupted by somebody outside the lab");
        assertThat(Thread.interrupted()).isFalse();
        RealTime other = new RealTime();
        assertThatThrownBy(() -> other.run(() -> {
                    other.after(5_000_000, first::interrupt);
                    other.await(new CompletableFuture<String>());
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was interrupted by somebody outside the lab");
        assertThat(done).isEmpty();
    }

    /** Only what the body itself has ended counts as ended well. */
    @Test
    void aLabThatIsClosedBeforeItsBodyIsOverSaysSo() throws InterruptedException {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        Thread outside = new Thread(() -> {
            begun.join();
            time.close();
        });
        outside.start();
        assertThatThrownBy(() -> time.run(() -> {
                    begun.complete(true);
                    time.sleep(20_000);
                }))
                .isInstanceOf(LabEnded.class);
        outside.join();
        assertThat(time.elapsedNanos()).isLessThan(5_000_000_000L);
    }

    @Test
    void aLabIsRunOnceAndThenOver() {
        time.run(() -> done.add("ran"));
        assertThatThrownBy(() -> time.run(() -> done.add("again"))).hasMessage("a lab is run once");
        assertThatThrownBy(() -> time.sleep(1)).isInstanceOf(LabEnded.class);
        assertThat(done).containsExactly("ran");
    }

    @Test
    void aConsumerGetsEverythingInOrderOnceItHasBegun() {
        AtomicBoolean begun = new AtomicBoolean();
        time.run(() -> {
            LabTime.Consumption consumption = time.consumption("consumer", message -> {
                assertThat(begun).isTrue();
                done.add(message.toString());
            });
            LabTime.LabThread producer = time.spawn("producer", () -> {
                for (int i = 1; i <= 5; i++) {
                    consumption.put(ApplyMsg.ofCommand(i, new byte[0]));
                }
            });
            time.sleep(20);
            assertThat(done).isEmpty();
            begun.set(true);
            consumption.begin();
            producer.join();
            time.sleep(20);
            consumption.close();
            consumption.put(ApplyMsg.ofCommand(6, new byte[0]));
        });
        assertThat(done).containsExactly("command 1", "command 2", "command 3", "command 4", "command 5");
    }
}
