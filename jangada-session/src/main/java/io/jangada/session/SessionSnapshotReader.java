package io.jangada.session;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a {@link SessionTable} from what {@link SessionSnapshot} wrote, and leaves the stream where the user's part begins. */
final class SessionSnapshotReader {
    private final SessionLimits initialLimits;
    private final DataInputStream in;

    SessionSnapshotReader(SessionLimits initialLimits, InputStream in) {
        this.initialLimits = initialLimits;
        this.in = new DataInputStream(in);
    }

    SessionTable read() throws IOException {
        try {
            return table();
        } catch (EOFException e) {
            SessionFormatException cut =
                    new SessionFormatException("the snapshot ends within the table of sessions at its begin");
            cut.initCause(e);
            throw cut;
        }
    }

    private SessionTable table() throws IOException {
        int magic = in.readInt();
        if (magic != SessionSnapshot.MAGIC) {
            throw new SessionFormatException(
                    "the snapshot does not begin with a table of sessions. Was it taken before the"
                            + " state machine was wrapped in a SessionStateMachine? A group must begin with that");
        }
        byte version = in.readByte();
        if (version != SessionSnapshot.VERSION) {
            throw new SessionFormatException("the snapshot's table of sessions is of version " + version
                    + "; this program knows version " + SessionSnapshot.VERSION);
        }
        SessionLimits begun = limits();
        if (!begun.equals(initialLimits)) {
            throw new SessionFormatException(
                    "the group began with " + begun + ", but this node's SessionStateMachine was made"
                            + " with " + initialLimits + ". Make it with the former on all nodes, and change limits by"
                            + " proposing SessionCommand.setLimits");
        }
        SessionLimits limits = limits();
        long logTimeMillis = between("log time", in.readLong(), 0, SessionCommand.MAX_NOW_MILLIS);
        SessionTable table = new SessionTable(limits, logTimeMillis);
        long count = between("number of sessions", in.readInt(), 0, Integer.MAX_VALUE);
        long lastUsedMillis = 0;
        for (long read = 0; read < count; read++) {
            long sessionId = between("session id", in.readLong(), 1, Long.MAX_VALUE);
            lastUsedMillis = between("last use", in.readLong(), lastUsedMillis, logTimeMillis);
            table.add(sessionId, session(lastUsedMillis));
            if (table.size() != read + 1) {
                throw new SessionFormatException(
                        "the snapshot's table of sessions has session " + sessionId + " twice");
            }
        }
        return table;
    }

    private TrackedSession session(long lastUsedMillis) throws IOException {
        long acknowledged = between("acknowledged", in.readLong(), 0, Long.MAX_VALUE);
        TrackedSession session = new TrackedSession(lastUsedMillis, acknowledged);
        long before = acknowledged;
        for (long left = between("number of results", in.readInt(), 0, Integer.MAX_VALUE); left > 0; left--) {
            long sequence = in.readLong();
            if (sequence <= before) {
                throw new SessionFormatException("the snapshot's table of sessions has sequence " + sequence + " after "
                        + before + "; they must rise, from above what is acknowledged");
            }
            int length = (int) between("length of a result", in.readInt(), 0, Integer.MAX_VALUE);
            byte[] result = in.readNBytes(length); // Grows with what is there, whatever the length claims.
            if (result.length < length) {
                throw new EOFException();
            }
            session.keep(sequence, result);
            before = sequence;
        }
        return session;
    }

    private SessionLimits limits() throws IOException {
        byte[] bytes = new byte[LimitsCodec.BYTES];
        in.readFully(bytes);
        return LimitsCodec.get(ByteBuffer.wrap(bytes));
    }

    private static long between(String name, long value, long least, long most) throws SessionFormatException {
        if (value < least || value > most) {
            throw new SessionFormatException("the snapshot's table of sessions has " + name + " " + value
                    + "; it must be " + least + " to " + most);
        }
        return value;
    }
}
