package io.jangada.core.scenario;

import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A state machine that remembers every command, and what a node knows of the entries that it has applied. */
final class AppliedState {
    private final List<String> commands = new ArrayList<>();
    private long index;
    private long term;
    private MembershipAt membership;

    AppliedState(MembershipAt membership) {
        this.membership = membership;
    }

    void apply(Entry entry) {
        if (entry.index() != index + 1) {
            throw new AssertionError("entry " + entry + " is applied after " + index);
        }
        index = entry.index();
        term = entry.term();
        if (entry.type() == EntryType.COMMAND) {
            commands.add(new String(entry.payload(), StandardCharsets.UTF_8));
        } else if (entry.type() == EntryType.MEMBERSHIP) {
            membership = new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload()));
        }
    }

    void restore(Shelf.Snapshot snapshot) {
        commands.clear();
        String content = new String(snapshot.content(), StandardCharsets.UTF_8);
        for (String command : content.split("\n", -1)) {
            if (!command.isEmpty()) {
                commands.add(command);
            }
        }
        index = snapshot.meta().index();
        term = snapshot.meta().term();
        membership = snapshot.meta().membership();
    }

    byte[] content() {
        return String.join("\n", commands).getBytes(StandardCharsets.UTF_8);
    }

    long index() {
        return index;
    }

    long term() {
        return term;
    }

    MembershipAt membership() {
        return membership;
    }

    List<String> commands() {
        return List.copyOf(commands);
    }
}
