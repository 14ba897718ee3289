package io.jangada.core.role;

import io.jangada.core.config.Limits;
import io.jangada.core.model.Entry;
import io.jangada.core.step.Refusal;
import org.jspecify.annotations.Nullable;

/** Whether a leader puts one more command into its log: as far as its limits and the room on its disk go. */
final class Intake {
    private final int maxCommandBytes;
    private final Room room;
    private final UncommittedBytes uncommitted;

    Intake(Limits limits, Room room) {
        this.maxCommandBytes = limits.maxCommandBytes();
        this.room = room;
        this.uncommitted = new UncommittedBytes(limits.maxUncommittedBytes());
    }

    /** Why this command is not taken now; null if it is. */
    @Nullable
    Refusal refusalOf(byte[] command) {
        if (command.length > maxCommandBytes) {
            return Refusal.TOO_LARGE;
        }
        if (!room.forCommands()) {
            return Refusal.NO_SPACE;
        }
        return uncommitted.hasRoom() ? null : Refusal.OVERLOADED;
    }

    void appended(Entry entry) {
        uncommitted.appended(entry);
    }

    /** What is committed, and on the own disk, counts no more. */
    void releaseTo(long index) {
        uncommitted.releaseTo(index);
    }
}
