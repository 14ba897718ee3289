package io.jangada.testkit.lab;

import java.io.Serial;

/** Thrown out of whatever a thread of a lab waits for, when the lab is over. Not to be caught. */
public final class LabEnded extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    LabEnded() {
        super("the lab is over", null, false, false);
    }
}
