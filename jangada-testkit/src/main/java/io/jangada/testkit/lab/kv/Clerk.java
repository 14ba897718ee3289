package io.jangada.testkit.lab.kv;

import io.jangada.session.SessionCommand;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.RegisterModel;
import io.jangada.testkit.history.RegisterModel.Append;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
import io.jangada.testkit.lab.ClientEnd;
import io.jangada.testkit.lab.LabCluster;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabTime;
import io.jangada.testkit.lab.Rpc;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A client of the labs. Each of its calls returns when the operation has happened, exactly once, however often it had to be sent and to whom.
 *
 * <p>One thread of the lab at a time uses it, so it has one operation outstanding at most. Whom it reaches may be changed from another one.
 */
final class Clerk {
    /** How long to wait when no server would take a command: an election is under way. */
    private static final long PAUSE_MILLIS = 10;

    private static final long NO_SESSION = 0;

    private final LabTime time;
    private final LabCluster cluster;
    private final HistoryRecorder<Op, String> history;
    private final int number;
    private final List<ClientEnd> servers;
    private int leader;
    private long session = NO_SESSION;
    private long sequence;

    /** A client with a number that no other one has. It reaches nobody until {@link #reach}. */
    Clerk(LabCluster cluster, HistoryRecorder<Op, String> history, int number) {
        this.time = cluster.time();
        this.cluster = cluster;
        this.history = history;
        this.number = number;
        this.servers = IntStream.range(0, cluster.size())
                .mapToObj(server -> cluster.clientEnd("clerk " + number, server))
                .toList();
    }

    /** From now on it reaches these servers and no others. */
    void reach(Collection<Integer> reachable) {
        for (int server = 0; server < servers.size(); server++) {
            cluster.network().enable(servers.get(server).name(), reachable.contains(server));
        }
    }

    /** It is not needed any more. */
    void end() {
        servers.forEach(server -> cluster.network().deleteEnd(server.name()));
    }

    /** The text of a key, empty if there is none. */
    String get(String key) {
        return operate(new Get(key));
    }

    void put(String key, String value) {
        operate(new Put(key, value));
    }

    void append(String key, String value) {
        operate(new Append(key, value));
    }

    private String operate(Op operation) {
        openSession();
        int recorded = history.invoke(number, operation);
        byte[] payload = KvOperation.encode(operation);
        sequence++;
        KvReply reply = call(() -> SessionCommand.of(session, sequence, sequence - 1, nowMillis(), payload));
        if (!(reply instanceof KvReply.Done done)) {
            throw new LabFailure("clerk " + number + " asked for " + operation + " and was answered " + reply);
        }
        history.ok(recorded, operation instanceof Get ? done.result() : RegisterModel.DONE);
        return done.result();
    }

    private void openSession() {
        if (session == NO_SESSION) {
            KvReply reply = call(() -> SessionCommand.open(nowMillis()));
            if (!(reply instanceof KvReply.Opened opened)) {
                throw new LabFailure("clerk " + number + " asked for a session and was answered " + reply);
            }
            session = opened.sessionId();
        }
    }

    /** Sends a command to one server after the other, beginning with the last known leader, until one has carried it out. */
    private KvReply call(Supplier<byte[]> command) {
        for (int tried = 1; ; tried++) {
            Rpc request = new Rpc("KvRequest", command.get(), () -> "from clerk " + number);
            Optional<Rpc> reply = time.await(servers.get(leader).call(request));
            if (reply.isPresent()) {
                KvReply decoded = KvReply.decode(reply.get().bytes());
                if (!(decoded instanceof KvReply.WrongLeader)) {
                    return decoded;
                }
            }
            leader = (leader + 1) % servers.size();
            if (tried % servers.size() == 0) {
                time.sleep(PAUSE_MILLIS);
            }
        }
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(time.elapsedNanos());
    }
}
