package io.jangada.testkit.lab.raft;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A command of the scenarios: a number, or a text. */
sealed interface Command {
    record Count(long value) implements Command {
        @Override
        public byte[] bytes() {
            return ByteBuffer.allocate(1 + Long.BYTES)
                    .put((byte) 'n')
                    .putLong(value)
                    .array();
        }
    }

    record Text(String value) implements Command {
        @Override
        public byte[] bytes() {
            return ("t" + value).getBytes(StandardCharsets.UTF_8);
        }
    }

    byte[] bytes();

    static Command of(long value) {
        return new Count(value);
    }

    static Command of(byte[] bytes) {
        return bytes[0] == 'n'
                ? new Count(ByteBuffer.wrap(bytes).getLong(1))
                : new Text(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
    }
}
