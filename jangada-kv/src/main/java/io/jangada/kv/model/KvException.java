package io.jangada.kv.model;

/** A request that breaks a rule of the store; found before anything happened. */
public final class KvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final KvError error;

    public KvException(KvError error) {
        super(error.text());
        this.error = error;
    }

    public KvError error() {
        return error;
    }
}
