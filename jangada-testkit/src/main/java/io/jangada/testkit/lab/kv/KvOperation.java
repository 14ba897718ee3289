package io.jangada.testkit.lab.kv;

import io.jangada.testkit.history.RegisterModel.Append;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of what a client asks of a key, as they stand in the log: one for the kind, four for the length of the key, the key, the value. Stateless; any thread.
 */
final class KvOperation {
    private static final byte GET = 'g';
    private static final byte PUT = 'p';
    private static final byte APPEND = 'a';

    private KvOperation() {}

    static byte[] encode(Op operation) {
        if (operation instanceof Put put) {
            return encode(PUT, put.key(), put.value());
        }
        if (operation instanceof Append append) {
            return encode(APPEND, append.key(), append.value());
        }
        if (operation instanceof Get get) {
            return encode(GET, get.key(), "");
        }
        throw new IllegalArgumentException("no operation of the key-value labs: " + operation);
    }

    private static byte[] encode(byte kind, String key, String value) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + keyBytes.length + valueBytes.length)
                .put(kind)
                .putInt(keyBytes.length)
                .put(keyBytes)
                .put(valueBytes)
                .array();
    }

    static Op decode(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        byte kind = source.get();
        String key = text(source, source.getInt());
        String value = text(source, source.remaining());
        return switch (kind) {
            case GET -> new Get(key);
            case PUT -> new Put(key, value);
            case APPEND -> new Append(key, value);
            default -> throw new IllegalArgumentException("no operation of the key-value labs is of kind " + kind);
        };
    }

    private static String text(ByteBuffer source, int length) {
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
