package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Engine;
import io.jangada.kv.engine.EngineException;
import io.jangada.kv.engine.Snapshot;
import java.io.IOException;

/**
 * Where the store stands; written in the same batch as the data it describes.
 *
 * @param appliedIndex the last log entry whose effects are in the data
 * @param appliedTerm the term of the last command among them
 * @param revision the number of the last change; 1 in an empty store
 * @param compactRevision reads before it are refused; −1 before the first compaction, so that, as in etcd, compacting at 0 works once
 */
public record Meta(long appliedIndex, long appliedTerm, long revision, long compactRevision) {
    static final Meta EMPTY = new Meta(0, 0, 1, -1);

    /** The version of the format that this code writes, and the newest that it reads. */
    static final int FORMAT_VERSION = 1;

    private static final byte[] MAGIC = {'J', 'K', 'V', 0};
    static final int BYTES = 32;

    Meta applied(long index) {
        return new Meta(index, appliedTerm, revision, compactRevision);
    }

    byte[] encode() {
        byte[] out = new byte[BYTES];
        Keys.putLong(out, 0, appliedIndex);
        Keys.putLong(out, 8, appliedTerm);
        Keys.putLong(out, 16, revision);
        Keys.putLong(out, 24, compactRevision);
        return out;
    }

    static byte[] encodeFormat() {
        byte[] out = new byte[MAGIC.length + 4];
        System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
        Keys.putInt(out, MAGIC.length, FORMAT_VERSION);
        return out;
    }

    /** Reads where the store in this engine stands; {@link #EMPTY} if nothing has ever been written. Refuses what this version cannot read. */
    static Meta load(Engine engine) {
        try (Snapshot snapshot = engine.snapshot()) {
            byte[] format = snapshot.get(Keys.FORMAT);
            if (format == null) {
                requireEmpty(engine, snapshot);
                return EMPTY;
            }
            checkFormat(engine, format);
            byte[] meta = snapshot.get(Keys.META);
            if (meta == null || meta.length != BYTES) {
                throw new EngineException(
                        "the key-value store in " + engine.place() + " has no readable record of its applied"
                                + " index: it is damaged; move it away, and the node builds it anew from its log or from its peers");
            }
            return decode(meta);
        }
    }

    /** Whether these files stand just here. */
    public boolean isThatOf(Engine.Capture files) throws IOException {
        byte[] meta = files.get(Keys.META);
        return meta != null && meta.length == BYTES && decode(meta).equals(this);
    }

    /** The engine, made of the files of a snapshot, stands at this index from now on; throws if it is of a later one, or holds something else. */
    public static void take(Engine engine, long index) throws IOException {
        Meta meta = load(engine);
        if (meta.equals(EMPTY) || meta.appliedIndex() > index) {
            throw new IOException("these are not the files of a key-value store of entry " + index
                    + ", or damaged ones: they stand at entry " + meta.appliedIndex());
        }
        if (meta.appliedIndex() < index) {
            Batch batch = new Batch();
            batch.put(Keys.META, meta.applied(index).encode());
            engine.write(batch);
        }
    }

    static Meta decode(byte[] meta) {
        return new Meta(Keys.getLong(meta, 0), Keys.getLong(meta, 8), Keys.getLong(meta, 16), Keys.getLong(meta, 24));
    }

    private static void requireEmpty(Engine engine, Snapshot snapshot) {
        try (var any = snapshot.scan(new byte[0], new byte[] {(byte) 0xFF, (byte) 0xFF})) {
            if (any.next()) {
                throw new EngineException(engine.place()
                        + " holds a database of another program: choose an empty folder for the key-value store");
            }
        }
    }

    private static void checkFormat(Engine engine, byte[] format) {
        boolean ours = format.length == MAGIC.length + 4;
        for (int i = 0; ours && i < MAGIC.length; i++) {
            ours = format[i] == MAGIC[i];
        }
        if (!ours) {
            throw new EngineException(engine.place()
                    + " holds a database of another program: choose an empty folder for the key-value store");
        }
        int version = Keys.getInt(format, MAGIC.length);
        if (version != FORMAT_VERSION) {
            throw new EngineException("the key-value store in " + engine.place() + " has format version " + version
                    + ", but this program reads only version " + FORMAT_VERSION
                    + ": start the newer program that wrote it");
        }
    }
}
