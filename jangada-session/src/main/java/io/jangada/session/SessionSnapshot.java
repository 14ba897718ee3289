package io.jangada.session;

import io.jangada.api.StateSnapshot;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The table of sessions, held still, and the user's snapshot behind it.
 *
 * <pre>
 *   offset  size  field
 *        0     4  magic, "JSES"
 *        4     1  version, 1
 *        5    24  the limits with which the empty log began (as in {@link SessionCommand})
 *       29    24  the limits now
 *       53     8  log time in milliseconds
 *       61     4  number of sessions
 *   then for each session, longest unused first:
 *        0     8  session id
 *        8     8  log time at its last use
 *       16     8  acknowledged
 *       24     4  number of results
 *   and for each of its results, by sequence:
 *        0     8  sequence
 *        8     4  n, length in bytes
 *       12     n  the result
 *   then what the user's state machine wrote, to the end
 * </pre>
 *
 * All numbers are big endian. There is no checksum in here: the snapshot store has one.
 */
final class SessionSnapshot implements StateSnapshot {
    static final int MAGIC = 0x4A534553;
    static final byte VERSION = 1;

    private static final int BUFFER_BYTES = 1 << 16;

    private final SessionLimits initialLimits;
    private final SessionLimits limits;
    private final long logTimeMillis;
    private final List<SessionTable.Held> sessions;
    private final StateSnapshot inner;

    SessionSnapshot(SessionLimits initialLimits, SessionTable table, StateSnapshot inner) {
        this.initialLimits = initialLimits;
        this.limits = table.limits();
        this.logTimeMillis = table.logTimeMillis();
        this.sessions = table.copy();
        this.inner = inner;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
        data.writeInt(MAGIC);
        data.writeByte(VERSION);
        data.write(bytes(initialLimits));
        data.write(bytes(limits));
        data.writeLong(logTimeMillis);
        data.writeInt(sessions.size());
        for (SessionTable.Held each : sessions) {
            data.writeLong(each.sessionId());
            write(each.session(), data);
        }
        data.flush();
        inner.writeTo(out);
    }

    private static byte[] bytes(SessionLimits limits) {
        ByteBuffer bytes = ByteBuffer.allocate(LimitsCodec.BYTES);
        LimitsCodec.put(limits, bytes);
        return bytes.array();
    }

    private static void write(TrackedSession session, DataOutputStream data) throws IOException {
        data.writeLong(session.lastUsedMillis());
        data.writeLong(session.acknowledged());
        data.writeInt(session.count());
        for (int place = 0; place < session.count(); place++) {
            byte[] result = session.resultAt(place);
            data.writeLong(session.sequenceAt(place));
            data.writeInt(result.length);
            data.write(result);
        }
    }

    @Override
    public void close() {
        inner.close();
    }
}
