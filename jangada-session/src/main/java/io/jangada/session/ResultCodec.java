package io.jangada.session;

import java.nio.charset.StandardCharsets;

/**
 * Turns the result of a command into bytes and back, so that it can be given again to a client that asks a second time.
 *
 * <p>Called by the thread that applies commands, so it must be as deterministic as the state machine: equal results give equal bytes on every node. An exception stops
 * the node.
 *
 * @param <R> the result of a command
 */
public interface ResultCodec<R> {

    /** Texts, as UTF-8. */
    ResultCodec<String> TEXT = new ResultCodec<>() {
        @Override
        public byte[] encode(String result) {
            return result.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    /** Bytes as they are. They are shared with the table, so they must not be changed any more. */
    ResultCodec<byte[]> BYTES = new ResultCodec<>() {
        @Override
        public byte[] encode(byte[] result) {
            return result;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    };

    /** The bytes of a result. They are kept as they are, so they must not be changed any more. */
    byte[] encode(R result);

    /** The result that {@link #encode} turned into these bytes, perhaps on another node or by an older version of this program. */
    R decode(byte[] bytes);
}
