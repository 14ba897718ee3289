package io.jangada.api.error;

/** The command is larger than the configured limit. Nothing has happened; retrying the same command cannot help. */
public final class CommandTooLargeException extends RaftException {
    private static final long serialVersionUID = 1L;

    public CommandTooLargeException(String message) {
        super(message, true);
    }
}
