package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabTime.LabThread;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.kv.GenericScenario.Keys;
import io.jangada.testkit.lab.kv.GenericScenario.Partitions;
import io.jangada.testkit.lab.kv.GenericScenario.Restarts;
import io.jangada.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One performance of a {@link GenericScenario}. */
final class GenericPlay {
    private static final int ITERATIONS = 3;
    private static final long CALM_MILLIS = 1_000;
    private static final long WORK_MILLIS = 5_000;

    private final GenericScenario scenario;
    private final KvLab lab;
    private final SimRandom halves;

    GenericPlay(GenericScenario scenario, KvLab lab) {
        this.scenario = scenario;
        this.lab = lab;
        this.halves = lab.chance("partitions");
    }

    Outcome play() {
        Clerk checker = lab.clerk();
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            lab.note("iteration " + iteration);
            iterate(iteration, checker);
        }
        return lab.end();
    }

    /** A client and its thread. */
    private record AtWork(Worker worker, LabThread thread) {}

    private void iterate(int iteration, Clerk checker) {
        AtomicBoolean end = new AtomicBoolean();
        List<AtWork> clients = new ArrayList<>();
        for (int client = 0; client < scenario.clients(); client++) {
            SimRandom chance = lab.chance("client " + client + " in iteration " + iteration);
            Worker worker = new Worker(scenario, lab, client, chance);
            clients.add(new AtWork(worker, lab.time().spawn("client-" + client, () -> worker.workUntil(end))));
        }
        if (scenario.partitions() == Partitions.RANDOM) {
            lab.sleep(CALM_MILLIS);
            LabThread partitioner = lab.time().spawn("partitioner", () -> divideUntil(end));
            lab.sleep(WORK_MILLIS);
            end.set(true);
            partitioner.join();
            lab.connectAll();
            lab.sleep(KvLab.ELECTION_MILLIS);
        } else {
            lab.sleep(WORK_MILLIS);
            end.set(true);
        }
        if (scenario.restarts() == Restarts.CRASH) {
            lab.note("all servers crash");
            lab.crashAll();
            lab.sleep(KvLab.ELECTION_MILLIS);
            lab.startAll();
        }
        clients.forEach(client -> client.thread().join());
        clients.forEach(client -> check(client.worker(), checker));
        lab.checkSizes();
    }

    private void check(Worker worker, Clerk checker) {
        String text = checker.get(worker.key());
        if (scenario.keys() == Keys.OWN) {
            Appended.check(text, worker.client(), worker.appended());
        }
    }

    private void divideUntil(AtomicBoolean end) {
        while (!end.get()) {
            List<Integer> half = lab.allServers().stream()
                    .filter(server -> halves.chance(0.5))
                    .toList();
            lab.note("servers " + half + " apart from the others");
            lab.partition(half);
            lab.sleep(KvLab.ELECTION_MILLIS + halves.between(0, 199));
        }
    }
}
