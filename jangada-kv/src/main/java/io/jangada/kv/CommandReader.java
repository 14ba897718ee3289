package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import java.util.Arrays;

/** Reads the pieces of which commands are made, and never beyond the end. */
final class CommandReader {
    private final byte[] command;
    private int at;

    CommandReader(byte[] command) {
        this.command = command;
    }

    int octet() {
        if (at >= command.length) {
            throw wrong("the command ends too early");
        }
        return command[at++] & 0xFF;
    }

    int flags(int known) {
        int flags = octet();
        if ((flags & ~known) != 0) {
            throw wrong("unknown flags " + flags);
        }
        return flags;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = octet();
            if (shift == 63 && next > 1) {
                throw wrong("a number of more than 64 bits");
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw wrong("a number of more than ten bytes");
    }

    /** A number of elements that each take at least one byte, so that no made-up number reserves memory. */
    int count() {
        long count = number();
        if (count < 0 || count > command.length - at) {
            throw wrong("a count of " + Long.toUnsignedString(count) + " where " + (command.length - at)
                    + " bytes are left");
        }
        return (int) count;
    }

    Bytes bytes() {
        int length = count();
        Bytes bytes = Bytes.wrap(Arrays.copyOfRange(command, at, at + length));
        at += length;
        return bytes;
    }

    void end() {
        if (at != command.length) {
            throw wrong((command.length - at) + " bytes follow the command");
        }
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " (byte " + at + " of " + command.length + ")");
    }
}
