package io.jangada.testkit.sim;

import io.jangada.api.StateMachine;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.Storage;
import io.jangada.api.spi.Transport;
import io.jangada.core.config.RaftConfig;

/**
 * Everything a simulated node gets from its surroundings. Wrap a part of it to plant a bug.
 *
 * @param stateMachine yields for each command the index at which it was applied
 * @param seed all chance that the node may use
 */
public record Machine(
        RaftConfig config,
        Storage storage,
        Transport transport,
        StateMachine<Long> stateMachine,
        Clock clock,
        long seed) {

    public Machine withStorage(Storage other) {
        return new Machine(config, other, transport, stateMachine, clock, seed);
    }

    public Machine withTransport(Transport other) {
        return new Machine(config, storage, other, stateMachine, clock, seed);
    }

    public Machine withStateMachine(StateMachine<Long> other) {
        return new Machine(config, storage, transport, other, clock, seed);
    }
}
