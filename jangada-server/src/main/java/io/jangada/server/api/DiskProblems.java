package io.jangada.server.api;

import io.jangada.api.DiskStatus;
import io.jangada.core.model.SpaceLevel;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a member's disk, in words for the list of problems that {@code status} shows. */
final class DiskProblems {
    private static final long NANOS_PER_MILLISECOND = 1_000_000;

    private DiskProblems() {}

    static List<String> of(DiskStatus disk) {
        List<String> problems = new ArrayList<>();
        if (disk.space().level() != SpaceLevel.AMPLE) {
            problems.add("alarm:NOSPACE " + disk.space().explained());
        }
        if (disk.stall().isThere()) {
            problems.add("the disk has hung for " + disk.stall().forNanos() / NANOS_PER_MILLISECOND + " ms, "
                    + disk.stall().waitingWrites() + " writes wait for it");
        }
        return problems;
    }
}
