package io.jangada.api.error;

import io.jangada.core.model.ChangeRefusal;
import java.io.Serial;

/** A membership change was not taken. Nothing has happened, but with {@link ChangeRefusal#CATCH_UP_FAILED}; {@link #reason} says what to do. */
public final class ChangeRefusedException extends RaftException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ChangeRefusal reason;

    public ChangeRefusedException(ChangeRefusal reason) {
        super(reason.advice(), true);
        this.reason = reason;
    }

    public ChangeRefusal reason() {
        return reason;
    }
}
