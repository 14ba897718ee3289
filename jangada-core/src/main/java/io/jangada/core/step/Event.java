package io.jangada.core.step;

import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.List;

/** Something that happened on this node: time, disk, client, connection. */
public sealed interface Event {

    void accept(EventHandler handler);

    /** Time has passed: look at the deadlines. */
    record Tick() implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onTick(this);
        }
    }

    /** Clients propose commands. */
    record Propose(List<Proposal> proposals) implements Event {
        public Propose {
            proposals = List.copyOf(proposals);
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onPropose(this);
        }
    }

    /** Clients want to know up to where they must have applied to read linearizably. */
    record Read(List<Long> requestIds) implements Event {
        public Read {
            requestIds = List.copyOf(requestIds);
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onRead(this);
        }
    }

    /** Every {@link WriteBatch} up to this sequence number is durable. */
    record Persisted(long sequence) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onPersisted(this);
        }
    }

    /** The entries asked for with {@link Effects.Load}; empty if they could not be had. */
    record Loaded(Effects.Load request, List<Entry> entries) implements Event {
        public Loaded {
            entries = List.copyOf(entries);
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onLoaded(this);
        }
    }

    /** A new connection to this peer stands: whatever was in flight on an older one is gone. */
    record PeerConnected(NodeId peer) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onPeerConnected(this);
        }
    }
}
