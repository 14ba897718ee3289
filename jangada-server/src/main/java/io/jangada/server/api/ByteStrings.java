package io.jangada.server.api;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.kv.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Crosses between protobuf's strings of bytes and the store's, without copying where both sides hold one array. Neither side ever changes it. */
final class ByteStrings {

    private ByteStrings() {}

    static ByteString of(Bytes bytes) {
        return bytes.isEmpty() ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    static Bytes of(ByteString bytes) {
        if (bytes.isEmpty()) {
            return Bytes.EMPTY;
        }
        Taker taker = new Taker(bytes.size());
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, taker);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory cannot fail", e);
        }
        return Bytes.wrap(taker.array());
    }

    /** Takes over the array behind a string if the string is all of it, else collects a copy. */
    private static final class Taker extends ByteOutput {
        private final int size;
        private byte @Nullable [] array;
        private int filled;

        Taker(int size) {
            this.size = size;
        }

        @Override
        public void write(byte value) {
            room()[filled++] = value;
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            System.arraycopy(value, offset, room(), filled, length);
            filled += length;
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            if (filled == 0 && offset == 0 && length == value.length && length == size) {
                array = value;
                filled = length;
            } else {
                write(value, offset, length);
            }
        }

        @Override
        public void write(ByteBuffer value) {
            int length = value.remaining();
            value.get(room(), filled, length);
            filled += length;
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            write(value);
        }

        private byte[] room() {
            byte[] present = array;
            if (present == null) {
                present = new byte[size];
                array = present;
            }
            return present;
        }

        byte[] array() {
            return filled == size ? room() : Arrays.copyOf(room(), filled);
        }
    }
}
