package io.jangada.core.replication;

import io.jangada.core.message.ForwardRequest;
import io.jangada.core.model.NodeId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which forwarded proposals a leader has taken in its term, so that a message delivered twice is not carried out twice.
 *
 * <p>Request ids name the sender's run in their upper half and count upwards in their lower half. A window of the newest {@value #SIZE} ids of
 * each run is remembered; what is older than that is not taken, and its sender learns nothing, which it treats as an unknown outcome.
 */
public final class ForwardWindow {
    private static final int SIZE = 1 << 16;
    private static final int MAX_RUNS = 64;

    private record Run(NodeId node, int number) {}

    private static final class Seen {
        final BitSet ids = new BitSet(SIZE);
        long highest = -1;
    }

    private final Map<Run, Seen> runs = new HashMap<>();

    /** Whether this request is seen for the first time; notes it. */
    public boolean firstTime(ForwardRequest request) {
        Run run = new Run(request.from(), (int) (request.requestId() >>> 32));
        Seen seen = runs.get(run);
        if (seen == null) {
            if (runs.size() >= MAX_RUNS) {
                return false;
            }
            seen = new Seen();
            runs.put(run, seen);
        }
        return note(seen, request.requestId() & 0xffff_ffffL);
    }

    private static boolean note(Seen seen, long id) {
        if (id <= seen.highest - SIZE) {
            return false;
        }
        if (id - seen.highest >= SIZE) {
            seen.ids.clear();
        } else {
            for (long passed = seen.highest + 1; passed <= id; passed++) {
                seen.ids.clear((int) (passed % SIZE));
            }
        }
        int slot = (int) (id % SIZE);
        if (id <= seen.highest && seen.ids.get(slot)) {
            return false;
        }
        seen.highest = Math.max(seen.highest, id);
        seen.ids.set(slot);
        return true;
    }
}
