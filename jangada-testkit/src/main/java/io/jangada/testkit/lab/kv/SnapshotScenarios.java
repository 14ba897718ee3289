package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.util.List;

/** The scenarios of part 4B that look at the snapshots themselves. */
final class SnapshotScenarios {
    private static final int SERVERS = 3;
    private static final int MAX_RAFT_STATE = 1_000;
    private static final int MAX_SNAPSHOT_BYTES = 500;
    private static final int PUTS = 50;
    private static final int ROUNDS = 200;

    private SnapshotScenarios() {}

    /** A server that has missed so much that the others have it in a snapshot only must take part in a majority. */
    static Scenario laggingServer() {
        return new Scenario(
                LabPart.KV_SNAPSHOTS,
                "SnapshotRPC4B",
                "InstallSnapshot RPC",
                SERVERS,
                setting -> catchUp(new KvLab(setting, KvLab.Setup.of(SERVERS, true, MAX_RAFT_STATE))));
    }

    private static Outcome catchUp(KvLab lab) {
        Clerk everywhere = lab.clerk();
        everywhere.put("a", "A");
        lab.check(everywhere, "a", "A");

        lab.partition(List.of(2));
        Clerk without2 = lab.clerk(List.of(0, 1));
        for (int i = 0; i < PUTS; i++) {
            without2.put(Integer.toString(i), Integer.toString(i));
        }
        lab.sleep(KvLab.ELECTION_MILLIS);
        without2.put("b", "B");
        lab.checkSizes();

        lab.note("server 2 is needed now");
        lab.partition(List.of(1));
        Clerk without1 = lab.clerk(List.of(0, 2));
        without1.put("c", "C");
        without1.put("d", "D");
        lab.check(without1, "a", "A");
        lab.check(without1, "b", "B");
        lab.check(without1, "1", "1");
        lab.check(without1, "49", "49");

        lab.connectAll();
        everywhere.put("e", "E");
        lab.check(everywhere, "c", "C");
        lab.check(everywhere, "e", "E");
        lab.check(everywhere, "1", "1");
        return lab.end();
    }

    /** What was replaced must not be kept, nor what has been answered long ago. */
    static Scenario size() {
        return new Scenario(
                LabPart.KV_SNAPSHOTS,
                "SnapshotSize4B",
                "snapshot size is reasonable",
                SERVERS,
                setting -> replace(new KvLab(setting, KvLab.Setup.of(SERVERS, true, MAX_RAFT_STATE))));
    }

    private static Outcome replace(KvLab lab) {
        Clerk clerk = lab.clerk();
        for (int round = 0; round < ROUNDS; round++) {
            clerk.put("x", "0");
            lab.check(clerk, "x", "0");
            clerk.put("x", "1");
            lab.check(clerk, "x", "1");
        }
        lab.checkSizes();
        lab.checkSnapshotSize(MAX_SNAPSHOT_BYTES);
        return lab.end();
    }
}
