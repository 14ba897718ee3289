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
 * <p>The ledger of all that was ever applied outlives every crash, which is stricter than the course.
 */
final class Ledger {
    private final Map<Long, Command> everywhere = new HashMap<>();
    private final List<Map<Long, Command>> records = new ArrayList<>();
    private long highest;

    Ledger(int servers) {
        for (int i = 0; i < servers; i++) {
            records.add(new HashMap<>());
        }
    }

    /** A server has applied a command. {@code inOrder}: it must have applied, or restored, the one before. */
    synchronized void applied(int server, long index, Command command, boolean inOrder) {
        Command before = everywhere.putIfAbsent(index, command);
        if (before != null && !before.equals(command)) {
            throw new LabFailure("server " + server + " applied " + command + " at index " + index + ", where " + before
                    + " was applied before");
        }
        Map<Long, Command> mine = records.get(server);
        if (inOrder && index > 1 && !mine.containsKey(index - 1)) {
            throw new LabFailure("server " + server + " applied index " + index + " without index " + (index - 1));
        }
        mine.put(index, command);
        highest = Math.max(highest, index);
    }

    /** A server's record is this list now, from index 1. */
    synchronized void replaced(int server, List<Command> commands) {
        Map<Long, Command> mine = records.get(server);
        mine.clear();
        for (int i = 0; i < commands.size(); i++) {
            applied(server, i + 1L, commands.get(i), false);
        }
    }

    /** The commands that a server has, from index 1. */
    synchronized List<Command> upTo(int server, long index) {
        List<Command> all = new ArrayList<>();
        for (long i = 1; i <= index; i++) {
            Command command = records.get(server).get(i);
            if (command == null) {
                throw new LabFailure("server " + server + " is to make a snapshot up to index " + index
                        + ", but has no command at index " + i);
            }
            all.add(command);
        }
        return all;
    }

    /** How many servers have applied a command at this index, and which. */
    synchronized Committed committed(long index) {
        int count = 0;
        for (Map<Long, Command> record : records) {
            count += record.containsKey(index) ? 1 : 0;
        }
        return new Committed(count, Optional.ofNullable(everywhere.get(index)));
    }

    record Committed(int servers, Optional<Command> command) {}

    /** The highest index that anybody has applied. */
    synchronized long highest() {
        return highest;
    }
}
