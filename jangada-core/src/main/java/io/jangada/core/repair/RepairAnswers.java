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
 * <p>It answers only with what it shares with the asker for certain. One leader has made all entries of a term, each in one place, and both logs are its log up to the last entry of that term that they
 * have (Log Matching, §5.3). So an entry here of the same term as one that the asker has behind the gap, and not after that one, shows that everything before is the same in both, committed or not. Its own log
 * may be damaged too: then it answers with what is contiguous.
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
        long shared = Math.max(log.lastSharedWith(request.successor()), log.lastSharedWith(request.end()));
        long here = log.lastWithoutGap(request.fromIndex());
        boolean follows = !request.isForEnd() || followsPrevious(request);
        return follows ? Math.min(Math.min(shared, here), request.toIndex()) : 0;
    }

    /**
     * Whether what is here follows what the asker has left. Before a gap that is certain; what was the end of a log may have been cut on that node since, and replaced by a leader that never had it. It follows if
     * the entry before is here too, or is of the same term: one leader made both.
     */
    private boolean followsPrevious(RepairRequest request) {
        LogPosition previous = request.previous();
        return previous.index() == 0
                || log.has(previous)
                || log.has(new LogPosition(request.fromIndex(), previous.term()));
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
