package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shared threads keep what a thread of its own gives each worker: one step at a time, no lost signal, deadlines, a clean end. */
@Timeout(20)
class WorkerPoolTest {
    private static final long MILLISECOND = 1_000_000;

    private final WorkerPool pool = WorkerPool.start("test", new WorkerPool.Sizes(2, 1, 1));

    @AfterEach
    void close() {
        pool.close();
    }

    private abstract static class Scripted implements Worker {
        volatile Runnable signal = () -> {};

        @Override
        public String roleName() {
            return "scripted";
        }

        @Override
        public void onWork(Runnable callback) {
            signal = callback;
        }
    }

    private Runner runner(Worker worker) {
        return pool.runnerFor(worker, WorkerPool.Kind.LOOP, System::nanoTime);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void manySignallersNeverGetTwoStepsAtOnceAndLoseNoWork() throws InterruptedException {
        AtomicInteger work = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        Scripted worker = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                if (inside.incrementAndGet() > 1) {
                    overlaps.incrementAndGet();
                }
                int taken = work.getAndSet(0);
                if (done.addAndGet(taken) == 40_000) {
                    all.countDown();
                }
                inside.decrementAndGet();
                return Long.MAX_VALUE;
            }
        };
        Runner runner = runner(worker);
        runner.start();
        Thread[] signallers = new Thread[4];
        for (int i = 0; i < signallers.length; i++) {
            signallers[i] = new Thread(
                    () -> {
                        for (int n = 0; n < 10_000; n++) {
                            work.incrementAndGet();
                            worker.signal.run();
                        }
                    },
                    "signaller-" + i);
            signallers[i].start();
        }
        for (Thread signaller : signallers) {
            signaller.join();
        }
        await(all);
        assertThat(overlaps).hasValue(0);
        runner.stop();
    }

    @Test
    void aDeadlineIsKeptAndAnEarlierOneReplacesIt() {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch steps = new CountDownLatch(3);
        long began = System.nanoTime();
        Scripted worker = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                steps.countDown();
                first.countDown();
                // The first step wants to sleep for ever so long; the signal brings a second one, which does not.
                return steps.getCount() == 2 ? nowNanos + 3_600_000 * MILLISECOND : nowNanos + 5 * MILLISECOND;
            }
        };
        Runner runner = runner(worker);
        runner.start();
        await(first);
        worker.signal.run();
        await(steps);
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(5 * MILLISECOND);
        runner.stop();
    }

    @Test
    void stopWaitsForTheStepThatIsUnderWayAndBeginsNoOther() throws InterruptedException {
        CountDownLatch inStep = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger steps = new AtomicInteger();
        Scripted worker = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                steps.incrementAndGet();
                inStep.countDown();
                await(release);
                return nowNanos;
            }
        };
        Runner runner = runner(worker);
        runner.start();
        await(inStep);
        worker.signal.run();
        Thread stopper = new Thread(runner::stop, "stopper");
        stopper.start();
        while (stopper.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(runner.isCurrent()).isFalse();
        release.countDown();
        stopper.join(10_000);
        assertThat(stopper.isAlive()).isFalse();
        worker.signal.run();
        assertThat(steps).hasValue(1);
    }

    @Test
    void aWorkerThatBlocksHoldsUpNoneOfAnotherKind() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        Scripted blocked = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                await(release);
                return Long.MAX_VALUE;
            }
        };
        Scripted prompt = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                ran.countDown();
                return Long.MAX_VALUE;
            }
        };
        Runner slow = pool.runnerFor(blocked, WorkerPool.Kind.SLOW, System::nanoTime);
        Runner disk = pool.runnerFor(prompt, WorkerPool.Kind.DISK, System::nanoTime);
        slow.start();
        disk.start();
        await(ran);
        release.countDown();
        slow.stop();
        disk.stop();
    }

    @Test
    void aPoolNeedsThreadsOfEachKind() {
        assertThatThrownBy(() -> new WorkerPool.Sizes(1, 0, 1)).hasMessageContaining("at least one");
    }
}
