package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import java.util.List;
import java.util.function.Consumer;

/** Part 3D: log compaction (lab facts, 4.4). The service makes a snapshot at every tenth command. */
final class SnapshotScenarios {
    private static final int SERVERS = 3;
    private static final int ROUNDS = 30;
    private static final int MAX_STATE_BYTES = 2_000;

    /** What happens to one server in each round of the common scenario. */
    private enum Mishap {
        NONE,
        DISCONNECTED,
        CRASHED;

        void happenTo(RaftLab lab, int victim) {
            if (this == DISCONNECTED) {
                lab.note("disconnect " + victim);
                lab.disconnect(victim);
            } else if (this == CRASHED) {
                lab.note("crash " + victim);
                lab.crash(victim);
            }
        }

        void endFor(RaftLab lab, int victim) {
            lab.note("bring back " + victim + ", which needs a snapshot by now");
            if (this == DISCONNECTED) {
                lab.connect(victim);
            } else {
                lab.restart(victim);
            }
        }
    }

    private SnapshotScenarios() {}

    static List<Scenario> all() {
        return List.of(
                scenario("SnapshotBasic", "snapshots basic", true, lab -> common(lab, Mishap.NONE)),
                scenario(
                        "SnapshotInstall",
                        "install snapshots (disconnect)",
                        true,
                        lab -> common(lab, Mishap.DISCONNECTED)),
                scenario(
                        "SnapshotInstallUnreliable",
                        "install snapshots (disconnect+unreliable)",
                        false,
                        lab -> common(lab, Mishap.DISCONNECTED)),
                scenario("SnapshotInstallCrash", "install snapshots (crash)", true, lab -> common(lab, Mishap.CRASHED)),
                scenario(
                        "SnapshotInstallUnCrash",
                        "install snapshots (unreliable+crash)",
                        false,
                        lab -> common(lab, Mishap.CRASHED)),
                scenario(
                        "SnapshotAllCrash",
                        "crash and restart all servers",
                        true,
                        lab -> onBothNetworks(lab, SnapshotScenarios::allCrash)),
                scenario(
                        "SnapshotInit",
                        "snapshot initialization after crash",
                        true,
                        lab -> onBothNetworks(lab, SnapshotScenarios::init)));
    }

    private static Scenario scenario(String name, String title, boolean reliable, Consumer<RaftLab> text) {
        return RaftLab.scenario(LabPart.SNAPSHOTS, name, title, new RaftLab.Shape(SERVERS, reliable, true), text);
    }

    private static long agree(RaftLab lab, int servers) {
        return lab.oneOrAgain(lab.random(), servers);
    }

    /** At least half of what comes between two snapshots, at most one and a half times as much. */
    private static int someCommands(RaftLab lab) {
        return 5 + lab.chance().below(10);
    }

    private static void common(RaftLab lab, Mishap mishap) {
        agree(lab, SERVERS);
        int leader = lab.oneLeader();
        int present = mishap == Mishap.NONE ? SERVERS : SERVERS - 1;
        for (int round = 0; round < ROUNDS; round++) {
            boolean leaderSuffers = round % 3 == 1;
            int victim = leaderSuffers ? leader : lab.after(leader, 1);
            int sender = leaderSuffers ? lab.after(leader, 1) : leader;
            if (mishap != Mishap.NONE) {
                mishap.happenTo(lab, victim);
                agree(lab, present);
            }
            for (int left = someCommands(lab); left > 0; left--) {
                lab.start(sender, lab.random());
            }
            agree(lab, present);
            int bytes = lab.cluster().logSize();
            lab.require(
                    bytes < MAX_STATE_BYTES,
                    "a server has saved a Raft state of " + bytes + " bytes, expected less than " + MAX_STATE_BYTES);
            if (mishap != Mishap.NONE) {
                mishap.endFor(lab, victim);
                agree(lab, SERVERS);
                leader = lab.oneLeader();
            }
        }
    }

    /** The course had it reliable and has it unreliable now: first the one and then, with what that leaves behind, the other. */
    private static void onBothNetworks(RaftLab lab, Consumer<RaftLab> text) {
        lab.pass(text);
        lab.note("once more on an unreliable network");
        lab.setReliable(false);
        lab.pass(text);
    }

    private static void allCrash(RaftLab lab) {
        agree(lab, SERVERS);
        for (int round = 0; round < 5; round++) {
            for (int left = someCommands(lab); left > 0; left--) {
                agree(lab, SERVERS);
            }
            long before = agree(lab, SERVERS);
            lab.crashAndRestartAll();
            long after = agree(lab, SERVERS);
            lab.require(
                    after >= before + 1, "index " + before + " before the crash is followed by " + after + " after it");
        }
    }

    private static void init(RaftLab lab) {
        agree(lab, SERVERS);
        for (int i = 0; i < 11; i++) {
            agree(lab, SERVERS);
        }
        lab.crashAndRestartAll();
        // One command, so that something is saved after the restart.
        agree(lab, SERVERS);
        lab.crashAndRestartAll();
        agree(lab, SERVERS);
    }
}
