package io.jangada.api.spi;

import io.jangada.api.GroupId;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;

/**
 * Carries messages between nodes, for all groups of a process.
 *
 * <p>May lose messages, delay them and reorder them across connections, and must not alter them. A message that cannot be sent now
 * (no connection, a full queue) is dropped: the protocol repeats what matters.
 */
public interface Transport extends AutoCloseable {

    /** Delivers the messages of this group to the receiver from now on. One receiver for each group. */
    void register(GroupId group, MessageReceiver receiver);

    /** Sends the message to the node it names. Returns at once, never blocks, never throws because of the peer. Any thread. */
    void send(GroupId group, Message message);

    /**
     * The membership of a group is this one now: reach its members at their addresses, let go of those that are members of no group any more, and refuse a peer
     * whose data folder is not the one it is known by ({@link io.jangada.core.model.MemberInfo#incarnation}). Any thread; returns at once.
     */
    void members(GroupId group, Membership membership);

    /** Ends all connections. */
    @Override
    void close();
}
