package io.jangada.core.role;

import io.jangada.core.log.AppendCheck;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.SpaceLevel;

/**
 * What a node still takes, given the room on its disk (trap 46).
 *
 * <p>Who leads takes no commands while the reserve is touched, so that terms, votes, memberships and the snapshot that makes room again always fit. Who follows
 * goes on for longer, and then lets entries that hold commands pass as if they were lost on the way, which the protocol knows how to live with; it acknowledges none of them, and
 * has them sent again when there is room.
 */
final class Room {
    private final long pauseNanos;
    private SpaceLevel level = SpaceLevel.AMPLE;
    private boolean declined;
    private long declinedAtNanos;

    Room(long pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    void now(SpaceLevel present) {
        level = present;
        declined = declined && present == SpaceLevel.EXHAUSTED;
    }

    /** Whether this node, as a leader, takes commands. */
    boolean forCommands() {
        return level == SpaceLevel.AMPLE;
    }

    /** Whether this node, as a follower, keeps up with its leader. */
    boolean toFollow() {
        return level != SpaceLevel.EXHAUSTED;
    }

    /**
     * Whether what an append brings is left alone. After that, mere questions where the logs agree are left unanswered for a while: an answer would have the leader send all of
     * it again at once.
     */
    boolean leaves(AppendCheck check, long nowNanos) {
        if (toFollow()) {
            return false;
        }
        for (Entry entry : check.fresh()) {
            if (entry.type() == EntryType.COMMAND) {
                declined = true;
                declinedAtNanos = nowNanos;
                return true;
            }
        }
        return check.fresh().isEmpty() && declined && nowNanos - declinedAtNanos < pauseNanos;
    }
}
