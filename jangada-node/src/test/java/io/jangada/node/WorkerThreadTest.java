package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkerThreadTest {

    private abstract static class Scripted implements Worker {
        Runnable signal = () -> {};

        @Override
        public String roleName() {
            return "scripted";
        }

        @Override
        public void onWork(Runnable callback) {
            signal = callback;
        }
    }

    /** A bug of the first version: a step that parks eats the wake-up of stop(), and the thread slept for ever. */
    @Test
    @Timeout(20)
    void stopIsHeardThoughTheStepHasEatenItsWakeUp() throws InterruptedException {
        CountDownLatch inStep = new CountDownLatch(1);
        AtomicInteger steps = new AtomicInteger();
        Thread[] stopper = new Thread[1];
        CountDownLatch stopperKnown = new CountDownLatch(1);
        Scripted worker = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                steps.incrementAndGet();
                inStep.countDown();
                awaitUninterrupted(stopperKnown);
                while (stopper[0].getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                // What a lock inside a storage or a state machine does: it parks and takes the permit with it.
                LockSupport.parkNanos(this, 1);
                return Long.MAX_VALUE;
            }
        };
        WorkerThread thread = new WorkerThread(worker, System::nanoTime, "test-worker");
        thread.start();
        assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();
        stopper[0] = new Thread(thread::stop, "test-stopper");
        stopper[0].start();
        stopperKnown.countDown();
        stopper[0].join(10_000);
        assertThat(stopper[0].isAlive()).isFalse();
        assertThat(steps).hasValue(1);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Timeout(20)
    void workThatArrivesDuringAStepRunsAnotherWithoutWaiting() throws InterruptedException {
        CountDownLatch steps = new CountDownLatch(3);
        Scripted worker = new Scripted() {
            @Override
            public long runOnce(long nowNanos) {
                steps.countDown();
                if (steps.getCount() > 0) {
                    signal.run();
                }
                return Long.MAX_VALUE;
            }
        };
        WorkerThread thread = new WorkerThread(worker, System::nanoTime, "test-worker");
        thread.start();
        assertThat(steps.await(10, TimeUnit.SECONDS)).isTrue();
        thread.stop();
    }
}
