package io.jangada.testkit.sim;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Bugs around snapshots, to be planted in a state machine or in a store. */
final class SnapshotBugs {
    private static final int COUNT_AT = 16;
    private static final int REGISTER_BYTES = 12;

    private SnapshotBugs() {}

    /** A state machine that forgets its last register when it is restored. */
    static StateMachine<Long> losingAKey(StateMachine<Long> real) {
        return new StateMachineWrapper(real) {
            @Override
            public void restore(long index, long term, InputStream state) throws IOException {
                ByteBuffer bytes = ByteBuffer.wrap(state.readAllBytes());
                int registers = bytes.getInt(COUNT_AT);
                if (registers == 0) {
                    super.restore(index, term, new ByteArrayInputStream(bytes.array()));
                    return;
                }
                int lost = COUNT_AT + Integer.BYTES + (registers - 1) * REGISTER_BYTES;
                ByteBuffer fewer = ByteBuffer.allocate(bytes.capacity() - REGISTER_BYTES);
                fewer.put(bytes.array(), 0, lost)
                        .put(bytes.array(), lost + REGISTER_BYTES, bytes.capacity() - lost - REGISTER_BYTES)
                        .putInt(COUNT_AT, registers - 1);
                super.restore(index, term, new ByteArrayInputStream(fewer.array()));
            }
        };
    }

    /** A store that does not notice that a bit has changed. */
    static SnapshotStore changingABit(SnapshotStore real) {
        return new SnapshotsWrapper(real) {
            @Override
            public InputStream open(SnapshotMeta snapshot) throws IOException {
                try (InputStream content = super.open(snapshot)) {
                    byte[] bytes = content.readAllBytes();
                    bytes[3] ^= 4;
                    return new ByteArrayInputStream(bytes);
                }
            }
        };
    }

    /** A store whose snapshots are gone after a restart. */
    static SnapshotStore forgetting(SnapshotStore real) {
        return new SnapshotsWrapper(real) {
            @Override
            public Optional<SnapshotMeta> newest() {
                return Optional.empty();
            }
        };
    }

    /** A node that writes the voters of another time into its snapshots. */
    static SnapshotStore misdating(SnapshotStore real) {
        return new SnapshotsWrapper(real) {
            @Override
            public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state)
                    throws IOException {
                List<NodeId> voters = membership.membership().voters();
                Membership other = Membership.ofVoters(voters.subList(0, Math.max(1, voters.size() - 1)));
                return super.take(index, term, new MembershipAt(membership.index(), other), state);
            }
        };
    }
}
