package io.jangada.session;

import java.nio.ByteBuffer;

/** Reads {@link SessionCommand}s from bytes that may be anything. */
final class SessionCommandDecoder {

    private SessionCommandDecoder() {}

    static SessionCommand decode(byte[] command) throws SessionFormatException {
        if (command.length < SessionKind.OPEN.minBytes()) {
            throw new SessionFormatException(
                    "session command of " + command.length + " bytes; it has at least " + SessionKind.OPEN.minBytes());
        }
        ByteBuffer bytes = ByteBuffer.wrap(command);
        byte version = bytes.get();
        if (version != SessionKind.VERSION) {
            throw new SessionFormatException("session command of version " + version + "; this program knows version "
                    + SessionKind.VERSION + ". Was it made by SessionCommand?");
        }
        SessionKind kind = SessionKind.ofCode(bytes.get());
        boolean fits =
                kind == SessionKind.EXECUTE ? command.length >= kind.minBytes() : command.length == kind.minBytes();
        if (!fits) {
            throw new SessionFormatException("session command " + kind + " of " + command.length + " bytes; it has "
                    + (kind == SessionKind.EXECUTE ? "at least " : "") + kind.minBytes());
        }
        long nowMillis = between("clock", bytes.getLong(), 0, SessionCommand.MAX_NOW_MILLIS);
        return switch (kind) {
            case OPEN -> new SessionCommand.Open(nowMillis);
            case EXECUTE -> execute(nowMillis, bytes);
            case KEEP_ALIVE ->
                new SessionCommand.KeepAlive(
                        nowMillis, sessionId(bytes), between("acknowledged", bytes.getLong(), 0, Long.MAX_VALUE));
            case CLOSE -> new SessionCommand.Close(nowMillis, sessionId(bytes));
            case SET_LIMITS -> new SessionCommand.SetLimits(nowMillis, LimitsCodec.get(bytes));
        };
    }

    private static SessionCommand execute(long nowMillis, ByteBuffer bytes) throws SessionFormatException {
        long sessionId = sessionId(bytes);
        long sequence = between("sequence", bytes.getLong(), 1, Long.MAX_VALUE);
        long acknowledged = between("acknowledged", bytes.getLong(), 0, sequence - 1);
        int length = bytes.getInt();
        if (length != bytes.remaining()) {
            throw new SessionFormatException(
                    "session command claims a payload of " + length + " bytes where " + bytes.remaining() + " remain");
        }
        byte[] payload = new byte[length];
        bytes.get(payload);
        return new SessionCommand.Execute(nowMillis, sessionId, sequence, acknowledged, payload);
    }

    private static long sessionId(ByteBuffer bytes) throws SessionFormatException {
        return between("session id", bytes.getLong(), 1, Long.MAX_VALUE);
    }

    private static long between(String name, long value, long least, long most) throws SessionFormatException {
        if (value < least || value > most) {
            throw new SessionFormatException(
                    "session command with " + name + " " + value + "; it must be " + least + " to " + most);
        }
        return value;
    }
}
