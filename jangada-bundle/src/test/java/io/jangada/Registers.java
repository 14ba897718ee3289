package io.jangada;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// docs/embedding.md shows what stands between these marks. [state machine
/** Named texts in memory. A command is "name=text"; its result is the text that was there before, or "". */
final class Registers implements StateMachine<String> {
    private final TreeMap<String, String> texts = new TreeMap<>();

    @Override
    public String apply(long index, long term, byte[] command) {
        String[] parts = new String(command, StandardCharsets.UTF_8).split("=", 2);
        if (parts.length < 2) {
            return "not a command"; // The same answer on every node; an exception would stop them all.
        }
        String before = texts.put(parts[0], parts[1]);
        return before == null ? "" : before;
    }

    /** For queries: called on the thread that applies, so it sees no half of anything. */
    @Nullable
    String text(String name) {
        return texts.get(name);
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        // Quick, for commands wait: here a copy. A store on disk would open a snapshot of its own.
        return Optional.of(new Copy(new TreeMap<>(texts)));
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        DataInputStream in = new DataInputStream(state);
        texts.clear();
        for (int left = in.readInt(); left > 0; left--) {
            texts.put(in.readUTF(), in.readUTF());
        }
    }

    private record Copy(Map<String, String> texts) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(texts.size());
            for (Map.Entry<String, String> each : texts.entrySet()) {
                data.writeUTF(each.getKey());
                data.writeUTF(each.getValue());
            }
            data.flush();
        }

        @Override
        public void close() {}
    }
}
// state machine]
