package io.jangada.core.replication;

import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows about forwarded proposals of the term that it led last, and whether it can say of one that it was never taken.
 *
 * <p>Outlives the leader on purpose: a message that is delivered twice may be taken by the leader and its copy be declined by
 * the same node a moment later, when it leads no more. "Not taken" would then make the sender repeat a command that is in the log. Where this node cannot be
 * certain it says nothing, and the sender learns that the outcome is unknown.
 */
public final class ForwardLedger {
    private long term;
    private @Nullable ForwardWindow window;

    /** For a node that starts in this term: what it took in it before, it has forgotten. */
    public ForwardLedger(long startTerm) {
        this.term = startTerm;
    }

    /** This node leads a new term. */
    public void begin(long leaderTerm) {
        term = leaderTerm;
        window = new ForwardWindow();
    }

    /** Whether this request of the term that this node leads is seen for the first time; notes it. */
    public boolean firstTime(ForwardRequest request) {
        return firstTime(request, request.requestId());
    }

    /** Whether this request of the term that this node leads is seen for the first time; notes it. */
    public boolean firstTime(ChangeRequest request) {
        return firstTime(request, request.requestId());
    }

    private boolean firstTime(Message request, long requestId) {
        return window != null && request.term() == term && window.firstTime(request.from(), requestId);
    }

    /** Whether this node has certainly never taken this request; it never will. */
    public boolean neverTaken(ForwardRequest request) {
        return request.term() > term || firstTime(request);
    }

    /** Whether this node has certainly never taken this request; it never will. */
    public boolean neverTaken(ChangeRequest request) {
        return request.term() > term || firstTime(request);
    }
}
