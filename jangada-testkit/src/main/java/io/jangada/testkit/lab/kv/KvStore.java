package io.jangada.testkit.lab.kv;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.testkit.history.RegisterModel.Append;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The texts of the labs by their keys. Executes whatever it is given, as often as it is given: that it is given once is the session layer's part. The result of a get is the text, empty for
 * a key that is not there; that of a change is empty. One thread.
 */
final class KvStore implements StateMachine<String> {
    private static final String DONE = "";

    private final TreeMap<String, String> texts = new TreeMap<>();

    @Override
    public String apply(long index, long term, byte[] command) {
        Op operation = KvOperation.decode(command);
        if (operation instanceof Get get) {
            return texts.getOrDefault(get.key(), "");
        }
        if (operation instanceof Put put) {
            texts.put(put.key(), put.value());
        } else if (operation instanceof Append append) {
            texts.merge(append.key(), append.value(), String::concat);
        }
        return DONE;
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        return Optional.of(new Copy(new TreeMap<>(texts)));
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        DataInputStream source = new DataInputStream(state);
        texts.clear();
        for (int left = source.readInt(); left > 0; left--) {
            String key = readText(source);
            texts.put(key, readText(source));
        }
    }

    private static String readText(DataInputStream source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeText(DataOutputStream target, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    private record Copy(TreeMap<String, String> texts) implements StateSnapshot {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            DataOutputStream target = new DataOutputStream(out);
            target.writeInt(texts.size());
            for (Map.Entry<String, String> each : texts.entrySet()) {
                writeText(target, each.getKey());
                writeText(target, each.getValue());
            }
            target.flush();
        }

        @Override
        public void close() {
            // The texts do not change, and nothing else was held.
        }
    }
}
