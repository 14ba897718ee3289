package io.jangada.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.model.NodeId;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests while a leader is missing, when time runs out and at the limits. */
class RequestGatewayTest {
    private static final NodeId SELF = NodeId.of(1);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final FakeNode<String> node = new FakeNode<>(SELF, (index, term, command) -> "applied " + index);
    private final LeaderWatch watch = new LeaderWatch(node);
    private final RequestGateway<String> gateway = new RequestGateway<>(node, watch, 3);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void aProposalEndsWithItsResult() throws Exception {
        assertThat(propose(Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS)).isEqualTo("applied 1");
    }

    @Test
    void aProposalWaitsForALeaderAndIsMadeOnceThereIsOne() throws Exception {
        node.lead(NodeId.NONE, 4);
        node.failNext(new NotLeaderException(NodeId.NONE));

        CompletableFuture<String> waiting = propose(Duration.ofSeconds(30));
        assertThat(waiting).isNotDone();
        node.lead(SELF, 5);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("applied 1");
        assertThat(node.calls()).isEqualTo(2);
    }

    @Test
    void aChangeBetweenTheRefusalAndTheWaitIsNotMissed() {
        long seen = watch.generation();
        node.lead(SELF, 9);
        boolean[] ran = new boolean[1];
        watch.onChangeSince(seen, () -> ran[0] = true);
        assertThat(ran[0]).isTrue();
    }

    @Test
    void aRefusalWhileALeaderIsKnownIsTriedAgain() throws Exception {
        node.failNext(new NotLeaderException(NodeId.of(2)));
        assertThat(propose(Duration.ofSeconds(30)).get(10, TimeUnit.SECONDS)).isEqualTo("applied 1");
    }

    @Test
    void withoutALeaderTheAnswerAtTheDeadlineSaysThatNothingWasProposed() {
        node.lead(NodeId.NONE, 4);
        node.failNext(new NotLeaderException(NodeId.NONE));
        assertFailure(propose(Duration.ofMillis(1)), ServerError.NO_LEADER);
    }

    @Test
    void aProposalUnderWayAtTheDeadlineTimesOutAndIsNotRepeated() {
        node.hangNext();
        assertFailure(propose(Duration.ofMillis(1)), ServerError.TIMED_OUT);
        assertThat(node.calls()).isEqualTo(1);
    }

    @Test
    void anUnknownOutcomeIsNeverRepeated() {
        node.failNext(new OutcomeUnknownException("leadership was lost"));
        assertFailure(propose(Duration.ofSeconds(30)), ServerError.LEADER_FAILED);
        assertThat(node.calls()).isEqualTo(1);
    }

    @Test
    void everyOtherFailureOfTheNodeHasItsAnswer() {
        Map<RaftException, ServerError> table = Map.of(
                new OverloadedException("full"), ServerError.TOO_MANY_REQUESTS,
                new OverloadedException(OverloadedException.Limit.SPACE, "no room"), ServerError.NO_SPACE,
                new CommandTooLargeException("large"), ServerError.REQUEST_TOO_LARGE,
                new NodeClosedException("closed"), ServerError.STOPPED,
                new NodeFailedException("failed", new IOException("disk")), ServerError.STOPPED);
        table.forEach((failure, error) -> {
            node.failNext(failure);
            assertFailure(propose(Duration.ofSeconds(30)), error);
        });
    }

    @Test
    void aReadThatWasNotConfirmedIsRepeated() throws Exception {
        node.failNext(new ReadTimeoutException("no majority answered"));
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        assertThat(gateway.readBarrier(deadline, timer).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(node.calls()).isEqualTo(2);
    }

    @Test
    void pendingRequestsAreLimited() throws Exception {
        node.lead(NodeId.NONE, 4);
        for (int i = 0; i < 3; i++) {
            node.failNext(new NotLeaderException(NodeId.NONE));
        }
        CompletableFuture<String> first = propose(Duration.ofSeconds(30));
        CompletableFuture<String> second = propose(Duration.ofSeconds(30));
        CompletableFuture<String> third = propose(Duration.ofSeconds(30));
        assertFailure(propose(Duration.ofSeconds(30)), ServerError.TOO_MANY_REQUESTS);

        node.lead(SELF, 5);
        CompletableFuture.allOf(first, second, third).get(10, TimeUnit.SECONDS);
        assertThat(propose(Duration.ofSeconds(30)).get(10, TimeUnit.SECONDS)).isEqualTo("applied 4");
    }

    @Test
    void writesAreRefusedWhileApplyingLagsFarBehind() {
        node.lagBehind(5_001);
        assertFailure(propose(Duration.ofSeconds(30)), ServerError.TOO_MANY_REQUESTS);
        assertThat(node.calls()).isZero();
    }

    private CompletableFuture<String> propose(Duration timeout) {
        return gateway.propose(new byte[] {1}, System.nanoTime() + timeout.toNanos(), timer);
    }

    private static void assertFailure(CompletableFuture<?> request, ServerError error) {
        assertThatThrownBy(() -> request.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(ServerException.class, failure -> assertThat(failure.error())
                        .isEqualTo(error));
    }
}
