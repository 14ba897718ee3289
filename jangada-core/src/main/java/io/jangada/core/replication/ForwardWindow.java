package io.jangada.core.replication;

import io.jangada.core.message.ForwardRequest;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which forwarded proposals a leader has taken in its term, so that a message delivered twice is not carried out twice.
 *
 * <p>Request ids name the sender's run in their upper half and count upwards in their lower half. A window of the newest {@value #SIZE} ids of
 * each of the latest {@value #RUNS_PER_NODE} runs of a node is remembered; what is older than that is not taken, and its sender learns nothing, which it treats as an unknown outcome.
 */
public final class ForwardWindow {
    private static final int SIZE = 1 << 16;
    private static final int RUNS_PER_NODE = 8;

    private record Run(NodeId node, int number) {}

    private static final class Seen {
        final BitSet ids = new BitSet(SIZE);
        long highest = -1;
    }

    private final Map<Run, Seen> runs = new LinkedHashMap<>();

    /** Whether this request is seen for the first time; notes it. */
    public boolean firstTime(ForwardRequest request) {
        return firstTime(request.from(), request.requestId());
    }

    /** Whether this request of this node is seen for the first time; notes it. */
    boolean firstTime(NodeId from, long requestId) {
        Run run = new Run(from, (int) (requestId >>> 32));
        Seen seen = runs.get(run);
        if (seen == null) {
            forgetOldestRunOf(from);
            seen = new Seen();
            runs.put(run, seen);
        }
        return note(seen, requestId & 0xffff_ffffL);
    }

    /** Makes room for a new run of this node: one that restarts again and again may go on forwarding, and pushes out nobody else. */
    private void forgetOldestRunOf(NodeId node) {
        List<Run> known = new ArrayList<>(runs.keySet());
        known.removeIf(run -> !run.node.equals(node));
        if (known.size() >= RUNS_PER_NODE) {
            runs.remove(known.get(0));
        }
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
