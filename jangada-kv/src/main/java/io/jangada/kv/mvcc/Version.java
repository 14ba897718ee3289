package io.jangada.kv.mvcc;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.KeyValue;
import java.util.Arrays;

/**
 * The stored form of one version of a key: create revision, mod revision, version, lease (8 bytes each, the most significant first), the value.
 * A present version and a replaced one look the same, so that replacing a version moves its bytes unread.
 */
final class Version {
    private static final int CREATE = 0;
    private static final int MOD = 8;
    private static final int VERSION = 16;
    private static final int LEASE = 24;
    private static final int VALUE = 32;

    private Version() {}

    static byte[] encode(KeyValue kv) {
        byte[] value = kv.value().array();
        byte[] out = new byte[VALUE + value.length];
        Keys.putLong(out, CREATE, kv.createRevision());
        Keys.putLong(out, MOD, kv.modRevision());
        Keys.putLong(out, VERSION, kv.version());
        Keys.putLong(out, LEASE, kv.lease());
        System.arraycopy(value, 0, out, VALUE, value.length);
        return out;
    }

    static long create(byte[] record) {
        return Keys.getLong(record, CREATE);
    }

    static long mod(byte[] record) {
        return Keys.getLong(record, MOD);
    }

    static long version(byte[] record) {
        return Keys.getLong(record, VERSION);
    }

    static long lease(byte[] record) {
        return Keys.getLong(record, LEASE);
    }

    static Bytes value(byte[] record) {
        return Bytes.wrap(Arrays.copyOfRange(record, VALUE, record.length));
    }

    static KeyValue decode(Bytes key, byte[] record) {
        return new KeyValue(key, create(record), mod(record), version(record), value(record), lease(record));
    }

    static KeyValue decodeWithoutValue(Bytes key, byte[] record) {
        return new KeyValue(key, create(record), mod(record), version(record), Bytes.EMPTY, lease(record));
    }
}
