package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.kv.GenericScenario.Keys;
import io.jangada.testkit.lab.kv.GenericScenario.Net;
import io.jangada.testkit.lab.kv.GenericScenario.Partitions;
import io.jangada.testkit.lab.kv.GenericScenario.Restarts;
import java.util.List;
import java.util.stream.Stream;

/** The 23 scenarios of the key-value labs, 4A and 4B of the 2024 edition, in the order of the course. */
public final class KvScenarios {
    private static final int UNLIMITED = KvServer.NO_SNAPSHOTS;
    private static final int SMALL = 1_000;

    private KvScenarios() {}

    public static List<Scenario> all() {
        return Stream.concat(withoutSnapshots().stream(), withSnapshots().stream())
                .toList();
    }

    private static List<Scenario> withoutSnapshots() {
        return List.of(
                new GenericScenario(1, 5, Net.RELIABLE, Restarts.NONE, Partitions.NONE, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "Basic4A"),
                new SpeedScenario(UNLIMITED).named(LabPart.KV, "Speed4A"),
                new GenericScenario(5, 5, Net.RELIABLE, Restarts.NONE, Partitions.NONE, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "Concurrent4A"),
                new GenericScenario(5, 5, Net.UNRELIABLE, Restarts.NONE, Partitions.NONE, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "Unreliable4A"),
                SharedKey.scenario(),
                OnePartition.scenario(),
                new GenericScenario(1, 5, Net.RELIABLE, Restarts.NONE, Partitions.RANDOM, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "ManyPartitionsOneClient4A"),
                new GenericScenario(5, 5, Net.RELIABLE, Restarts.NONE, Partitions.RANDOM, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "ManyPartitionsManyClients4A"),
                new GenericScenario(1, 5, Net.RELIABLE, Restarts.CRASH, Partitions.NONE, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "PersistOneClient4A"),
                new GenericScenario(5, 5, Net.RELIABLE, Restarts.CRASH, Partitions.NONE, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "PersistConcurrent4A"),
                new GenericScenario(5, 5, Net.UNRELIABLE, Restarts.CRASH, Partitions.NONE, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "PersistConcurrentUnreliable4A"),
                new GenericScenario(5, 5, Net.RELIABLE, Restarts.CRASH, Partitions.RANDOM, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "PersistPartition4A"),
                new GenericScenario(5, 5, Net.UNRELIABLE, Restarts.CRASH, Partitions.RANDOM, UNLIMITED, Keys.OWN)
                        .named(LabPart.KV, "PersistPartitionUnreliable4A"),
                new GenericScenario(15, 7, Net.UNRELIABLE, Restarts.CRASH, Partitions.RANDOM, UNLIMITED, Keys.RANDOM)
                        .named(LabPart.KV, "PersistPartitionUnreliableLinearizable4A"));
    }

    private static List<Scenario> withSnapshots() {
        return List.of(
                SnapshotScenarios.laggingServer(),
                SnapshotScenarios.size(),
                new SpeedScenario(SMALL).named(LabPart.KV_SNAPSHOTS, "Speed4B"),
                new GenericScenario(1, 5, Net.RELIABLE, Restarts.CRASH, Partitions.NONE, SMALL, Keys.OWN)
                        .named(LabPart.KV_SNAPSHOTS, "SnapshotRecover4B"),
                new GenericScenario(20, 5, Net.RELIABLE, Restarts.CRASH, Partitions.NONE, SMALL, Keys.OWN)
                        .named(LabPart.KV_SNAPSHOTS, "SnapshotRecoverManyClients4B"),
                new GenericScenario(5, 5, Net.UNRELIABLE, Restarts.NONE, Partitions.NONE, SMALL, Keys.OWN)
                        .named(LabPart.KV_SNAPSHOTS, "SnapshotUnreliable4B"),
                new GenericScenario(5, 5, Net.UNRELIABLE, Restarts.CRASH, Partitions.NONE, SMALL, Keys.OWN)
                        .named(LabPart.KV_SNAPSHOTS, "SnapshotUnreliableRecover4B"),
                new GenericScenario(5, 5, Net.UNRELIABLE, Restarts.CRASH, Partitions.RANDOM, SMALL, Keys.OWN)
                        .named(LabPart.KV_SNAPSHOTS, "SnapshotUnreliableRecoverConcurrentPartition4B"),
                new GenericScenario(15, 7, Net.UNRELIABLE, Restarts.CRASH, Partitions.RANDOM, SMALL, Keys.RANDOM)
                        .named(LabPart.KV_SNAPSHOTS, "SnapshotUnreliableRecoverConcurrentPartitionLinearizable4B"));
    }
}
