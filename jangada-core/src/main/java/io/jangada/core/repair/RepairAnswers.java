package io.jangada.core.repair;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.log.RaftLog;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node has for another that lacks entries, whatever either of them is at the moment.
 *
 * <p>It answers with entries only if it has the one that follows the gap, or a later one of the same piece, with that very term: then both logs are the same up to there (Log Matching, §5.3), and what it
 * has is what is missing, also if neither of them is committed. Its own log may be damaged too: then it answers with what is contiguous.
 */
public final class RepairAnswers {
    private final RaftConfig config;
    private final RaftLog log;
    /** For whom entries are being read from the disk: one question of each. */
    private final Set<NodeId> reading = new HashSet<>();

    public RepairAnswers(RaftConfig config, RaftLog log) {
        this.config = config;
        this.log = log;
    }

    /** The answer to a question, empty entries for "not here"; nothing if the disk has to be asked first, or is being asked by the same node already. */
    public Optional<List<Entry>> answer(RepairRequest request, Effects out) {
        long to = sharedTo(request);
        if (to < request.fromIndex()) {
            return Optional.of(List.of());
        }
        int maxBytes = config.limits().maxAppendBytes();
        List<Entry> entries = log.slice(request.fromIndex(), to, maxBytes);
        if (!entries.isEmpty()) {
            return Optional.of(entries);
        }
        if (reading.add(request.from())) {
            out.readForRepair(new Effects.RepairRead(request, to, maxBytes));
        }
        return Optional.empty();
    }

    /** The last entry that this node has in common with the asker, before the gap's end and without a gap of its own; 0 if it cannot know of any. */
    private long sharedTo(RepairRequest request) {
        boolean sameHistory = log.has(request.successor()) || log.has(request.end());
        return sameHistory
                ? Math.min(
                        log.lastWithoutGap(request.fromIndex()),
                        request.successor().index() - 1)
                : 0;
    }

    /** What the disk had: those that are still here, since the log may have been cut meanwhile. */
    public List<Entry> answer(Event.ReadForRepair read) {
        RepairRequest request = read.request().request();
        reading.remove(request.from());
        List<Entry> entries = read.entries();
        long index = request.fromIndex();
        for (Entry entry : entries) {
            if (entry.index() != index++ || !log.has(new LogPosition(entry.index(), entry.term()))) {
                return List.of();
            }
        }
        return index - 1 <= sharedTo(request) ? entries : List.of();
    }
}
