package io.jangada.api.spi;

import java.io.IOException;
import java.io.Serial;

/**
 * Bytes that are no encoding of an entry: cut short, or with a field that no version has written.
 *
 * <p>Thrown by {@link EntryCodec#decode}; the message names the field and its value. Trying again with the same bytes is useless.
 */
public final class EntryFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public EntryFormatException(String message) {
        super(message);
    }
}
