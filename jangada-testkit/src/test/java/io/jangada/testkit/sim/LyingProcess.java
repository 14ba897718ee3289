package io.jangada.testkit.sim;

import io.jangada.api.ForwardingNode;
import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A node that lies to its users. */
record LyingProcess(SimProcess real, PlantedBug bug) implements SimProcess {
    @Override
    public long run(Part part, long nowNanos) {
        return real.run(part, nowNanos);
    }

    @Override
    public void onWork(Part part, Runnable signal) {
        real.onWork(part, signal);
    }

    @Override
    public RaftNode<Long> node() {
        return new LyingNode(real.node(), bug);
    }

    private static final class LyingNode extends ForwardingNode<Long> {
        private final PlantedBug bug;

        LyingNode(RaftNode<Long> real, PlantedBug bug) {
            super(real);
            this.bug = bug;
        }

        @Override
        public CompletableFuture<Long> propose(byte[] command) {
            CompletableFuture<Long> answer = super.propose(command);
            return switch (bug) {
                case PROPOSED_TWICE -> answer.thenCombine(super.propose(command), (first, second) -> first);
                case ACKNOWLEDGED_AT_ONCE -> CompletableFuture.completedFuture(0L);
                default -> answer;
            };
        }

        @Override
        public <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query) {
            boolean atOnce = (bug == PlantedBug.READ_WITHOUT_A_ROUND && level == ReadLevel.LINEARIZABLE)
                    || (bug == PlantedBug.LEASE_WITHOUT_END
                            && level == ReadLevel.LEASE
                            && status().raft().leads());
            if (atOnce) {
                return CompletableFuture.completedFuture(query.get());
            }
            boolean old = bug == PlantedBug.BOUNDED_READ_WITHOUT_BOUND && level instanceof ReadLevel.BoundedStale;
            return super.read(old ? ReadLevel.LOCAL : level, query);
        }
    }
}
