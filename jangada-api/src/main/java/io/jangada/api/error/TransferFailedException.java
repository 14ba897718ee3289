package io.jangada.api.error;

import io.jangada.core.step.TransferOutcome;
import java.io.Serial;

/** Leadership was not handed over; the leader leads on. Asking again is safe. */
public final class TransferFailedException extends RaftException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final TransferOutcome outcome;

    public TransferFailedException(TransferOutcome outcome) {
        super(outcome.advice(), true);
        this.outcome = outcome;
    }

    public TransferOutcome outcome() {
        return outcome;
    }
}
