package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.ApplyMsg;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.LabTime;
import io.jangada.testkit.lab.Persister;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service of the labs with snapshots: one after the 9th, 19th, 29th ... command, of all commands so far, so that it grows with the history. */
final class SnapshotService implements LabService {
    private static final int INTERVAL = 10;

    private final LabTime time;
    private final Ledger.Applied applied;
    private final int server;
    private @Nullable LabRaft raft;
    private long lastApplied;

    SnapshotService(LabTime time, Ledger ledger, int server, Persister persister) {
        this.time = time;
        this.applied = ledger.begin(server);
        this.server = server;
        byte[] saved = persister.readSnapshot();
        if (saved.length > 0) {
            restore(saved, persister.snapshotIndex());
        }
    }

    @Override
    public void attached(LabRaft attached) {
        raft = attached;
    }

    @Override
    public void accept(ApplyMsg message) {
        try {
            if (message.snapshotValid()) {
                restore(message.snapshot(), message.snapshotIndex());
            } else if (message.commandValid()) {
                apply(message.commandIndex(), Command.of(message.command()));
            }
        } catch (LabFailure e) {
            time.fail(e);
        }
    }

    /** The next command. */
    void apply(long index, Command command) {
        if (index != lastApplied + 1) {
            throw new LabFailure("server " + server + " was told index " + index + " after " + lastApplied);
        }
        applied.command(index, command);
        lastApplied = index;
        if ((index + 1) % INTERVAL == 0 && raft != null) {
            raft.snapshot(index, encode(index, applied.upTo(index)));
        }
    }

    /** A snapshot that takes the place of all that was told before, and must go beyond it. */
    void restore(byte[] snapshot, long index) {
        ByteBuffer source = ByteBuffer.wrap(snapshot);
        if (source.remaining() < Long.BYTES) {
            throw new LabFailure("server " + server + " was told a snapshot of " + snapshot.length + " bytes");
        }
        long inside = source.getLong();
        if (inside != index) {
            throw new LabFailure(
                    "server " + server + " was told that a snapshot up to " + inside + " goes up to " + index);
        }
        if (index <= lastApplied) {
            throw new LabFailure("server " + server + " was told a snapshot up to " + index + " after " + lastApplied);
        }
        List<Command> commands = decode(source);
        if (commands.size() != index) {
            throw new LabFailure("server " + server + " was told a snapshot up to " + index + " with " + commands.size()
                    + " commands");
        }
        applied.replacedBy(commands);
        lastApplied = index;
    }

    private List<Command> decode(ByteBuffer source) {
        try {
            List<Command> commands = new ArrayList<>();
            while (source.hasRemaining()) {
                byte[] command = new byte[source.getInt()];
                source.get(command);
                commands.add(Command.of(command));
            }
            return commands;
        } catch (BufferUnderflowException e) {
            throw new LabFailure("server " + server + " was told a snapshot that ends in the middle of a command");
        }
    }

    /** A snapshot of these commands, the last of which has this index. */
    static byte[] encode(long index, List<Command> commands) {
        int size = Long.BYTES;
        for (Command command : commands) {
            size += Integer.BYTES + command.bytes().length;
        }
        ByteBuffer target = ByteBuffer.allocate(size).putLong(index);
        for (Command command : commands) {
            byte[] bytes = command.bytes();
            target.putInt(bytes.length).put(bytes);
        }
        return target.array();
    }
}
