package io.jangada.testkit.lab;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a snapshot of a {@link LabRaft} holds: the service's own, and the commands that the service had been given since.
 *
 * <p>The service says up to which command its snapshot goes, and has been given more by then; the node's snapshot is of the node's present.
 *
 * @param index the number of the last command in the service's snapshot, 0 if it has made none
 * @param term the term of that command
 * @param bytes the service's snapshot
 * @param tail the commands after it
 */
record ServiceSnapshot(long index, long term, byte[] bytes, List<Command> tail) {
    static final ServiceSnapshot NONE = new ServiceSnapshot(0, 0, new byte[0], List.of());

    /** A command and the term in which it was proposed. */
    record Command(long term, byte[] bytes) {}

    /** How many commands there are up to the node's present. */
    long commands() {
        return index + tail.size();
    }

    void writeTo(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(index);
        data.writeLong(term);
        write(data, bytes);
        data.writeInt(tail.size());
        for (Command command : tail) {
            data.writeLong(command.term());
            write(data, command.bytes());
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
        List<Command> tail = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long commandTerm = data.readLong();
            tail.add(new Command(commandTerm, read(data)));
        }
        return new ServiceSnapshot(index, term, bytes, List.copyOf(tail));
    }

    private static byte[] read(DataInputStream data) throws IOException {
        byte[] bytes = new byte[data.readInt()];
        data.readFully(bytes);
        return bytes;
    }
}
