package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.util.List;

/** Part 3B: the log (lab facts, 4.2). */
final class LogScenarios {
    private LogScenarios() {}

    static List<Scenario> all() {
        return List.of(new Scenario(
                LabPart.LOG,
                "BasicAgree",
                "basic agreement",
                3,
                setting -> basicAgree(new RaftLab(setting, 3, true, false))));
    }

    private static Outcome basicAgree(RaftLab lab) {
        for (int i = 1; i <= 3; i++) {
            lab.require(lab.committed(i) == 0, "somebody has committed index " + i + " before anything was started");
            long index = lab.one(Command.of(100L * i), 3, false);
            lab.require(index == i, "got index " + index + ", expected " + i);
        }
        return lab.end();
    }
}
