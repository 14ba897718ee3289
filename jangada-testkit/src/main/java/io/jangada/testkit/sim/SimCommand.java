package io.jangada.testkit.sim;

import java.nio.ByteBuffer;

/** A command of the simulated clients: set a key to a serial number that nobody else uses, with some ballast. */
record SimCommand(int key, long serial, int ballastBytes) {
    private static final int HEAD_BYTES = 12;

    byte[] encode() {
        return ByteBuffer.allocate(HEAD_BYTES + ballastBytes)
                .putInt(key)
                .putLong(serial)
                .array();
    }

    static SimCommand decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new SimCommand(buffer.getInt(), buffer.getLong(), bytes.length - HEAD_BYTES);
    }

    static String keyName(int key) {
        return "k" + key;
    }

    static String valueName(long serial) {
        return "v" + serial;
    }
}
