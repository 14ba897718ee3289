package io.jangada.node;

import java.util.List;

/** The workers beside the loop. */
record Workers<R>(Journal journal, Applier<R> applier, Background background, SnapshotWriter snapshots) {
    /** All of them, in the order in which they are shown. */
    List<Worker> all() {
        return List.of(journal, applier, background, snapshots);
    }
}
