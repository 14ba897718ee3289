package io.jangada.core.role;

import io.jangada.core.repair.GapRepair;
import io.jangada.core.repair.RepairAnswers;

/** The two sides of the repair of damaged logs; both outlive roles and terms. */
record Repairs(GapRepair asking, RepairAnswers answering) {}
