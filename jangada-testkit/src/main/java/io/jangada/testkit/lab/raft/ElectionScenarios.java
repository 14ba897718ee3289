package io.jangada.testkit.lab.raft;

import static io.jangada.testkit.lab.raft.RaftLab.ELECTION_MILLIS;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import java.util.List;
import java.util.function.Consumer;

/** Part 3A: leader election (lab facts, 4.1). */
final class ElectionScenarios {
    private ElectionScenarios() {}

    static List<Scenario> all() {
        return List.of(
                scenario("InitialElection", "initial election", 3, ElectionScenarios::initialElection),
                scenario("ReElection", "re-election", 3, ElectionScenarios::reElection),
                scenario("ManyElections", "many elections", 7, ElectionScenarios::manyElections));
    }

    private static Scenario scenario(String name, String title, int servers, Consumer<RaftLab> text) {
        return RaftLab.scenario(LabPart.ELECTION, name, title, new RaftLab.Shape(servers, true, false), text);
    }

    private static void initialElection(RaftLab lab) {
        lab.note("server " + lab.oneLeader() + " leads");
        // The others may not have heard of it yet.
        lab.sleep(50);
        long term = lab.sameTerm();
        lab.require(term >= 1, "there is a leader, but the term is " + term);
        lab.sleep(2 * ELECTION_MILLIS);
        long later = lab.sameTerm();
        lab.note(
                later == term
                        ? "nothing has failed, and the term has stayed " + term
                        : "warning: nothing has failed, yet the term went from " + term + " to " + later);
        lab.oneLeader();
    }

    private static void reElection(RaftLab lab) {
        int first = lab.oneLeader();
        lab.note("disconnect the leader, " + first);
        lab.disconnect(first);
        lab.note("server " + lab.oneLeader() + " leads instead");

        lab.note("connect the former leader, " + first + ", which must disturb nobody");
        lab.connect(first);
        int second = lab.oneLeader();

        lab.note("disconnect the leader, " + second + ", and " + lab.after(second, 1) + ": no majority is left");
        lab.disconnect(second, lab.after(second, 1));
        lab.sleep(2 * ELECTION_MILLIS);
        lab.noLeader();

        lab.note("connect " + lab.after(second, 1) + ": a majority");
        lab.connect(lab.after(second, 1));
        lab.oneLeader();

        lab.note("connect " + second + ": all are there");
        lab.connect(second);
        lab.oneLeader();
    }

    private static void manyElections(RaftLab lab) {
        lab.oneLeader();
        for (int i = 1; i <= 9; i++) {
            // The same one may be drawn twice.
            int[] three = {lab.anyServer(), lab.anyServer(), lab.anyServer()};
            lab.note("round " + i + ": disconnect " + three[0] + ", " + three[1] + " and " + three[2]);
            lab.disconnect(three);
            lab.note("server " + lab.oneLeader() + " leads; connect all");
            lab.connect(three);
        }
        lab.oneLeader();
    }
}
