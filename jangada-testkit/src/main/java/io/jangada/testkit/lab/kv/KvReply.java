package io.jangada.testkit.lab.kv;

import io.jangada.session.SessionReply;
import io.jangada.testkit.lab.Rpc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a server answers a client. */
sealed interface KvReply {
    /** Nobody knows what has become of it, or will: the client is to ask again, of another server. */
    record WrongLeader() implements KvReply {}

    /** The client's session from now on. */
    record Opened(long sessionId) implements KvReply {}

    /** It has happened, once. */
    record Done(String result) implements KvReply {}

    /** The session layer has not done it, and will not. No client of the labs should see that. */
    record Failed(String why) implements KvReply {}

    static KvReply of(SessionReply<String> reply) {
        if (reply instanceof SessionReply.Done<String> done) {
            return new Done(done.result());
        }
        if (reply instanceof SessionReply.Opened<String> opened) {
            return new Opened(opened.sessionId());
        }
        return new Failed(reply.toString());
    }

    static Rpc encode(KvReply reply) {
        byte[] text = text(reply).getBytes(StandardCharsets.UTF_8);
        byte[] bytes =
                ByteBuffer.allocate(1 + text.length).put(kind(reply)).put(text).array();
        return new Rpc("KvReply", bytes, reply::toString);
    }

    private static byte kind(KvReply reply) {
        if (reply instanceof Done) {
            return 'd';
        }
        if (reply instanceof Opened) {
            return 'o';
        }
        return (byte) (reply instanceof WrongLeader ? 'w' : 'f');
    }

    private static String text(KvReply reply) {
        if (reply instanceof Done done) {
            return done.result();
        }
        if (reply instanceof Opened opened) {
            return Long.toString(opened.sessionId());
        }
        return reply instanceof Failed failed ? failed.why() : "";
    }

    static KvReply decode(byte[] bytes) {
        String text = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        return switch (bytes[0]) {
            case 'd' -> new Done(text);
            case 'o' -> new Opened(Long.parseLong(text));
            case 'w' -> new WrongLeader();
            case 'f' -> new Failed(text);
            default -> throw new IllegalArgumentException("no reply of the key-value labs is of kind " + bytes[0]);
        };
    }
}
