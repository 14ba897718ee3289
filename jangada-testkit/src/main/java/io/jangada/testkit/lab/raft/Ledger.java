package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.LabFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each server has applied, and the rules that hold at every moment (lab facts, 3.3): the same command at the same index everywhere and for ever, and no gap. Any thread.
 *
 * <p>What was ever applied anywhere outlives every crash here, which is stricter than the course. What a server has applied counts until it is started again: then it must
 * apply or restore everything anew.
 */
final class Ledger {
    private final Map<Long, Command> everywhere = new HashMap<>();
    private final List<Applied> present = new ArrayList<>();
    private long highest;

    Ledger(int servers) {
        for (int server = 0; server < servers; server++) {
            present.add(new Applied(server));
        }
    }

    /** A server starts, with nothing applied. What its life before may still tell is checked, but counts no more. */
    synchronized Applied begin(int server) {
        Applied life = new Applied(server);
        present.set(server, life);
        return life;
    }

    /** What one server has applied from one start to the next. */
    final class Applied {
        private final int server;
        private final Map<Long, Command> commands = new HashMap<>();

        private Applied(int server) {
            this.server = server;
        }

        /** The server has applied a command; it must have applied, or restored, the one before. */
        void command(long index, Command command) {
            synchronized (Ledger.this) {
                requireSame(server, index, command);
                if (index > 1 && !commands.containsKey(index - 1)) {
                    throw new LabFailure(
                            "server " + server + " applied index " + index + " without index " + (index - 1));
                }
                commands.put(index, command);
                highest = Math.max(highest, index);
            }
        }

        /** What the server has applied is this list now, from index 1. */
        void replacedBy(List<Command> restored) {
            synchronized (Ledger.this) {
                commands.clear();
                for (Command command : restored) {
                    command(commands.size() + 1L, command);
                }
            }
        }

        /** What the server has applied, from index 1 to this one. */
        List<Command> upTo(long index) {
            synchronized (Ledger.this) {
                List<Command> all = new ArrayList<>();
                for (long i = 1; i <= index; i++) {
                    Command command = commands.get(i);
                    if (command == null) {
                        throw new LabFailure("server " + server + " is to make a snapshot up to index " + index
                                + ", but has no command at index " + i);
                    }
                    all.add(command);
                }
                return all;
            }
        }

        private boolean has(long index) {
            return commands.containsKey(index);
        }
    }

    private void requireSame(int server, long index, Command command) {
        Command before = everywhere.putIfAbsent(index, command);
        if (before != null && !before.equals(command)) {
            throw new LabFailure("server " + server + " applied " + command + " at index " + index + ", where " + before
                    + " was applied before");
        }
    }

    /** How many servers have applied a command at this index, and which. */
    synchronized Committed committed(long index) {
        int servers = 0;
        for (Applied life : present) {
            servers += life.has(index) ? 1 : 0;
        }
        return new Committed(servers, Optional.ofNullable(everywhere.get(index)));
    }

    record Committed(int servers, Optional<Command> command) {}

    /** The highest index that anybody has applied. */
    synchronized long highest() {
        return highest;
    }
}
