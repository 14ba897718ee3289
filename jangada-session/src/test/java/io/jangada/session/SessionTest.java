package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.SessionExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SessionTest {
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final SessionOptions OPTIONS = SessionOptions.DEFAULT
            .withMaxInFlight(4)
            .withDeadline(Duration.ofSeconds(10))
            .withAttemptTimeout(Duration.ofSeconds(1))
            .withBackoff(Duration.ofMillis(10), Duration.ofMillis(200));

    private final VirtualClock clock = new VirtualClock();
    private final FakeGroup group =
            new FakeGroup(SessionLimits.DEFAULT.withTimeToLive(LIFE).withMaxSessions(3));

    private Session<String> open() {
        return Session.open(group, OPTIONS, clock).join();
    }

    private CompletableFuture<String> submit(Session<String> session, String line) {
        return session.submit(Journal.line(line));
    }

    private static RaftException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        Throwable failure =
                future.handle((result, why) -> Objects.requireNonNull(why)).join();
        assertThat(failure).isInstanceOf(RaftException.class);
        return (RaftException) failure;
    }

    @Test
    void commandsAreExecutedInTurnAndForgottenWhenAnswered() {
        try (Session<String> session = open()) {
            assertThat(session.id()).isEqualTo(2);
            for (int i = 1; i <= 100; i++) {
                assertThat(submit(session, "a" + i)).isCompletedWithValue("a" + i + "#" + i);
            }
            assertThat(group.replica.machine.resultBytes()).isLessThan(50);
            // However many commands, there is a timer for the attempts and one for the session's life.
            assertThat(clock.timers()).isLessThanOrEqualTo(2);
        }
        assertThat(group.replica.machine.sessionCount()).isZero();
    }

    @Test
    void aLostAnswerIsAskedForAgainAndTheCommandHappensOnce() {
        Session<String> session = open();
        group.next(FakeGroup.ANSWER_LOST, FakeGroup.ANSWER_LOST, FakeGroup.LOST, FakeGroup.NO_LEADER);
        CompletableFuture<String> result = submit(session, "a");
        assertThat(result).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        assertThat(result).isCompletedWithValue("a#1");
        assertThat(group.replica.journal.lines()).containsExactly("a");
        assertThat(group.proposals()).isEqualTo(1 + 5);
    }

    @Test
    void whereNobodyAnswersItIsSentAgainAfterTheTimeOfAnAttempt() {
        Session<String> session = open();
        group.next(FakeGroup.SILENCE, FakeGroup.SILENCE);
        CompletableFuture<String> result = submit(session, "a");
        clock.advance(Duration.ofMillis(1999));
        assertThat(result).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(result).isCompletedWithValue("a#1");
        assertThat(group.proposals()).isEqualTo(1 + 3);
    }

    @Test
    void aLateAnswerToAnEarlierAttemptIsAnAnswer() {
        Session<String> session = open();
        CompletableFuture<SessionReply<String>> late = new CompletableFuture<>();
        group.next(apply -> late, FakeGroup.SILENCE);
        CompletableFuture<String> result = submit(session, "a");
        clock.advance(Duration.ofMillis(1500));
        late.complete(new SessionReply.Done<>("late", false));
        assertThat(result).isCompletedWithValue("late");
        clock.advance(Duration.ofSeconds(5));
        assertThat(group.proposals()).isEqualTo(1 + 2);
    }

    /** An old attempt's failure must not cut short the newer attempt. */
    @Test
    void aLateFailureOfAnEarlierAttemptChangesNothing() {
        Session<String> session = open();
        CompletableFuture<SessionReply<String>> old = new CompletableFuture<>();
        CompletableFuture<SessionReply<String>> young = new CompletableFuture<>();
        group.next(apply -> old, apply -> young);
        CompletableFuture<String> result = submit(session, "a");
        clock.advance(Duration.ofMillis(1500));
        old.completeExceptionally(new CommandTooLargeException("too late"));
        assertThat(result).isNotDone();
        young.complete(new SessionReply.Done<>("young", false));
        assertThat(result).isCompletedWithValue("young");
    }

    @Test
    void withoutALeaderUntilTheDeadlineNothingHasHappened() {
        Session<String> session = open();
        group.next(10_000, FakeGroup.NO_LEADER);
        CompletableFuture<String> result = submit(session, "a");
        clock.advance(Duration.ofMillis(9700));
        assertThat(result).isNotDone();
        clock.advance(Duration.ofMillis(300));
        assertThat(failure(result)).isInstanceOf(NotLeaderException.class);
        assertThat(failure(result).safeToRetry()).isTrue();
        // The pauses grow from 10 ms to 200 ms, each less up to half.
        assertThat(group.proposals()).isBetween(45, 120);
    }

    @Test
    void anOutcomeThatStaysUnknownIsSaid() {
        Session<String> session = open();
        group.next(FakeGroup.NO_LEADER, FakeGroup.SILENCE).next(10_000, FakeGroup.NO_LEADER);
        CompletableFuture<String> result = submit(session, "a");
        clock.advance(Duration.ofSeconds(10));
        assertThat(failure(result))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("SessionOptions.deadline is PT10S")
                .hasCauseInstanceOf(NotLeaderException.class);
        assertThat(failure(result).safeToRetry()).isFalse();
    }

    /** Once a later command is answered, one that was given up has either happened or never will. */
    @Test
    void aCommandThatWasGivenUpTakesNoEffectBehindALaterOne() {
        Session<String> session = open();
        List<Runnable> inTheNetwork = new ArrayList<>();
        group.next(1, apply -> {
            inTheNetwork.add(() -> assertThat(apply.get()).isEqualTo(new SessionReply.Stale<>(1, 1)));
            return new CompletableFuture<>();
        });
        group.next(9, FakeGroup.SILENCE);
        CompletableFuture<String> lost = submit(session, "lost");
        clock.advance(Duration.ofSeconds(10));
        assertThat(failure(lost)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(submit(session, "later")).isCompletedWithValue("later#1");
        inTheNetwork.forEach(Runnable::run);
        assertThat(inTheNetwork).hasSize(1);
        assertThat(group.replica.journal.lines()).containsExactly("later");
    }

    @Test
    void commandsOvertakeOneThatWasLostAndEachHappensOnce() {
        Session<String> session = open();
        group.next(FakeGroup.LOST, FakeGroup.ANSWER_LOST);
        CompletableFuture<String> one = submit(session, "one");
        CompletableFuture<String> two = submit(session, "two");
        CompletableFuture<String> three = submit(session, "three");
        assertThat(three).isCompletedWithValue("three#2");
        clock.advance(Duration.ofSeconds(1));
        assertThat(one).isCompletedWithValue("one#3");
        assertThat(two).isCompletedWithValue("two#1");
        assertThat(group.replica.journal.lines()).containsExactly("two", "three", "one");
    }

    @Test
    void oneCommandTooManyInFlightIsRefused() {
        Session<String> session = open();
        group.next(4, FakeGroup.SILENCE);
        CompletableFuture<String> stuck = submit(session, "1");
        for (int i = 2; i <= 4; i++) {
            assertThat(submit(session, Integer.toString(i))).isNotDone();
        }
        assertThat(failure(submit(session, "5")))
                .isInstanceOf(OverloadedException.class)
                .hasMessageContaining("maxInFlight is 4");
        clock.advance(Duration.ofSeconds(1));
        assertThat(stuck).isCompletedWithValue("1#1");
        assertThat(submit(session, "6")).isCompletedWithValue("6#5");
    }

    /** What lies behind a command without an answer cannot be acknowledged. */
    @Test
    void whoIsTooFarAheadOfTheOldestWaitsForIt() {
        group.replica.apply(SessionCommand.setLimits(
                group.replica.machine.limits().withMaxResultsPerSession(3), clock.epochMillis()));
        Session<String> session = open();
        group.next(FakeGroup.SILENCE);
        CompletableFuture<String> stuck = submit(session, "1");
        assertThat(submit(session, "2")).isCompletedWithValue("2#1");
        assertThat(submit(session, "3")).isCompletedWithValue("3#2");
        CompletableFuture<String> waiting = submit(session, "4");
        clock.advance(Duration.ofMillis(900));
        assertThat(waiting).isNotDone();
        clock.advance(Duration.ofMillis(600));
        assertThat(stuck).isCompletedWithValue("1#3");
        assertThat(waiting).isCompletedWithValue("4#4");
    }

    @Test
    void anIdleSessionKeepsItselfAliveAndLetsGoOfItsLastResult() {
        Session<String> session = open();
        Session<String> other = open();
        assertThat(submit(session, "a")).isDone();
        for (int i = 0; i < 100; i++) {
            clock.advance(LIFE.dividedBy(4));
            assertThat(submit(other, "b")).isDone();
        }
        assertThat(group.replica.machine.resultBytes()).isEqualTo(32 + "b#101".length());
        assertThat(submit(session, "c")).isCompletedWithValue("c#102");
        // A keep-alive each third of a life, and none for the busy one.
        assertThat(group.proposals()).isBetween(2 + 102 + 70, 2 + 102 + 80);
    }

    @Test
    void keepAlivesAreRepeatedTheySurviveALongBreak() {
        Session<String> session = open();
        clock.advance(Duration.ofSeconds(19));
        group.next(10_000, FakeGroup.NO_LEADER);
        clock.advance(Duration.ofSeconds(40));
        group.forgetWhatWasComing();
        clock.advance(Duration.ofSeconds(5));
        assertThat(submit(session, "a")).isCompletedWithValue("a#1");
        assertThat(session.isOver()).isFalse();
    }

    @Test
    void anExpiredSessionSaysWhatItDoesNotKnow() {
        Session<String> session = open();
        group.next(FakeGroup.ANSWER_LOST, FakeGroup.NO_LEADER).next(10_000, FakeGroup.NO_LEADER);
        CompletableFuture<String> inDoubt = submit(session, "a");
        CompletableFuture<String> untouched = submit(session, "b");
        clock.advance(Duration.ofSeconds(2));
        // The rest of the world goes on, with clocks of its own.
        group.replica.open(clock.epochMillis() + LIFE.toMillis() + 1);
        group.forgetWhatWasComing();
        clock.advance(Duration.ofSeconds(1));
        assertThat(failure(inDoubt)).isInstanceOf(SessionExpiredException.class).hasMessageContaining("has expired");
        assertThat(failure(inDoubt).safeToRetry()).isFalse();
        assertThat(failure(untouched)).isInstanceOf(SessionExpiredException.class);
        assertThat(failure(untouched).safeToRetry()).isTrue();
        assertThat(group.replica.journal.lines()).containsExactly("a");
        assertThat(session.isOver()).isTrue();
        assertThat(failure(submit(session, "c")).safeToRetry()).isTrue();
        session.close();
        int sent = group.proposals();
        clock.advance(LIFE.multipliedBy(3));
        assertThat(group.proposals()).isEqualTo(sent);
        assertThat(clock.timers()).isZero();
    }

    /** What is still on its way when the session is found to have expired may have been applied before that. */
    @Test
    void anAnswerThatIsOnItsWayWhenTheSessionExpiresCounts() {
        Session<String> session = open();
        CompletableFuture<SessionReply<String>> slow = new CompletableFuture<>();
        List<SessionReply<String>> answer = new ArrayList<>();
        group.next(apply -> {
            answer.add(apply.get());
            return slow;
        });
        CompletableFuture<String> result = submit(session, "a");
        group.replica.open(clock.epochMillis() + LIFE.toMillis() + 1);
        assertThat(failure(submit(session, "b"))).isInstanceOf(SessionExpiredException.class);
        assertThat(result).isNotDone();
        slow.complete(answer.get(0));
        assertThat(result).isCompletedWithValue("a#1");
    }

    @Test
    void aCommandWithoutAnswerFailsWhenItsAttemptEndsAfterTheSession() {
        Session<String> session = open();
        group.next(FakeGroup.SILENCE);
        CompletableFuture<String> result = submit(session, "a");
        group.replica.open(clock.epochMillis() + LIFE.toMillis() + 1);
        assertThat(submit(session, "b")).isCompletedExceptionally();
        clock.advance(Duration.ofSeconds(1));
        assertThat(failure(result)).isInstanceOf(SessionExpiredException.class);
        assertThat(failure(result).safeToRetry()).isFalse();
    }

    @Test
    void closingWaitsForWhatIsUnderWay() {
        Session<String> session = open();
        group.next(FakeGroup.NO_LEADER);
        CompletableFuture<String> result = submit(session, "a");
        session.close();
        session.close();
        assertThat(failure(submit(session, "b"))).hasMessageContaining("was closed");
        assertThat(group.replica.machine.sessionCount()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(result).isCompletedWithValue("a#1");
        assertThat(group.replica.machine.sessionCount()).isZero();
        assertThat(group.proposals()).isEqualTo(1 + 2 + 1);
        clock.advance(LIFE);
        assertThat(clock.timers()).isZero();
    }

    @Test
    void closingIsRepeatedUntilItIsAnswered() {
        Session<String> session = open();
        group.next(FakeGroup.LOST, FakeGroup.SILENCE);
        session.close();
        clock.advance(Duration.ofSeconds(2));
        assertThat(group.replica.machine.sessionCount()).isZero();
    }

    @Test
    void whatCannotPassIsNotRepeated() {
        Session<String> session = open();
        group.next(apply -> CompletableFuture.failedFuture(new CommandTooLargeException("1 MiB is the limit")));
        assertThat(failure(submit(session, "a"))).isInstanceOf(CommandTooLargeException.class);
        group.next(apply -> {
            throw new IllegalStateException("broken");
        });
        assertThat(failure(submit(session, "b")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasRootCauseMessage("broken");
        assertThat(group.proposals()).isEqualTo(1 + 2);
    }

    @Test
    void aFullTableIsWaitedForUntilTheDeadline() {
        List<Session<String>> sessions = List.of(open(), open(), open());
        CompletableFuture<Session<String>> fourth = Session.open(group, OPTIONS, clock);
        CompletableFuture<Session<String>> fifth = Session.open(group, OPTIONS, clock);
        clock.advance(Duration.ofSeconds(5));
        assertThat(fourth).isNotDone();
        sessions.get(0).close();
        clock.advance(Duration.ofSeconds(1));
        assertThat(fourth).isCompleted();
        clock.advance(Duration.ofSeconds(4));
        assertThat(failure(fifth)).isInstanceOf(OverloadedException.class).hasMessageContaining("maxSessions is 3");
    }

    @Test
    void aWayOfYourOwnMayLeadPastAClosedNode() {
        Session<String> session = open();
        group.next(apply -> CompletableFuture.failedFuture(new NodeClosedException("closed")));
        CompletableFuture<String> result = submit(session, "a");
        clock.advance(Duration.ofSeconds(1));
        assertThat(result).isCompletedWithValue("a#1");
    }

    @Test
    void aSessionAtOneNodeEndsWithIt() {
        ProposingNode node = new ProposingNode(group);
        Session<String> session = Session.open(node, OPTIONS, clock).join();
        group.next(FakeGroup.ANSWER_LOST)
                .next(10_000, apply -> CompletableFuture.failedFuture(new NodeClosedException("closed")));
        CompletableFuture<String> inDoubt = submit(session, "a");
        clock.advance(Duration.ofSeconds(1));
        assertThat(failure(inDoubt)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(failure(submit(session, "b"))).isInstanceOf(NodeClosedException.class);
        assertThat(group.proposals()).isEqualTo(1 + 3);
        clock.advance(LIFE);
        assertThat(session.isOver()).isTrue();
        assertThat(failure(submit(session, "c"))).hasMessageContaining("node of session 2 has ended");
        clock.advance(LIFE.multipliedBy(2));
        assertThat(clock.timers()).isZero();
        assertThatThrownBy(() -> Session.open(node, OPTIONS, clock).join())
                .hasCauseInstanceOf(NodeClosedException.class);
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> OPTIONS.withMaxInFlight(0)).hasMessageContaining("maxInFlight is 0");
        assertThatThrownBy(() -> OPTIONS.withDeadline(Duration.ZERO)).hasMessageContaining("deadline is PT0S");
        assertThatThrownBy(() -> OPTIONS.withAttemptTimeout(Duration.ofDays(2))).hasMessageContaining("at most PT24H");
        assertThatThrownBy(() -> OPTIONS.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("at least minBackoff, PT2S");
    }
}
