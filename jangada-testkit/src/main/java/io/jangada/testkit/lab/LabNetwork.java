package io.jangada.testkit.lab;

import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.sim.SimRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The network of the labs: calls from ends to servers, which it loses, delays and counts.
 *
 * <p>The rules are those of the course. A request on an end that is disabled or leads nowhere fails after up to 100 ms, or 7 s with long delays. An unreliable network holds each
 * request for up to 26 ms, loses a tenth of them and a tenth of the replies. With long reordering two replies of three are held for 0.2 to 2.2 s. A call
 * whose end is disabled, or whose server is replaced, while the request is being handled fails within 100 ms, and its reply never arrives; a reply that is held already does
 * arrive. Any thread may call anything; handlers and whoever waits for a call are called without a lock.
 */
public final class LabNetwork {
    private static final long CHECK_MILLIS = 100;

    private final LabTime time;
    private final SimRandom seeds;
    private final SimRandom chance;
    private final NetworkTrace trace;
    private final Map<String, String> connections = new HashMap<>();
    private final Map<String, Boolean> enabled = new HashMap<>();
    private final Map<String, Server> servers = new HashMap<>();
    private boolean reliable = true;
    private boolean longDelays;
    private boolean longReordering;
    private long totalCount;
    private long totalBytes;

    /** A server as it is registered now; one that is registered again under the same name is another. */
    private static final class Server {
        final RpcHandler handler;
        int count;

        Server(RpcHandler handler) {
            this.handler = handler;
        }
    }

    /** A network without ends and servers; the seeds decide every draw. */
    public LabNetwork(LabTime time, SimRandom seeds, Trace trace) {
        this.time = time;
        this.seeds = seeds;
        this.chance = seeds.fork("network");
        this.trace = new NetworkTrace(trace, time);
    }

    /** The time in which this network lives. */
    public LabTime time() {
        return time;
    }

    /** A stream of chance for this purpose, the same in each run of the same seed. */
    public SimRandom chance(String purpose) {
        return seeds.fork(purpose);
    }

    /** An end that leads nowhere yet and is disabled. {@code from} and {@code to} are the servers' numbers, for the trace, or {@link ClientEnd#NO_SERVER}. */
    public synchronized ClientEnd makeEnd(String name, int from, int to) {
        if (enabled.containsKey(name)) {
            throw new IllegalArgumentException("there is an end named " + name + "; each end needs a name of its own");
        }
        enabled.put(name, false);
        return new ClientEnd(this, name, from, to);
    }

    /** Has the end lead to the server of this name, for ever. */
    public synchronized void connect(String end, String server) {
        connections.put(end, server);
    }

    /** Lets calls on this end through, or no more. */
    public synchronized void enable(String end, boolean isEnabled) {
        enabled.put(end, isEnabled);
    }

    /** Removes an end for good. */
    public synchronized void deleteEnd(String end) {
        enabled.remove(end);
        connections.remove(end);
    }

    /** Registers a server, or replaces the one of this name. */
    public synchronized void addServer(String name, RpcHandler handler) {
        servers.put(name, new Server(handler));
    }

    /** The server of this name is gone. */
    public synchronized void deleteServer(String name) {
        servers.remove(name);
    }

    public synchronized void setReliable(boolean isReliable) {
        reliable = isReliable;
    }

    public synchronized void setLongDelays(boolean areLong) {
        longDelays = areLong;
    }

    public synchronized void setLongReordering(boolean isLong) {
        longReordering = isLong;
    }

    /** How many requests have been handed to the present server of this name. */
    public synchronized int count(String server) {
        Server present = servers.get(server);
        return present == null ? 0 : present.count;
    }

    /** How many calls there have been, whatever became of them. */
    public synchronized long totalCount() {
        return totalCount;
    }

    /** The bytes of all requests, and of the replies that arrived. */
    public synchronized long totalBytes() {
        return totalBytes;
    }

    CompletableFuture<Optional<Rpc>> call(ClientEnd end, Rpc request) {
        Call call;
        long delay;
        synchronized (this) {
            totalCount++;
            totalBytes += request.bytes().length;
            call = new Call(end, request, serverOf(end), reliable, longReordering);
            delay = delayOf(call);
        }
        // Without the lock: in real time a hop is the handler's work itself, done at once.
        if (call.server == null) {
            later(delay, () -> call.lose(end.from() == ClientEnd.NO_SERVER ? "nobody there" : "disconnected"));
        } else if (call.isReliable) {
            time.hop(call::arrive);
        } else {
            later(delay, call::arrive);
        }
        return call.result;
    }

    private long delayOf(Call call) {
        if (call.server == null) {
            return chance.between(0, longDelays ? 6_999 : 99);
        }
        return call.isReliable ? 0 : chance.between(0, 26);
    }

    private @Nullable Server serverOf(ClientEnd end) {
        String server = connections.get(end.name());
        return server != null && Boolean.TRUE.equals(enabled.get(end.name())) ? servers.get(server) : null;
    }

    private LabTime.Alarm later(long millis, Runnable action) {
        return time.after(TimeUnit.MILLISECONDS.toNanos(millis), action);
    }

    private synchronized <T> T locked(Supplier<T> action) {
        return action.get();
    }

    /** One call on its way. The settings of the network are those at its beginning. */
    private final class Call {
        private final ClientEnd end;
        private final Rpc request;
        private final @Nullable Server server;
        private final boolean isReliable;
        private final boolean reorders;
        private final long number;
        private final CompletableFuture<Optional<Rpc>> result = new CompletableFuture<>();
        /** The handler has answered, or nobody waits for that any more. Under the network's lock. */
        private boolean handled;
        /** The next look whether the end is still connected. Under the network's lock. */
        private LabTime.@Nullable Alarm look;

        Call(ClientEnd end, Rpc request, @Nullable Server server, boolean isReliable, boolean reorders) {
            this.end = end;
            this.request = request;
            this.server = server;
            this.isReliable = isReliable;
            this.reorders = reorders;
            this.number = trace.sent(end.from(), end.to(), request);
        }

        private boolean isDropped() {
            return !isReliable && chance.chance(0.1);
        }

        void arrive() {
            Server target = server;
            if (target == null) {
                throw new IllegalStateException("a request without a server arrives");
            }
            boolean dropped = locked(() -> {
                boolean drop = isDropped();
                target.count += drop ? 0 : 1;
                return drop;
            });
            if (dropped) {
                lose("request lost");
                return;
            }
            trace.delivered(number);
            target.handler.handle(end.from(), request, this::answered);
            watch();
        }

        /** A handler may take for ever; the caller learns of a broken connection nevertheless. */
        private void watch() {
            if (!locked(() -> handled)) {
                LabTime.Alarm next = later(CHECK_MILLIS, () -> {
                    if (!isCut()) {
                        watch();
                    } else if (endHandling()) {
                        result.complete(Optional.empty());
                    }
                });
                locked(() -> look = next);
            }
        }

        /** True for what comes first: the answer, or the end of the connection. */
        private boolean endHandling() {
            LabTime.Alarm useless;
            boolean first;
            synchronized (LabNetwork.this) {
                first = !handled;
                handled = true;
                useless = look;
            }
            // Else nearly every call would wake the timer's thread once more, for nothing.
            if (useless != null) {
                useless.cancel();
            }
            return first;
        }

        private boolean isCut() {
            return locked(() -> serverOf(end) != server);
        }

        private void answered(Rpc reply) {
            if (!endHandling()) {
                return;
            }
            long replyNumber = trace.sent(end.to(), end.from(), reply);
            if (isCut()) {
                loseReply(replyNumber, "cut off");
            } else if (locked(this::isDropped)) {
                loseReply(replyNumber, "reply lost");
            } else if (locked(() -> reorders && chance.chance(600.0 / 900.0))) {
                later(
                        locked(() -> 200 + chance.between(0, chance.between(0, 1_999))),
                        () -> deliver(reply, replyNumber));
            } else {
                time.hop(() -> comeBack(reply, replyNumber));
            }
        }

        /** A reply that nothing holds is as fast as the check before it, so it is checked where it arrives. */
        private void comeBack(Rpc reply, long replyNumber) {
            if (isCut()) {
                loseReply(replyNumber, "cut off");
            } else {
                deliver(reply, replyNumber);
            }
        }

        private void loseReply(long replyNumber, String why) {
            trace.lost(replyNumber, why);
            result.complete(Optional.empty());
        }

        private void deliver(Rpc reply, long replyNumber) {
            locked(() -> totalBytes += reply.bytes().length);
            trace.delivered(replyNumber);
            result.complete(Optional.of(reply));
        }

        void lose(String why) {
            trace.lost(number, why);
            result.complete(Optional.empty());
        }
    }
}
