package io.jangada.core.log;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;

/** Logs for tests, by the terms of their entries. */
public final class RaftLogs {

    private RaftLogs() {}

    public static RaftLog of(List<Long> terms) {
        List<TermStart> runs = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            if (i == 0 || !terms.get(i).equals(terms.get(i - 1))) {
                runs.add(new TermStart(i + 1L, terms.get(i)));
            }
        }
        return new RaftLog(new Recovered(new LogState(HardState.INITIAL, 1, terms.size(), runs), 0), 1 << 20);
    }

    public static RaftLog of(long... terms) {
        List<Long> list = new ArrayList<>();
        for (long term : terms) {
            list.add(term);
        }
        return of(list);
    }
}
