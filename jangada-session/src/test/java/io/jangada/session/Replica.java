package io.jangada.session;

import io.jangada.api.StateSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A state machine with sessions around a {@link Journal}, its commands numbered as a log would. */
final class Replica {
    final Journal journal = new Journal();
    final SessionStateMachine<String> machine;
    private long index;

    Replica(SessionLimits limits) {
        machine = new SessionStateMachine<>(journal, ResultCodec.TEXT, limits);
    }

    SessionReply<String> apply(byte[] command) {
        index += 2; // Gaps, as a log has them.
        return machine.apply(index, 1, command);
    }

    long open(long nowMillis) {
        return ((SessionReply.Opened<String>) apply(SessionCommand.open(nowMillis))).sessionId();
    }

    SessionReply<String> send(long session, long sequence, long acknowledged, long nowMillis) {
        return apply(SessionCommand.of(
                session, sequence, acknowledged, nowMillis, Journal.line("s" + session + "c" + sequence)));
    }

    byte[] snapshot() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StateSnapshot snapshot = machine.snapshot().orElseThrow()) {
            snapshot.writeTo(bytes);
        }
        return bytes.toByteArray();
    }

    void restore(Replica from, byte[] snapshot) throws IOException {
        index = from.index;
        machine.restore(index, 1, new ByteArrayInputStream(snapshot));
    }
}
