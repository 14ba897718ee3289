package io.jangada.storage;

import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Promised;
import java.nio.ByteBuffer;

/** The encoding of what a node may have acknowledged beyond its log: index and term of what is certain, index and term of what is possible. */
final class PromisedBytes {
    static final int LENGTH = 32;

    private PromisedBytes() {}

    static void encode(Promised promised, ByteBuffer target, int at) {
        target.putLong(at, promised.certain().index())
                .putLong(at + 8, promised.certain().term());
        target.putLong(at + 16, promised.possible().index())
                .putLong(at + 24, promised.possible().term());
    }

    static Promised decode(ByteBuffer source, int at) {
        return new Promised(
                new LogPosition(source.getLong(at), source.getLong(at + 8)),
                new LogPosition(source.getLong(at + 16), source.getLong(at + 24)));
    }

    static boolean isPossible(ByteBuffer source, int at) {
        for (int field = 0; field < LENGTH; field += Long.BYTES) {
            if (source.getLong(at + field) < 0) {
                return false;
            }
        }
        LogPosition certain = new LogPosition(source.getLong(at), source.getLong(at + 8));
        return !certain.isAfter(new LogPosition(source.getLong(at + 16), source.getLong(at + 24)));
    }
}
