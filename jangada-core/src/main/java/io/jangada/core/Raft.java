package io.jangada.core;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.role.Roles;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.List;

/**
 * The Raft protocol of one node as a deterministic state machine: events and messages go in, effects come out.
 *
 * <p>Has no thread, no clock, no disk, no network and no chance of its own: time comes as a parameter, chance from the seed. Not thread-safe: one
 * thread feeds it. The same calls give the same effects, always. Carry out the effects of each call, in the order that {@link Effects}
 * describes, before the next one.
 */
public final class Raft {
    private final RaftConfig config;
    private final Roles roles;

    private Raft(RaftConfig config, Roles roles) {
        this.config = config;
        this.roles = roles;
    }

    /**
     * Starts a node as a follower on what its disk remembered.
     *
     * @param seed all randomness of this run: election timeouts
     * @param nowNanos the present time of the same monotonic clock as in all later calls
     */
    public static Raft start(RaftConfig config, Recovered recovered, long seed, long nowNanos) {
        return new Raft(config, new Roles(config, recovered, seed, nowNanos));
    }

    /** Something happened here: time, disk, client, connection. Adds to {@code effects}. */
    public void step(Event event, long nowNanos, Effects effects) {
        roles.step(event, nowNanos, effects);
    }

    /** A peer said something. Whatever it says, nothing is thrown: what makes no sense is ignored or refused. */
    public void receive(Message message, long nowNanos, Effects effects) {
        roles.receive(message, nowNanos, effects);
    }

    /** When to call {@link #step} with {@link Event.Tick}, on the same clock. */
    public long nextDeadline() {
        return roles.deadlineNanos();
    }

    /** Entries from memory, from {@code from} to {@code to}, as many as weigh at most {@code maxBytes} but at least one; empty if {@code from} is only on disk. */
    public List<Entry> entries(long from, long to, long maxBytes) {
        return roles.log().slice(from, to, maxBytes);
    }

    /** Messages dropped so far because they were not for this node or not from a member of its group. */
    public long ignoredMessages() {
        return roles.ignoredMessages();
    }

    /** The membership that was the latest at this entry. */
    public MembershipAt membershipAt(long index) {
        return roles.memberships().at(index);
    }

    /** An immutable picture. */
    public RaftStatus status() {
        return new RaftStatus(
                config.self(),
                roles.name(),
                roles.hardState().term(),
                roles.leader(),
                roles.log().firstIndex(),
                roles.log().lastIndex(),
                roles.log().persistedIndex(),
                roles.log().commitIndex(),
                roles.log().snapshotIndex(),
                roles.memberships().latest(),
                roles.damage());
    }

    /** How far this leader has brought each of the others; empty on a node that does not lead. */
    public List<PeerProgress> progress(long nowNanos) {
        return roles.progress(nowNanos);
    }
}
