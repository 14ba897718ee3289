package io.jangada.session;

import java.io.IOException;
import java.io.Serial;

/** Bytes that are no session command, or no table of sessions; the message says what is wrong with them. */
public final class SessionFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public SessionFormatException(String message) {
        super(message);
    }
}
