package io.jangada.testkit.lab.kv;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.core.RaftStatus;
import io.jangada.session.SessionReply;
import io.jangada.testkit.lab.ApplyMsg;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.LabState;
import io.jangada.testkit.lab.LabTime;
import io.jangada.testkit.lab.Persister;
import io.jangada.testkit.lab.Rpc;
import io.jangada.testkit.lab.Start;
import io.jangada.testkit.sim.SimRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The key-value service of one server: hands each request of a client to Raft as a command, gets included, and answers when the command is applied.
 *
 * <p>Before each command stands a tag that no other command has: what is applied at the place that was promised may be somebody else's, and two clients that open a session in the
 * same millisecond send the same bytes.
 */
final class KvServer implements LabService {
    /** The value of {@link Rules#maxRaftState} that means no snapshots. */
    static final int NO_SNAPSHOTS = -1;

    private static final int TAG_BYTES = Long.BYTES;
    /** What an entry costs in the log beside its command, about. */
    private static final int ENTRY_BYTES = 24;

    /**
     * What a server is told about the lab.
     *
     * @param maxRaftState the size in bytes at which Raft's saved state should be made smaller by a snapshot, or {@link #NO_SNAPSHOTS}
     */
    record Rules(LabTime time, int maxRaftState) {}

    private final Rules rules;
    private final StateMachine<SessionReply<String>> machine;
    private final SimRandom tags;
    private final Waiting waiting;
    private volatile @Nullable LabRaft raft;
    private long lastApplied;
    /** How much Raft's saved state has grown since it was looked at, or made smaller: looking at each command would cost more than the command. */
    private long grownBytes;

    /** {@code machine} is as new; it is restored from what the server has saved. */
    KvServer(Rules rules, StateMachine<SessionReply<String>> machine, SimRandom tags, Persister persister) {
        this.rules = rules;
        this.machine = machine;
        this.tags = tags;
        byte[] saved = persister.readSnapshot();
        if (saved.length > 0) {
            restore(persister.snapshotIndex(), saved);
        }
        this.waiting = new Waiting(lastApplied);
    }

    @Override
    public void attached(LabRaft attached) {
        raft = attached;
        attached.onStatusChange(status -> {
            RaftStatus present = status.raft();
            waiting.leadership(present.term(), present.leads());
        });
    }

    @Override
    public void handle(Rpc request, Consumer<Rpc> reply) {
        LabRaft present = raft;
        if (present == null) {
            reply.accept(KvReply.encode(new KvReply.WrongLeader()));
            return;
        }
        long tag = nextTag();
        byte[] command = ByteBuffer.allocate(TAG_BYTES + request.bytes().length)
                .putLong(tag)
                .put(request.bytes())
                .array();
        waiting.coming();
        var unused = present.startLater(command)
                .thenAccept(start -> started(present, start, tag, answer -> reply.accept(KvReply.encode(answer))))
                .whenComplete((nothing, thrown) -> {
                    if (thrown != null) {
                        rules.time().fail(thrown);
                    }
                });
    }

    private synchronized long nextTag() {
        return tags.next();
    }

    private void started(LabRaft present, Start start, long tag, Consumer<KvReply> answer) {
        if (!start.isLeader()) {
            waiting.notComing();
            answer.accept(new KvReply.WrongLeader());
            return;
        }
        waiting.add(new Waiting.Client(start.index(), start.term(), tag, answer));
        // The leadership may have ended before anybody waited.
        LabState state = present.getState();
        waiting.leadership(state.term(), state.isLeader());
    }

    @Override
    public void accept(ApplyMsg message) {
        if (message.snapshotValid()) {
            restore(message.snapshotIndex(), message.snapshot());
            waiting.covered(lastApplied);
        } else {
            apply(message.commandIndex(), message.command());
        }
    }

    private void apply(long index, byte[] tagged) {
        if (index != lastApplied + 1) {
            throw new LabFailure("a server was told command " + index + " after " + lastApplied);
        }
        lastApplied = index;
        long tag = ByteBuffer.wrap(tagged).getLong();
        SessionReply<String> reply = machine.apply(index, 0, Arrays.copyOfRange(tagged, TAG_BYTES, tagged.length));
        machine.batchApplied(index);
        waiting.applied(index, tag, KvReply.of(reply));
        grownBytes += tagged.length + ENTRY_BYTES;
        snapshotIfLarge();
    }

    private void snapshotIfLarge() {
        LabRaft present = raft;
        int enough = rules.maxRaftState() / 4 * 3;
        if (rules.maxRaftState() == NO_SNAPSHOTS || grownBytes < enough || present == null) {
            return;
        }
        int saved = present.persistBytes();
        if (saved < enough) {
            grownBytes = saved;
        } else {
            grownBytes = 0;
            present.snapshot(lastApplied, snapshot());
        }
    }

    private byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Optional<StateSnapshot> held = machine.snapshot();
        try (StateSnapshot snapshot = held.orElseThrow()) {
            snapshot.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private void restore(long index, byte[] snapshot) {
        if (index <= lastApplied) {
            throw new LabFailure("a server was told a snapshot up to command " + index + " after " + lastApplied);
        }
        try {
            machine.restore(index, 0, new ByteArrayInputStream(snapshot));
        } catch (IOException e) {
            throw new UncheckedIOException("the snapshot up to command " + index + " cannot be read", e);
        }
        lastApplied = index;
        grownBytes = 0;
    }
}
