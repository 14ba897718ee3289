package io.jangada.session;

import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.core.model.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A group that does to proposals what it is told to, in order; without a word it applies and answers at once. */
final class FakeGroup implements Proposer<String> {
    final Replica replica;
    private final Deque<Fate> fates = new ArrayDeque<>();
    private final List<byte[]> proposals = new ArrayList<>();

    /** What becomes of a proposal. */
    interface Fate {
        CompletableFuture<SessionReply<String>> decide(Supplier<SessionReply<String>> apply);
    }

    /** Nothing has happened, and the node says so. */
    static final Fate NO_LEADER = apply -> CompletableFuture.failedFuture(new NotLeaderException(NodeId.NONE));

    /** It is applied, and the node does not know. */
    static final Fate ANSWER_LOST = apply -> {
        SessionReply<String> lost = apply.get();
        return CompletableFuture.failedFuture(new OutcomeUnknownException("lost " + lost));
    };

    /** Nothing has happened, and the node does not know. */
    static final Fate LOST = apply -> CompletableFuture.failedFuture(new OutcomeUnknownException("lost"));

    /** Nothing happens, and nobody says anything. */
    static final Fate SILENCE = apply -> new CompletableFuture<>();

    static final Fate APPLY = apply -> CompletableFuture.completedFuture(apply.get());

    FakeGroup(SessionLimits limits) {
        replica = new Replica(limits);
    }

    FakeGroup next(Fate... coming) {
        fates.addAll(List.of(coming));
        return this;
    }

    FakeGroup next(int times, Fate coming) {
        for (int i = 0; i < times; i++) {
            fates.add(coming);
        }
        return this;
    }

    void forgetWhatWasComing() {
        fates.clear();
    }

    int proposals() {
        return proposals.size();
    }

    @Override
    public CompletableFuture<SessionReply<String>> propose(byte[] command) {
        proposals.add(command);
        Fate fate = fates.isEmpty() ? APPLY : fates.remove();
        return fate.decide(() -> replica.apply(command));
    }
}
