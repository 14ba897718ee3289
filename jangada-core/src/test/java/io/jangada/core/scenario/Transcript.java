package io.jangada.core.scenario;

import java.util.ArrayList;
import java.util.List;

/** What one command made happen, line by line, in the detail that the command asked for. */
final class Transcript {

    /** How much is written down. */
    enum Detail {
        /** Messages, disks, changes, answers. */
        ALL,
        /** Changes of roles, commit, memberships and what clients are told; no messages, no disks. */
        CHANGES,
        /** Only what a command shows on request. */
        NOTHING
    }

    private final List<String> lines = new ArrayList<>();
    private Detail detail = Detail.ALL;

    void begin(Detail wanted) {
        lines.clear();
        detail = wanted;
    }

    void traffic(String line) {
        if (detail == Detail.ALL) {
            lines.add(line);
        }
    }

    void change(String line) {
        if (detail != Detail.NOTHING) {
            lines.add(line);
        }
    }

    void answer(String line) {
        lines.add(line);
    }

    int size() {
        return lines.size();
    }

    /** Puts a line before what has happened since the transcript had this size, if anything has. */
    void headline(int at, String line) {
        if (lines.size() > at) {
            lines.add(at, line);
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
