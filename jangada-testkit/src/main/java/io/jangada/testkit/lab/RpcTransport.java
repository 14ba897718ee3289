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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    /** A call that waits for what this node will answer. */
    private record Slot(NodeId peer, Class<?> kind) {}

    private final NodeId self;
    private final List<ClientEnd> peers;
    private final List<CallSaver> savers;
    private final Map<Slot, Deque<Consumer<Rpc>>> open = new HashMap<>();
    private volatile @Nullable MessageReceiver receiver;
    private volatile boolean closed;

    RpcTransport(NodeId self, List<ClientEnd> peers, long paceNanos) {
        this.self = self;
        this.peers = List.copyOf(peers);
        this.savers = peers.stream()
                .map(end -> new CallSaver(end.network().time(), paceNanos, this::sendNow))
                .toList();
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
        savers.get(placeOf(message.to())).send(message);
    }

    private void sendNow(Message message) {
        if (closed) {
            return;
        }
        Rpc rpc = new Rpc(
                message.getClass().getSimpleName(),
                PeerFrames.encode(GroupId.FIRST, message),
                () -> MessageText.of(message));
        Consumer<Rpc> waiting = takeOpen(new Slot(message.to(), message.getClass()));
        if (waiting != null) {
            waiting.accept(rpc);
        } else {
            call(message, rpc, TRIES);
        }
    }

    private void call(Message message, Rpc rpc, int tries) {
        ClientEnd end = end(message.to());
        LabTime time = end.network().time();
        long beganNanos = time.elapsedNanos();
        var unused = end.call(rpc).thenAccept(reply -> {
            boolean lost = reply.isEmpty() && time.elapsedNanos() - beganNanos < LOSS_NANOS;
            if (lost && tries > 1 && !closed && !(message instanceof HeartbeatRequest)) {
                call(message, rpc, tries - 1);
            } else {
                replied(message.to(), reply);
            }
        });
    }

    private static int placeOf(NodeId peer) {
        return (int) (peer.value() - 1);
    }

    private ClientEnd end(NodeId peer) {
        return peers.get(placeOf(peer));
    }

    private void replied(NodeId from, Optional<Rpc> reply) {
        if (reply.isPresent() && reply.get().bytes().length > 0) {
            try {
                receive(decode(from, reply.get().bytes()));
            } catch (RuntimeException e) {
                end(from).network().time().fail(e);
            }
        }
    }

    @Override
    public void handle(int from, Rpc request, Consumer<Rpc> reply) {
        if (closed) {
            return;
        }
        Message message = decode(Persister.nodeOf(from), request.bytes());
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
