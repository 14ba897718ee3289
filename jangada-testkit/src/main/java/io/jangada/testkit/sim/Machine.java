package io.jangada.testkit.sim;

import io.jangada.api.StateMachine;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.api.spi.Storage;
import io.jangada.api.spi.Transport;
import io.jangada.core.config.RaftConfig;

/**
 * Everything a simulated node gets from its surroundings. Wrap a part of it to plant a bug.
 *
 * @param stateMachine yields for each command the index at which it was applied
 * @param snapshotEntries take a snapshot after so many entries; 0 for never
 * @param seed all chance that the node may use
 */
public record Machine(
        RaftConfig config,
        Storage storage,
        SnapshotStore snapshots,
        Transport transport,
        StateMachine<Long> stateMachine,
        Clock clock,
        int snapshotEntries,
        long seed) {

    public Machine withStorage(Storage other) {
        return new Machine(config, other, snapshots, transport, stateMachine, clock, snapshotEntries, seed);
    }

    public Machine withSnapshots(SnapshotStore other) {
        return new Machine(config, storage, other, transport, stateMachine, clock, snapshotEntries, seed);
    }

    public Machine withTransport(Transport other) {
        return new Machine(config, storage, snapshots, other, stateMachine, clock, snapshotEntries, seed);
    }

    public Machine withStateMachine(StateMachine<Long> other) {
        return new Machine(config, storage, snapshots, transport, other, clock, snapshotEntries, seed);
    }

    public Machine withClock(Clock other) {
        return new Machine(config, storage, snapshots, transport, stateMachine, other, snapshotEntries, seed);
    }
}
