package io.jangada.testkit.lab;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.sim.MessageText;
import io.jangada.transport.PeerFrames;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Carries the messages of a node as remote calls: a request is a call, the answer that the other node sends some time later is its reply. What asks for no answer is a
 * call with an empty reply.
 *
 * <p>The bytes are those of the peer protocol. Which reply belongs to which call is not said in them, and need not be: answers speak for themselves. So the oldest open call of the
 * right kind gets the next answer.
 */
final class RpcTransport implements Transport, RpcHandler {
    /** Calls of one kind that one peer may have open here; beyond that the oldest is answered with nothing. */
    private static final int MAX_OPEN = 256;

    /** What a network loses is repeated so often at once, as any connection would. */
    private static final int TRIES = 3;

    /** A call that fails so soon was lost; one that takes longer leads nowhere. */
    private static final long LOSS_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** A call on a network that holds nothing takes no longer. */
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** In such a group the answer of each of the others is needed as soon as one of them is away. */
    static final int SMALL_GROUP = 3;

    /** A call that waits for what this node will answer. */
    private record Slot(NodeId peer, Class<?> kind) {
        // Each call asks for both, and what a record has by itself goes through method handles: slow until it is
        // compiled well, which is never worth while in a lab.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Slot slot && kind == slot.kind && peer.value() == slot.peer.value();
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(peer.value()) + kind.hashCode();
        }
    }

    private final LabTime time;
    private final NodeId self;
    private final List<ClientEnd> peers;
    private final List<PeerLine> lines;
    private final List<CallSaver> savers;
    private final List<Redial> redials;
    private final HeartbeatPace heartbeats = new HeartbeatPace();
    private final CandidateCourtesy courtesy;
    private final boolean isPaced;
    private final boolean durableFirst;
    private final Map<Slot, Deque<Consumer<Rpc>>> open = new HashMap<>();
    private CommitNews news = CommitNews.NONE;
    private long newsAtNanos;
    private volatile @Nullable MessageReceiver receiver;
    private volatile boolean closed;

    /** A transport whose calls are sent at this pace, for a node whose appends say what is committed with them if it is {@code durableFirst}. */
    RpcTransport(NodeId self, List<ClientEnd> peers, long paceNanos, boolean durableFirst) {
        this.self = self;
        this.durableFirst = durableFirst;
        this.isPaced = paceNanos > 0;
        this.peers = List.copyOf(peers);
        this.time = peers.get(0).network().time();
        this.lines = peers.stream().map(end -> new PeerLine()).toList();
        this.redials = lines.stream()
                .map(line -> new Redial(time, line, heartbeat -> call(heartbeat, 1)))
                .toList();
        this.courtesy = new CandidateCourtesy(time, this::sendNow);
        this.savers = IntStream.range(0, peers.size())
                .mapToObj(place -> new CallSaver(time, paceNanos, this::isNew, () -> spareNanos(place), this::sendNow))
                .toList();
    }

    /**
     * How long an append to this server may wait for the commit of what it brings, which is as long as those take whose answers suffice for a majority; 0 if it is one of those itself, if
     * the slowest of several slow ones would decide, or if the append says by itself what is committed with it. Neither does one wait that has been silent: it may be there again, and has a long way to go then.
     */
    private long spareNanos(int place) {
        if (durableFirst || !lines.get(place).isAnswering(time.elapsedNanos())) {
            return 0;
        }
        int missing = peers.size() / 2;
        long longest = 0;
        for (int other = 0; other < place && missing > 0; other++) {
            if (other != placeOf(self) && lines.get(other).isAnswering(time.elapsedNanos())) {
                missing--;
                longest = Math.max(longest, lines.get(other).callNanos());
            }
        }
        return missing > 0 || longest > QUICK_NANOS ? 0 : QUICK_NANOS + 3 * longest;
    }

    @Override
    public void register(GroupId group, MessageReceiver messages) {
        receiver = messages;
    }

    @Override
    public void members(GroupId group, Membership membership) {
        // The labs know who is there.
    }

    @Override
    public void send(GroupId group, Message message) {
        CommitNews heard = new CommitNews(message.term(), CallSaver.commitIn(message));
        if (isNews(heard) && !durableFirst) {
            savers.forEach(saver -> saver.committed(heard.term(), heard.commit()));
        }
        if (durableFirst && message instanceof HeartbeatRequest heartbeat) {
            redials.get(placeOf(message.to())).made(heartbeat);
        }
        if (message instanceof PreVoteResponse answer && answer.granted()) {
            courtesy.favours();
        }
        if (isPaced && message instanceof PreVoteRequest question) {
            courtesy.ask(question);
        } else if (!(message instanceof HeartbeatRequest heartbeat) || goesOut(heartbeat)) {
            savers.get(placeOf(message.to())).send(message);
        }
    }

    private boolean goesOut(HeartbeatRequest heartbeat) {
        return !isPaced
                || heartbeats.lets(heartbeat, isAnyAwaited(), time.elapsedNanos())
                || savers.get(placeOf(heartbeat.to())).isNews(heartbeat);
    }

    /** Whether one of the servers that answer has not been called for a while, or none of them answers. */
    private boolean isAnyAwaited() {
        boolean isAnyThere = false;
        for (int place = 0; place < peers.size(); place++) {
            if (place != placeOf(self) && lines.get(place).isAnswering(time.elapsedNanos())) {
                isAnyThere = true;
                if (savers.get(place).uncalledNanos() >= HeartbeatPace.LEAST_NANOS) {
                    return true;
                }
            }
        }
        return !isAnyThere;
    }

    private synchronized boolean isNews(CommitNews heard) {
        boolean isNew = heard.commit() >= 0 && news.isOlderThan(heard);
        if (isNew) {
            news = heard;
            newsAtNanos = time.elapsedNanos();
        }
        return isNew;
    }

    /** Whether an append brings what was started just now, so that something may follow it at once: what is committed, or was to be some time ago, was not. */
    private synchronized boolean isNew(AppendRequest append) {
        boolean isOfNow =
                append.leaderCommit() >= news.commit() && time.elapsedNanos() - newsAtNanos < CallSaver.GATHER_NANOS;
        return durableFirst ? isOfNow : append.leaderCommit() < CallSaver.lastIndexOf(append);
    }

    /** What is sent again says what is known by now. */
    private synchronized Message renewed(Message message) {
        return !durableFirst
                        && message instanceof AppendRequest append
                        && append.term() == news.term()
                        && append.leaderCommit() < news.commit()
                ? CallSaver.withCommit(append, news.commit())
                : message;
    }

    private void sendNow(Message message) {
        if (closed) {
            return;
        }
        Consumer<Rpc> waiting = takeOpen(new Slot(message.to(), message.getClass()));
        // Who stands for election asks again by itself.
        boolean matters = !(message instanceof VoteRequest || message instanceof PreVoteRequest);
        if (waiting != null) {
            waiting.accept(rpcOf(message));
        } else if (lines.get(placeOf(message.to())).mayCall(matters, time.elapsedNanos())) {
            call(message, TRIES);
            if (isUrgent(message)) {
                call(message, 1);
            }
        }
    }

    /**
     * Whether to call twice at once, so that one of the calls arrives sooner than a single one would, and almost certainly: on a slow network, where one of three servers is away, and so the answer of the other is
     * needed for everything, or is back and has much to learn.
     */
    private boolean isUrgent(Message message) {
        boolean isLarge = message instanceof SnapshotRequest;
        if (!durableFirst || isLarge || message instanceof HeartbeatRequest) {
            return false;
        }
        long now = time.elapsedNanos();
        boolean isSlow = false;
        boolean isNeeded = lines.get(placeOf(message.to())).isBack(now);
        for (int place = 0; place < peers.size(); place++) {
            isSlow |= lines.get(place).callNanos() > QUICK_NANOS;
            isNeeded |= place != placeOf(message.to()) && lines.get(place).isAway(now);
        }
        return isSlow && isNeeded;
    }

    private static Rpc rpcOf(Message message) {
        return new Rpc(
                message.getClass().getSimpleName(),
                PeerFrames.encode(GroupId.FIRST, message),
                () -> MessageText.of(message));
    }

    private void call(Message message, int tries) {
        if (closed) {
            return;
        }
        long beganNanos = time.elapsedNanos();
        var unused = end(message.to()).call(rpcOf(message)).thenAccept(reply -> {
            long tookNanos = time.elapsedNanos() - beganNanos;
            boolean lost = reply.isEmpty() && tookNanos < LOSS_NANOS;
            if (lost && tries > 1 && !closed && (isPaced || !(message instanceof HeartbeatRequest))) {
                call(renewed(message), tries - 1);
            } else if (reply.isPresent()) {
                lines.get(placeOf(message.to())).answeredAfter(tookNanos);
                replied(message, reply.get());
            }
        });
    }

    private static int placeOf(NodeId peer) {
        return (int) (peer.value() - 1);
    }

    private ClientEnd end(NodeId peer) {
        return peers.get(placeOf(peer));
    }

    private void replied(Message request, Rpc reply) {
        heard(request.to());
        if (reply.bytes().length == 0) {
            return;
        }
        try {
            Message answer = decode(request.to(), reply.bytes());
            if (request instanceof AppendRequest append
                    && answer instanceof AppendResponse response
                    && response.success()
                    && response.matchIndex() >= CallSaver.lastIndexOf(append)) {
                savers.get(placeOf(request.to())).answered(append);
            }
            if (peers.size() > SMALL_GROUP && answer instanceof PreVoteResponse response && !response.granted()) {
                courtesy.isRefused();
            }
            receive(answer);
        } catch (RuntimeException e) {
            time.fail(e);
        }
    }

    /** As when a connection is made: whoever was silent is there again. */
    private void heard(NodeId peer) {
        MessageReceiver present = receiver;
        if (lines.get(placeOf(peer)).heard(time.elapsedNanos()) && present != null && !closed) {
            courtesy.isJoined();
            present.peerConnected(peer, 0);
        }
    }

    @Override
    public void handle(int from, Rpc request, Consumer<Rpc> reply) {
        if (closed) {
            return;
        }
        Message message = decode(Persister.nodeOf(from), request.bytes());
        heard(message.from());
        if (message instanceof AppendRequest
                || message instanceof HeartbeatRequest
                || message instanceof SnapshotRequest) {
            courtesy.isLed();
        }
        Class<?> answer = answerTo(message);
        if (answer == null) {
            reply.accept(Rpc.EMPTY);
        } else {
            addOpen(new Slot(message.from(), answer), reply);
        }
        receive(message);
    }

    private void receive(Message message) {
        MessageReceiver present = receiver;
        if (present != null && !closed) {
            present.receive(message);
        }
    }

    private void addOpen(Slot slot, Consumer<Rpc> reply) {
        Consumer<Rpc> oldest = null;
        synchronized (open) {
            Deque<Consumer<Rpc>> calls = open.computeIfAbsent(slot, any -> new ArrayDeque<>());
            if (calls.size() >= MAX_OPEN) {
                oldest = calls.poll();
            }
            calls.add(reply);
        }
        if (oldest != null) {
            oldest.accept(Rpc.EMPTY);
        }
    }

    private @Nullable Consumer<Rpc> takeOpen(Slot slot) {
        synchronized (open) {
            Deque<Consumer<Rpc>> calls = open.get(slot);
            return calls == null ? null : calls.poll();
        }
    }

    /** What a node answers a message with, or null if it asks for no answer. */
    private static @Nullable Class<?> answerTo(Message message) {
        if (message instanceof AppendRequest) {
            return AppendResponse.class;
        } else if (message instanceof HeartbeatRequest) {
            return HeartbeatResponse.class;
        } else if (message instanceof VoteRequest) {
            return VoteResponse.class;
        } else if (message instanceof PreVoteRequest) {
            return PreVoteResponse.class;
        } else if (message instanceof SnapshotRequest) {
            return SnapshotResponse.class;
        } else if (message instanceof ReadIndexRequest) {
            return ReadIndexResponse.class;
        } else if (message instanceof ForwardRequest) {
            return ForwardResponse.class;
        } else if (message instanceof RepairRequest) {
            return RepairResponse.class;
        } else {
            return message instanceof ChangeRequest ? ChangeResponse.class : null;
        }
    }

    private Message decode(NodeId from, byte[] frame) {
        try {
            return PeerFrames.decode(from, self, frame);
        } catch (IOException e) {
            throw new IllegalStateException("the lab's network alters nothing, yet a frame is malformed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
