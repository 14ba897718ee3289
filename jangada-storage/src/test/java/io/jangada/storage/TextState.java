package io.jangada.storage;

import io.jangada.api.StateSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A state that is a text. */
record TextState(String text) implements StateSnapshot {
    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
