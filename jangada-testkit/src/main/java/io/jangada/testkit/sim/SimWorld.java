package io.jangada.testkit.sim;

import io.jangada.testkit.check.SafetyChecks;

/** What everything in one simulated world shares. */
record SimWorld(
        FaultPlan plan,
        Scheduler scheduler,
        Trace trace,
        SafetyChecks checks,
        SimStats stats,
        SimRandom chance,
        DiskAtlas atlas) {}
