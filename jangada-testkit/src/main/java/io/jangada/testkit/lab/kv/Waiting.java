package io.jangada.testkit.lab.kv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one server that wait for their commands: each is answered when its command is applied, or when that can no longer be expected here.
 *
 * <p>A command is known by its tag, which no other one has. Nothing is answered under the lock. Any thread.
 */
final class Waiting {
    /** One client; its command is to be applied at this place, if the leader of this term lives long enough. */
    record Client(long index, long term, long tag, Consumer<KvReply> answer) {}

    private record Applied(long tag, KvReply reply) {}

    private static final KvReply ELSEWHERE = new KvReply.WrongLeader();

    private final TreeMap<Long, Client> byIndex = new TreeMap<>();
    /** What was applied while somebody was about to wait, who perhaps waits for just that. */
    private final Map<Long, Applied> early = new HashMap<>();

    private int coming;
    private long lastApplied;

    Waiting(long restored) {
        lastApplied = restored;
    }

    /** Somebody has handed a command to Raft, and will tell by {@link #add} or {@link #notComing} where it is. */
    synchronized void coming() {
        coming++;
    }

    synchronized void notComing() {
        coming--;
        if (coming == 0) {
            early.clear();
        }
    }

    /** This client waits from now on, or is answered at once if its command has been applied already. */
    void add(Client client) {
        KvReply now = null;
        Client displaced = null;
        synchronized (this) {
            if (client.index() > lastApplied) {
                displaced = byIndex.put(client.index(), client);
            } else {
                now = replyTo(client, early.get(client.index()));
            }
            notComing();
        }
        if (now != null) {
            client.answer().accept(now);
        }
        if (displaced != null) {
            displaced.answer().accept(ELSEWHERE);
        }
    }

    private static KvReply replyTo(Client client, @Nullable Applied applied) {
        return applied != null && applied.tag() == client.tag() ? applied.reply() : ELSEWHERE;
    }

    /** A command has been applied. */
    void applied(long index, long tag, KvReply reply) {
        Client client;
        Applied applied = new Applied(tag, reply);
        synchronized (this) {
            lastApplied = index;
            client = byIndex.remove(index);
            if (coming > 0) {
                early.put(index, applied);
            }
        }
        if (client != null) {
            client.answer().accept(replyTo(client, applied));
        }
    }

    /** A snapshot takes the place of all commands up to this one: what came of them is not known. */
    void covered(long index) {
        List<Client> clients;
        synchronized (this) {
            lastApplied = index;
            Map<Long, Client> below = byIndex.headMap(index, true);
            clients = List.copyOf(below.values());
            below.clear();
        }
        clients.forEach(client -> client.answer().accept(ELSEWHERE));
    }

    /** Only a command that was put into the log in this term, by a server that leads in it still, can be expected to be applied here. */
    void leadership(long term, boolean leads) {
        List<Client> clients = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Client> all = byIndex.values().iterator(); all.hasNext(); ) {
                Client client = all.next();
                if (!leads || client.term() != term) {
                    all.remove();
                    clients.add(client);
                }
            }
        }
        clients.forEach(client -> client.answer().accept(ELSEWHERE));
    }
}
