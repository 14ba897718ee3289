package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual time: one thread at a time, in the order of the seed, without waiting, and nothing left when it is over. */
@Timeout(30)
class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime(1);
    private final List<String> done = new ArrayList<>();

    private void note(String what) {
        done.add(what + "@" + time.elapsedNanos() / 1_000_000);
    }

    @Test
    void sleepersWakeInTheOrderOfTime() {
        long began = System.nanoTime();
        time.run(() -> {
            List<LabTime.LabThread> threads = new ArrayList<>();
            for (int millis : new int[] {30_000, 10_000, 20_000}) {
                threads.add(time.spawn("sleeper " + millis, () -> {
                    time.sleep(millis);
                    note("slept " + millis);
                }));
            }
            note("begun");
            time.sleep(15_000);
            note("between");
            threads.forEach(LabTime.LabThread::join);
            note("joined");
        });
        assertThat(done)
                .containsExactly(
                        "begun@0",
                        "slept 10000@10000",
                        "between@15000",
                        "slept 20000@20000",
                        "slept 30000@30000",
                        "joined@30000");
        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }

    /** A thread that found by itself that its time had come, and ended at once, was given the turn again: nobody ran any more. */
    @Test
    void aThreadMayEndRightAfterItsSleep() {
        time.run(() -> {
            LabTime.LabThread thread = time.spawn("short", () -> time.sleep(10));
            thread.join();
            thread.join();
            note("joined");
        });
        assertThat(done).containsExactly("joined@10");
    }

    @Test
    void threadsOfOneMomentAllEnd() {
        time.run(() -> {
            List<LabTime.LabThread> threads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                threads.add(time.spawn("same " + i, () -> {
                    time.sleep(100 - time.elapsedNanos() / 1_000_000);
                    note("done");
                }));
            }
            threads.forEach(LabTime.LabThread::join);
        });
        assertThat(done).hasSize(20).containsOnly("done@100");
    }

    @Test
    void whoAwaitsGetsTheValueOrTheFailure() {
        time.run(() -> {
            CompletableFuture<String> value = new CompletableFuture<>();
            time.after(7_000_000, () -> value.complete("seven"));
            note(time.await(value));
            note(time.await(value));
            CompletableFuture<String> failing = new CompletableFuture<>();
            time.spawn("fails it", () -> failing.completeExceptionally(new IllegalArgumentException("no")));
            assertThatThrownBy(() -> time.await(failing.thenApply(String::length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no");
            assertThatThrownBy(() -> time.await(CompletableFuture.failedFuture(new java.io.IOException("disk"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("disk");
        });
        assertThat(done).containsExactly("seven@7", "seven@7");
    }

    @Test
    void anExceptionOfASpawnedThreadEndsTheRun() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.spawn("bad", () -> {
                        time.sleep(5);
                        throw new IllegalArgumentException("bad thread");
                    });
                    time.sleep(1_000);
                    note("never");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bad thread");
        assertThat(done).isEmpty();
    }

    /** It returned as if all had gone well. */
    @Test
    void whoJoinsAThreadThatThrewIsToldSo() {
        AtomicReference<@Nullable Throwable> told = new AtomicReference<>();
        assertThatThrownBy(() -> time.run(() -> {
                    LabTime.LabThread bad = time.spawn("bad", () -> {
                        throw new AssertionError("bad thread");
                    });
                    LabTime.LabThread other = time.spawn("other", () -> {
                        try {
                            bad.join();
                        } catch (AssertionError | LabEnded e) {
                            told.set(e);
                            throw e;
                        }
                    });
                    other.join();
                    note("never");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("bad thread");
        assertThat(told.get()).isInstanceOfAny(AssertionError.class, LabEnded.class);
        assertThat(done).isEmpty();
    }

    @Test
    void failEndsTheRunAndTheFirstOneCounts() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.after(5_000_000, () -> time.fail(new LabFailure("first")));
                    time.after(6_000_000, () -> time.fail(new LabFailure("second")));
                    time.sleep(100);
                    note("never");
                }))
                .isInstanceOf(LabFailure.class)
                .hasMessage("first");
        assertThat(done).isEmpty();
        assertThat(time.elapsedNanos()).isEqualTo(5_000_000);
    }

    @Test
    void somebodyOutsideMayFailTheRun() throws InterruptedException {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        Thread outside = new Thread(() -> {
            begun.join();
            time.fail(new LabFailure("from outside"));
        });
        outside.start();
        assertThatThrownBy(() -> time.run(() -> {
                    begun.complete(true);
                    while (true) {
                        time.sleep(1);
                    }
                }))
                .hasMessage("from outside");
        outside.join();
    }

    private static List<String> liveThreads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static void assertNoneIsLeft(String prefix) {
        long until = System.nanoTime() + 5_000_000_000L;
        while (!liveThreads(prefix).isEmpty() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(liveThreads(prefix)).isEmpty();
    }

    @Test
    void threadsThatAreLeftAreEnded() {
        time.run(() -> {
            for (int i = 0; i < 10; i++) {
                time.spawn("leftover virtual " + i, () -> {
                    try {
                        time.await(new CompletableFuture<String>());
                    } finally {
                        note("ended");
                    }
                });
            }
            time.spawn(
                    "leftover virtual joiner", () -> time.spawn("leftover virtual sleeper", () -> time.sleep(100_000))
                            .join());
            time.sleep(1);
            time.spawn("leftover virtual unborn", () -> note("never"));
        });
        assertThat(done).hasSize(10).containsOnly("ended@1");
        assertNoneIsLeft("leftover virtual");
    }

    @Test
    void aLabThatIsNeverRunLeavesNoThread() {
        VirtualTime unused = new VirtualTime(2);
        unused.spawn("unused virtual", () -> unused.sleep(1));
        unused.close();
        assertNoneIsLeft("unused virtual");
    }

    @Test
    void whenAllWaitForEachOtherTheRunSaysSo() {
        assertThatThrownBy(() -> time.run(() -> time.await(new CompletableFuture<String>())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("every thread of the lab waits, and nothing is planned");
        VirtualTime other = new VirtualTime(2);
        assertThatThrownBy(() -> other.run(() -> {
                    CompletableFuture<String> never = new CompletableFuture<>();
                    other.spawn("one", () -> other.await(never)).join();
                }))
                .hasMessage("every thread of the lab waits, and nothing is planned");
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertThat(order(7)).isEqualTo(order(7));
        List<List<String>> orders = new ArrayList<>();
        for (long seed = 0; seed < 10; seed++) {
            orders.add(order(seed));
        }
        assertThat(orders.stream().distinct().count()).isGreaterThan(5);
    }

    private static List<String> order(long seed) {
        VirtualTime lab = new VirtualTime(seed);
        List<String> order = new ArrayList<>();
        lab.run(() -> {
            List<LabTime.LabThread> threads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "t" + i;
                threads.add(lab.spawn(name, () -> {
                    for (int step = 0; step < 5; step++) {
                        CompletableFuture<Boolean> hopped = new CompletableFuture<>();
                        lab.hop(() -> hopped.complete(true));
                        lab.await(hopped);
                        order.add(name);
                    }
                }));
            }
            threads.forEach(LabTime.LabThread::join);
        });
        return order;
    }

    @Test
    void aThreadThatIsNotOfTheLabIsTurnedAway() {
        List<Throwable> caught = new ArrayList<>();
        time.run(() -> {
            Thread stranger = new Thread(
                    () -> {
                        caught.add(thrownBy(() -> time.sleep(1)));
                        caught.add(thrownBy(() -> time.await(new CompletableFuture<String>())));
                        caught.add(thrownBy(() -> time.spawn("x", () -> note("never"))));
                        caught.add(thrownBy(() -> time.after(1, () -> note("never"))));
                        caught.add(thrownBy(() -> time.hop(() -> note("never"))));
                    },
                    "the stranger");
            stranger.start();
            joinPlainly(stranger);
            time.sleep(10);
        });
        assertThat(caught).hasSize(5).allSatisfy(thrown -> assertThat(thrown)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the stranger is no thread of this lab; use spawn() to make one"));
        assertThat(done).isEmpty();
        assertThatThrownBy(() -> new VirtualTime(1).sleep(1)).isInstanceOf(IllegalStateException.class);
    }

    private static Throwable thrownBy(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            return e;
        }
        return new AssertionError("nothing was thrown");
    }

    private static void joinPlainly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A consumer that waits would stop whoever happens to carry it out. */
    @Test
    void whatHappensByItselfMustNotWait() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.after(1_000, () -> time.sleep(1));
                    time.sleep(100);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not wait; spawn() a thread");
    }

    /** The scenario counted as passed. */
    @Test
    void anInterruptFromOutsideEndsTheRunAsAFailure() {
        assertThatThrownBy(() -> time.run(() -> {
                    Thread.currentThread().interrupt();
                    time.sleep(1);
                    note("never");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isFalse();
        assertThat(done).isEmpty();
    }

    @Test
    void aThreadThatWaitsForItsTurnMayBeInterrupted() {
        AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
        assertThatThrownBy(() -> time.run(() -> {
                    time.spawn("interrupted", () -> {
                        waiting.set(Thread.currentThread());
                        time.sleep(10);
                        time.sleep(10);
                        note("never");
                    });
                    time.sleep(5);
                    Thread thread = waiting.get();
                    if (thread != null) {
                        thread.interrupt();
                    }
                    time.sleep(100);
                }))
                .hasMessageContaining("interrupted was interrupted by somebody outside the lab");
        assertThat(done).isEmpty();
    }

    @Test
    void aLabIsRunOnceAndThenOver() {
        time.run(() -> note("ran"));
        assertThatThrownBy(() -> time.run(() -> note("again"))).hasMessage("a lab is run once");
        assertThatThrownBy(() -> time.sleep(1)).isInstanceOf(LabEnded.class);
        assertThatThrownBy(() -> time.spawn("late", () -> note("never"))).isInstanceOf(LabEnded.class);
        assertThat(done).containsExactly("ran@0");
    }

    /** Only what the body itself has ended counts as ended well. */
    @Test
    void aLabThatIsClosedBeforeItsBodyIsOverSaysSo() {
        assertThatThrownBy(() -> time.run(() -> {
                    time.close();
                    time.sleep(1);
                }))
                .isInstanceOf(LabEnded.class);
    }

    @Test
    void aConsumerGetsEverythingInOrderOnceItHasBegun() {
        AtomicBoolean begun = new AtomicBoolean();
        time.run(() -> {
            LabTime.Consumption consumption = time.consumption("consumer", message -> {
                assertThat(begun).isTrue();
                done.add(message.toString());
            });
            for (int i = 1; i <= 5; i++) {
                consumption.put(ApplyMsg.ofCommand(i, new byte[0]));
            }
            time.sleep(100);
            assertThat(done).isEmpty();
            begun.set(true);
            consumption.begin();
            consumption.put(ApplyMsg.ofCommand(6, new byte[0]));
            time.sleep(1);
            assertThat(done)
                    .containsExactly("command 1", "command 2", "command 3", "command 4", "command 5", "command 6");
            consumption.put(ApplyMsg.ofCommand(7, new byte[0]));
            consumption.close();
            consumption.put(ApplyMsg.ofCommand(8, new byte[0]));
            time.sleep(1);
        });
        assertThat(done).hasSize(6);
    }

    @Test
    void aConsumerThatFailsEndsTheRun() {
        assertThatThrownBy(() -> time.run(() -> {
                    LabTime.Consumption consumption = time.consumption("consumer", message -> {
                        throw new LabFailure("not this one");
                    });
                    consumption.begin();
                    consumption.put(ApplyMsg.ofCommand(1, new byte[0]));
                    time.sleep(100);
                }))
                .isInstanceOf(LabFailure.class);
    }
}
