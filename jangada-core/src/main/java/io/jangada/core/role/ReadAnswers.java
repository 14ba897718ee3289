package io.jangada.core.role;

import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.read.ReadQueue;
import io.jangada.core.step.Refusal;
import java.util.List;

/** What a leader tells those who wait to read: clients of this node, and other nodes that have asked for theirs. */
final class ReadAnswers {
    private final Context context;

    ReadAnswers(Context context) {
        this.context = context;
    }

    /** A majority has confirmed that this node leads: they may read. */
    void confirm(List<ReadQueue.Confirmed> reads) {
        for (ReadQueue.Confirmed confirmed : reads) {
            ReadQueue.Waiting read = confirmed.read();
            if (read.node().equals(context.self())) {
                context.out().readReady(read.requestId(), confirmed.readIndex());
            } else {
                answer(read, true, confirmed.readIndex());
            }
        }
    }

    /** This node does not lead any more: they must ask another one. */
    void abandon(List<ReadQueue.Waiting> reads) {
        for (ReadQueue.Waiting read : reads) {
            if (read.node().equals(context.self())) {
                context.out().refuse(read.requestId(), Refusal.NOT_LEADER, NodeId.NONE);
            } else {
                answer(read, false, 0);
            }
        }
    }

    private void answer(ReadQueue.Waiting read, boolean confirmed, long readIndex) {
        context.promiseTerm(new ReadIndexResponse(
                context.self(), read.node(), context.term(), read.requestId(), confirmed, readIndex));
    }
}
