package io.jangada.testkit.lab;

import io.jangada.node.LocalNode;
import io.jangada.node.Worker;
import io.jangada.testkit.sim.Scheduler;
import io.jangada.testkit.sim.SimRandom;

/** A node whose workers are called one by one in virtual time, each a little after it has been given something to do. */
final class SteppedNode implements LabTime.RunningNode {
    private final LocalNode<?> node;
    private final Scheduler scheduler;
    private final SimRandom chance;
    private boolean stopped;

    SteppedNode(LocalNode<?> node, Scheduler scheduler, SimRandom chance) {
        this.node = node;
        this.scheduler = scheduler;
        this.chance = chance;
        for (Worker worker : node.workers()) {
            Steps steps = new Steps(worker);
            worker.onWork(steps::wake);
            steps.wake();
        }
    }

    @Override
    public void stop() {
        stopped = true;
        node.close();
    }

    private final class Steps {
        private final Worker worker;
        /** What a turn takes until its work shows: the time of a disk synchronisation, for the journal. */
        private final long leastNanos;

        private long plannedNanos = Long.MAX_VALUE;
        private long ticket;

        Steps(Worker worker) {
            this.worker = worker;
            this.leastNanos = worker.roleName().equals("journal") ? 50_000 : 2_000;
        }

        void wake() {
            plan(scheduler.now() + leastNanos + chance.exponential(2 * leastNanos));
        }

        private void plan(long atNanos) {
            if (atNanos >= plannedNanos) {
                return;
            }
            plannedNanos = atNanos;
            long mine = ++ticket;
            scheduler.at(atNanos, () -> {
                if (mine == ticket && !stopped) {
                    plannedNanos = Long.MAX_VALUE;
                    run();
                }
            });
        }

        private void run() {
            long deadline = worker.runOnce(scheduler.now());
            if (deadline != Long.MAX_VALUE) {
                plan(Math.max(scheduler.now() + 1_000, deadline));
            }
        }
    }
}
