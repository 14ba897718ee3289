package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Engine;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;

/** The reader of what {@link SnapshotWriter} writes, which it checks, and puts into an empty engine or only counts. Holds about a MiB at a time. */
public final class SnapshotReader {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int BATCH_BYTES = 1 << 20;
    /** More than any key or value can have; what claims more is no snapshot. */
    private static final int MAX_BYTES = 256 << 20;

    private final DataInputStream in;
    private final Consumer<Batch> target;
    private byte[] previous = {};
    private long records;
    private long keys;

    private SnapshotReader(InputStream source, Consumer<Batch> target) {
        this.in = new DataInputStream(new BufferedInputStream(source, BUFFER_BYTES));
        this.target = target;
    }

    /** What a state holds: where it stands, and how many keys have a value. */
    public record Contents(Meta meta, long keys) {}

    /**
     * Fills the engine with the state in the stream, which ends there.
     *
     * @param index the last entry whose effects are in it: from now on the applied index
     * @throws IOException if the stream fails, or is not such a state; the message says what is wrong
     */
    public static void read(InputStream source, long index, Engine engine) throws IOException {
        new SnapshotReader(source, engine::write).fill(index);
    }

    /** Reads the state in the stream to its end, as {@link #read} does, and keeps nothing of it. */
    public static Contents check(InputStream source) throws IOException {
        SnapshotReader reader = new SnapshotReader(source, batch -> {});
        Meta meta = reader.fill(Long.MAX_VALUE);
        return new Contents(meta, reader.keys);
    }

    private Meta fill(long index) throws IOException {
        try {
            Meta meta = start();
            if (meta.appliedIndex() > index) {
                throw damaged("it is said to end at entry " + index + " and holds what entry " + meta.appliedIndex()
                        + " did");
            }
            Batch first = new Batch();
            first.put(Keys.FORMAT, Meta.encodeFormat());
            first.put(Keys.META, meta.applied(index).encode());
            target.accept(first);
            records();
            return meta;
        } catch (EOFException e) {
            throw new IOException(
                    damaged("it is cut short after " + records + " records").getMessage(), e);
        }
    }

    private Meta start() throws IOException {
        byte[] magic = new byte[SnapshotWriter.MAGIC.length];
        in.readFully(magic);
        if (!Arrays.equals(magic, SnapshotWriter.MAGIC)) {
            throw damaged("it begins like something else");
        }
        int version = in.readInt();
        if (version != SnapshotWriter.FORMAT_VERSION) {
            throw new IOException("the snapshot of the key-value store has format version " + version
                    + ", but this program reads only version " + SnapshotWriter.FORMAT_VERSION
                    + ": start the newer program that wrote it");
        }
        byte[] meta = new byte[Meta.BYTES];
        in.readFully(meta);
        return Meta.decode(meta);
    }

    private void records() throws IOException {
        Batch batch = new Batch();
        int bytes = 0;
        while (true) {
            int shared = number();
            int rest = number();
            if (rest == 0) {
                break;
            }
            byte[] key = key(shared, rest);
            byte[] value = bytes(number());
            batch.put(key, value);
            bytes += key.length + value.length;
            previous = key;
            records++;
            keys += Keys.isCurrent(key) ? 1 : 0;
            if (bytes >= BATCH_BYTES) {
                target.accept(batch);
                batch = new Batch();
                bytes = 0;
            }
        }
        target.accept(batch);
        long expected = in.readLong();
        if (expected != records) {
            throw damaged("it holds " + records + " records and says " + expected);
        }
        if (in.read() >= 0) {
            throw damaged("something follows its end");
        }
    }

    private byte[] key(int shared, int rest) throws IOException {
        if (shared > previous.length) {
            throw damaged("record " + records + " shares more with the one before than that has");
        }
        byte[] end = bytes(rest);
        byte[] key = Arrays.copyOf(previous, shared + rest);
        System.arraycopy(end, 0, key, shared, rest);
        if (Arrays.compareUnsigned(previous, key) >= 0 || !Keys.isData(key)) {
            throw damaged("record " + records + " is out of order or in no known place");
        }
        return key;
    }

    private byte[] bytes(int count) throws IOException {
        if (count > MAX_BYTES) {
            throw damaged("record " + records + " claims " + count + " bytes");
        }
        byte[] out = in.readNBytes(count);
        if (out.length < count) {
            throw new EOFException("cut short");
        }
        return out;
    }

    private int number() throws IOException {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = in.readUnsignedByte();
            value |= (next & 0x7F) << shift;
            if (next < 0x80) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw damaged("record " + records + " has a length that is none");
    }

    private static IOException damaged(String why) {
        return new IOException("this is no snapshot of a key-value store, or a damaged one: " + why);
    }
}
