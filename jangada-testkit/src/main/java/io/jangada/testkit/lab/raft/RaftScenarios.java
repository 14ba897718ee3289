package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.Scenario;
import java.util.ArrayList;
import java.util.List;

/** The 28 scenarios of the Raft labs, in the order of the course. */
public final class RaftScenarios {
    private RaftScenarios() {}

    public static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.addAll(ElectionScenarios.all());
        all.addAll(LogScenarios.all());
        all.addAll(PersistenceScenarios.all());
        all.addAll(SnapshotScenarios.all());
        return List.copyOf(all);
    }
}
