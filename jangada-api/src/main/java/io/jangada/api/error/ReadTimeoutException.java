package io.jangada.api.error;

/** No majority confirmed the read in time. Reads change nothing; retry. */
public final class ReadTimeoutException extends RaftException {
    private static final long serialVersionUID = 1L;

    public ReadTimeoutException(String message) {
        super(message, true);
    }
}
