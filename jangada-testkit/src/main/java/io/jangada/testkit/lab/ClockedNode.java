package io.jangada.testkit.lab;

import io.jangada.node.LocalNode;
import io.jangada.node.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A node in real time: each worker is called as soon as it has something to do. The one that applies has a thread of its own, since it waits in the channel; the others take turns on
 * the lab's thread, with those of all other nodes. So a message from server to server wakes no thread, which would cost more than all that is done with it.
 */
final class ClockedNode implements LabTime.RunningNode {
    private final LocalNode<?> node;
    private final RealTime time;
    private final ScheduledThreadPoolExecutor applying;
    private final List<Turns> all = new ArrayList<>();

    /** Sets the node to work, all but what applies on {@code shared}. */
    ClockedNode(LocalNode<?> node, RealTime time, ScheduledThreadPoolExecutor shared) {
        this.node = node;
        this.time = time;
        this.applying = RealTime.timer("lab-applier");
        for (Worker worker : node.workers()) {
            Turns turns = new Turns(worker, worker.roleName().equals("apply") ? applying : shared);
            all.add(turns);
            worker.onWork(turns::wake);
        }
        all.forEach(Turns::wake);
    }

    @Override
    public void stop() {
        applying.shutdownNow();
        all.forEach(Turns::end);
        node.close();
    }

    /** When one worker is called. */
    private final class Turns {
        private final Worker worker;
        private final ScheduledThreadPoolExecutor thread;
        private final AtomicBoolean woken = new AtomicBoolean();
        /** The next turn without being woken. On the thread only. */
        private @Nullable ScheduledFuture<?> planned;

        private long plannedNanos = Long.MAX_VALUE;
        private boolean ended;

        Turns(Worker worker, ScheduledThreadPoolExecutor thread) {
            this.worker = worker;
            this.thread = thread;
        }

        void wake() {
            if (woken.compareAndSet(false, true)) {
                thread.execute(this::turn);
            }
        }

        private synchronized void turn() {
            if (!ended) {
                woken.set(false);
                time.hop(() -> plan(worker.runOnce(System.nanoTime())));
            }
        }

        private void plan(long atNanos) {
            if (atNanos == plannedNanos) {
                return;
            }
            if (planned != null) {
                planned.cancel(false);
            }
            plannedNanos = atNanos;
            planned = atNanos == Long.MAX_VALUE
                    ? null
                    : thread.schedule(this::due, atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        private void due() {
            plannedNanos = Long.MAX_VALUE;
            turn();
        }

        /** Waits for a turn that has begun; there is none afterwards. */
        synchronized void end() {
            ended = true;
        }
    }
}
