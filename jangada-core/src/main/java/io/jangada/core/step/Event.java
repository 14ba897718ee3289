package io.jangada.core.step;

import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
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

    /** The entries asked for with {@link Effects.RepairRead}, from the first one; empty if they could not be had. */
    record ReadForRepair(Effects.RepairRead request, List<Entry> entries) implements Event {
        public ReadForRepair {
            entries = List.copyOf(entries);
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onReadForRepair(this);
        }
    }

    /**
     * A new connection to this peer stands: whatever was in flight on an older one is gone.
     *
     * @param incarnation the number of the peer's data folder, as it said; 0 if it did not
     */
    record PeerConnected(NodeId peer, long incarnation) implements Event {
        public PeerConnected(NodeId peer) {
            this(peer, 0);
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onPeerConnected(this);
        }
    }

    /** Clients want to read on the strength of the leader's lease, if it has one; otherwise as {@link Read}. */
    record LeaseRead(List<Long> requestIds) implements Event {
        public LeaseRead {
            requestIds = List.copyOf(requestIds);
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onLeaseRead(this);
        }
    }

    /** Somebody wants another membership. */
    record ChangeMembership(long requestId, MembershipChange change) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onChangeMembership(this);
        }
    }

    /** Somebody wants this leader to hand over to a voter, {@link NodeId#NONE} for the best one, within this time. */
    record Transfer(long requestId, NodeId target, long timeoutNanos) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onTransfer(this);
        }
    }

    /** Somebody wants a transfer that is under way to end. */
    record AbortTransfer() implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onAbortTransfer(this);
        }
    }

    /** Somebody wants this leader to stop leading now, whoever comes next. */
    record StepDown(long requestId) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onStepDown(this);
        }
    }

    /** A snapshot of this node's own state machine is durable: the entries that it covers are needed for slow followers only. */
    record SnapshotTaken(SnapshotMeta snapshot) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onSnapshotTaken(this);
        }
    }

    /** The piece of a snapshot asked for with {@link Effects.ReadChunk}; empty if it could not be had. The array is shared, never copied. */
    final class ChunkRead implements Event {
        private final Effects.ReadChunk request;
        private final byte[] chunk;

        public ChunkRead(Effects.ReadChunk request, byte[] chunk) {
            this.request = request;
            this.chunk = chunk;
        }

        public Effects.ReadChunk request() {
            return request;
        }

        /** The piece itself, not a copy. */
        public byte[] chunk() {
            return chunk;
        }

        @Override
        public void accept(EventHandler handler) {
            handler.onChunkRead(this);
        }
    }

    /**
     * What became of a piece of a snapshot that was to be stored ({@link Effects#stageChunks}).
     *
     * @param outcome {@code WANTS_MORE}; {@code INSTALLED} if with this piece the whole snapshot is complete, verified and durable; or {@code REJECTED}
     * @param nextOffset how much of the snapshot is there
     */
    record ChunkStaged(SnapshotRequest request, SnapshotOutcome outcome, long nextOffset) implements Event {
        @Override
        public void accept(EventHandler handler) {
            handler.onChunkStaged(this);
        }
    }
}
