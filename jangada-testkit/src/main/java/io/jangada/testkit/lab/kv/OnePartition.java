package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabTime.LabThread;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The leader of five servers is cut off with one other: the majority goes on, clients of the minority wait, and get what they want when the partition ends. */
final class OnePartition {
    private static final int SERVERS = 5;
    private static final String KEY = "1";
    private static final long STANDSTILL_MILLIS = 1_000;
    private static final long HEALED_MILLIS = 3_000;
    private static final long POLL_MILLIS = 100;

    private final KvLab lab;

    private OnePartition(KvLab lab) {
        this.lab = lab;
    }

    static Scenario scenario() {
        return new Scenario(
                LabPart.KV,
                "OnePartition4A",
                "progress in majority, no progress in minority, completion after heal",
                SERVERS,
                setting -> new OnePartition(new KvLab(setting, KvLab.Setup.of(SERVERS, true, KvServer.NO_SNAPSHOTS)))
                        .play());
    }

    /** A client whose only operation is under way. */
    private final class Pending {
        private final Clerk clerk;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final LabThread thread;

        Pending(String name, List<Integer> servers, Consumer<Clerk> operation) {
            clerk = lab.clerk(servers);
            thread = lab.time().spawn(name, () -> {
                operation.accept(clerk);
                ended.set(true);
            });
        }
    }

    private Outcome play() {
        Clerk first = lab.clerk();
        first.put(KEY, "13");
        List<Integer> minority = minority();
        List<Integer> majority = new ArrayList<>(lab.allServers());
        majority.removeAll(minority);
        lab.note("servers " + minority + " are cut off, with the leader");
        lab.partition(minority);
        Clerk inMajority = lab.clerk(majority);
        inMajority.put(KEY, "14");
        lab.check(inMajority, KEY, "14");

        Pending put = new Pending("minority-put", minority, clerk -> clerk.put(KEY, "15"));
        Pending get = new Pending("minority-get", minority, clerk -> clerk.get(KEY));
        lab.sleep(STANDSTILL_MILLIS);
        lab.require(!put.ended.get(), "a put has ended in the minority");
        lab.require(!get.ended.get(), "a get has ended in the minority");
        lab.check(inMajority, KEY, "14");
        inMajority.put(KEY, "16");
        lab.check(inMajority, KEY, "16");
        lab.require(!put.ended.get() && !get.ended.get(), "an operation has ended in the minority");

        lab.note("the partition ends");
        lab.connectAll();
        put.clerk.reach(lab.allServers());
        get.clerk.reach(lab.allServers());
        lab.sleep(KvLab.ELECTION_MILLIS);
        awaitEnd(put, "put");
        awaitEnd(get, "get");
        lab.check(first, KEY, "15");
        return lab.end();
    }

    private List<Integer> minority() {
        int leader = lab.anyLeader();
        int other = lab.allServers().stream()
                .filter(server -> server != leader)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        return List.of(leader, other);
    }

    private void awaitEnd(Pending pending, String operation) {
        for (long waited = 0; waited < HEALED_MILLIS && !pending.ended.get(); waited += POLL_MILLIS) {
            lab.sleep(POLL_MILLIS);
        }
        lab.require(
                pending.ended.get(),
                "the " + operation + " of the minority has not ended within " + HEALED_MILLIS
                        + " ms of the partition's end");
        pending.thread.join();
    }
}
