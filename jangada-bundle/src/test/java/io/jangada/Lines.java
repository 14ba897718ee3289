package io.jangada;

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

/** Lines of text in memory. A command appends one, so one that takes effect twice is seen; its result is the number of the line. */
final class Lines implements StateMachine<String> {
    private final List<String> lines = new ArrayList<>();

    @Override
    public String apply(long index, long term, byte[] command) {
        lines.add(new String(command, StandardCharsets.UTF_8));
        return Integer.toString(lines.size());
    }

    List<String> all() {
        return List.copyOf(lines);
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        return Optional.of(new Copy(all()));
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        DataInputStream in = new DataInputStream(state);
        lines.clear();
        for (int left = in.readInt(); left > 0; left--) {
            lines.add(in.readUTF());
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
