package io.jangada.session;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A state machine that writes down every command it executes, so that one executed twice stands there twice; its result is the place. */
final class Journal implements StateMachine<String> {
    private final List<String> lines = new ArrayList<>();

    static byte[] line(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String apply(long index, long term, byte[] command) {
        lines.add(new String(command, StandardCharsets.UTF_8));
        return lines.get(lines.size() - 1) + "#" + lines.size();
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        return Optional.of(new Copy(lines()));
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        DataInputStream in = new DataInputStream(state);
        lines.clear();
        for (int left = in.readInt(); left > 0; left--) {
            lines.add(in.readUTF());
        }
        if (in.read() != -1) {
            throw new IOException("bytes behind the journal");
        }
    }

    private record Copy(List<String> lines) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(lines.size());
            for (String line : lines) {
                data.writeUTF(line);
            }
            data.flush();
        }

        @Override
        public void close() {}
    }
}
