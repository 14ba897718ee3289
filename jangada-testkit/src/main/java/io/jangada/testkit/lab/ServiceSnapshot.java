package io.jangada.testkit.lab;

import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a snapshot of a {@link LabRaft} holds: the service's own, and the commands that the service had been given since. Immutable.
 *
 * <p>The service says up to which command its snapshot goes, and has been given more by then; the node's snapshot is of the node's present.
 */
final class ServiceSnapshot {
    static final ServiceSnapshot NONE = new ServiceSnapshot(0, 0, new byte[0], List.of());

    private final long index;
    private final long term;
    private final byte[] bytes;
    private final List<Entry> tail;

    /**
     * @param index the number of the last command in the service's snapshot, 0 if it has made none
     * @param term the term of that command
     * @param bytes the service's snapshot
     * @param tail the commands after it; their indexes are their numbers
     */
    ServiceSnapshot(long index, long term, byte[] bytes, List<Entry> tail) {
        this.index = index;
        this.term = term;
        this.bytes = bytes;
        this.tail = List.copyOf(tail);
    }

    long index() {
        return index;
    }

    long term() {
        return term;
    }

    byte[] bytes() {
        return bytes;
    }

    List<Entry> tail() {
        return tail;
    }

    /** The number of the last command up to the node's present. */
    long lastCommand() {
        return index + tail.size();
    }

    ServiceSnapshot withTail(List<Entry> commands) {
        return new ServiceSnapshot(index, term, bytes, commands);
    }

    void writeTo(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(index);
        data.writeLong(term);
        write(data, bytes);
        data.writeInt(tail.size());
        for (Entry command : tail) {
            data.writeLong(command.term());
            write(data, command.payload());
        }
        data.flush();
    }

    private static void write(DataOutputStream data, byte[] bytes) throws IOException {
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    static ServiceSnapshot readFrom(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        long index = data.readLong();
        long term = data.readLong();
        byte[] bytes = read(data);
        int count = data.readInt();
        List<Entry> tail = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            long commandTerm = data.readLong();
            tail.add(new Entry(index + i, commandTerm, EntryType.COMMAND, read(data)));
        }
        return new ServiceSnapshot(index, term, bytes, tail);
    }

    private static byte[] read(DataInputStream data) throws IOException {
        byte[] bytes = new byte[data.readInt()];
        data.readFully(bytes);
        return bytes;
    }
}
