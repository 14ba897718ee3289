package io.jangada.testkit.lab;

import java.io.Serial;

/** A scenario has found something that must not be. The message says what was expected and what was there. */
public final class LabFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public LabFailure(String message) {
        super(message);
    }
}
