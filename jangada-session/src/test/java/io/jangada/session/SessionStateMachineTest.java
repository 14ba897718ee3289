package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionStateMachineTest {
    private static final long T = 1_000_000;
    private static final SessionLimits LIMITS = new SessionLimits(1000, 3, 4, 10_000);

    private final Replica replica = new Replica(LIMITS);

    @Test
    void aSessionIsNamedAfterItsPlaceInTheLog() {
        assertThat(replica.apply(SessionCommand.open(T))).isEqualTo(new SessionReply.Opened<>(2, 1000));
        assertThat(replica.apply(SessionCommand.open(T))).isEqualTo(new SessionReply.Opened<>(4, 1000));
        assertThat(replica.machine.sessionCount()).isEqualTo(2);
        assertThat(replica.machine.logTimeMillis()).isEqualTo(T);
    }

    @Test
    void aCopyIsNotExecutedAndGetsTheFirstResult() {
        long session = replica.open(T);
        assertThat(replica.send(session, 1, 0, T)).isEqualTo(new SessionReply.Done<>("s2c1#1", false));
        assertThat(replica.send(session, 2, 0, T)).isEqualTo(new SessionReply.Done<>("s2c2#2", false));
        assertThat(replica.send(session, 1, 0, T)).isEqualTo(new SessionReply.Done<>("s2c1#1", true));
        assertThat(replica.send(session, 2, 1, T)).isEqualTo(new SessionReply.Done<>("s2c2#2", true));
        assertThat(replica.journal.lines()).containsExactly("s2c1", "s2c2");
    }

    @Test
    void sequencesMayArriveInAnyOrderAndAreExecutedAsTheyArrive() {
        long session = replica.open(T);
        for (long sequence : new long[] {3, 1, 3, 2, 1, 4, 2}) {
            assertThat(replica.send(session, sequence, 0, T)).isInstanceOf(SessionReply.Done.class);
        }
        assertThat(replica.journal.lines()).containsExactly("s2c3", "s2c1", "s2c2", "s2c4");
        assertThat(replica.send(session, 1, 0, T)).isEqualTo(new SessionReply.Done<>("s2c1#2", true));
    }

    @Test
    void whatIsAcknowledgedIsForgottenAndItsCopiesAreStale() {
        long session = replica.open(T);
        replica.send(session, 1, 0, T);
        replica.send(session, 3, 0, T);
        long kept = replica.machine.resultBytes();
        replica.send(session, 4, 3, T);
        assertThat(replica.machine.resultBytes()).isEqualTo(kept / 2);
        assertThat(replica.send(session, 1, 0, T)).isEqualTo(new SessionReply.Stale<>(1, 3));
        // Given up before it arrived: then it takes no effect any more.
        assertThat(replica.send(session, 2, 0, T)).isEqualTo(new SessionReply.Stale<>(2, 3));
        assertThat(replica.send(session, 4, 0, T)).isEqualTo(new SessionReply.Done<>("s2c4#3", true));
        assertThat(replica.journal.lines()).containsExactly("s2c1", "s2c3", "s2c4");
    }

    @Test
    void sessionsDoNotKnowOfEachOther() {
        long one = replica.open(T);
        long two = replica.open(T);
        replica.send(one, 1, 0, T);
        assertThat(replica.send(two, 1, 0, T)).isEqualTo(new SessionReply.Done<>("s4c1#2", false));
        assertThat(replica.journal.lines()).containsExactly("s2c1", "s4c1");
    }

    @Test
    void anUnknownOrClosedSessionIsExpired() {
        assertThat(replica.send(77, 1, 0, T)).isEqualTo(new SessionReply.Expired<>(77));
        long session = replica.open(T);
        replica.send(session, 1, 0, T);
        assertThat(replica.apply(SessionCommand.close(session, T))).isEqualTo(new SessionReply.Closed<>());
        assertThat(replica.apply(SessionCommand.close(session, T))).isEqualTo(new SessionReply.Closed<>());
        assertThat(replica.send(session, 1, 0, T)).isEqualTo(new SessionReply.Expired<>(session));
        assertThat(replica.apply(SessionCommand.keepAlive(session, 0, T)))
                .isEqualTo(new SessionReply.Expired<>(session));
        assertThat(replica.journal.lines()).hasSize(1);
        assertThat(replica.machine.resultBytes()).isZero();
    }

    @Test
    void aSessionLastsExactlyItsTimeAfterItsLastCommand() {
        long session = replica.open(T);
        assertThat(replica.send(session, 1, 0, T + 1000)).isInstanceOf(SessionReply.Done.class);
        assertThat(replica.apply(SessionCommand.keepAlive(session, 0, T + 2000)))
                .isEqualTo(new SessionReply.Alive<>());
        // A copy counts as use too: its client is there.
        assertThat(replica.send(session, 1, 0, T + 3000)).isInstanceOf(SessionReply.Done.class);
        assertThat(replica.send(session, 2, 0, T + 4001)).isEqualTo(new SessionReply.Expired<>(session));
        assertThat(replica.journal.lines()).hasSize(1);
    }

    @Test
    void logTimeNeverGoesBack() {
        long early = replica.open(T);
        long other = replica.open(T + 900);
        // A clock that is behind does not make others older, and its use counts from log time.
        assertThat(replica.send(early, 1, 0, 5)).isInstanceOf(SessionReply.Done.class);
        assertThat(replica.machine.logTimeMillis()).isEqualTo(T + 900);
        assertThat(replica.send(other, 1, 0, T + 1900)).isInstanceOf(SessionReply.Done.class);
        assertThat(replica.send(early, 2, 0, T + 1900)).isInstanceOf(SessionReply.Done.class);
    }

    @Test
    void theCommandsOfOthersEndASession() {
        long idle = replica.open(T);
        replica.send(idle, 1, 0, T);
        long busy = replica.open(T + 600);
        replica.send(busy, 1, 0, T + 1000);
        assertThat(replica.machine.sessionCount()).isEqualTo(2);
        replica.send(busy, 2, 1, T + 1001);
        assertThat(replica.machine.sessionCount()).isEqualTo(1);
        assertThat(replica.machine.resultBytes()).isEqualTo(TrackedSession.RESULT_OVERHEAD_BYTES + "s6c2#3".length());
    }

    @Test
    void oneSessionTooManyIsRefusedAndNoneIsLost() {
        for (int i = 0; i < 3; i++) {
            replica.open(T);
        }
        SessionReply<String> refused = replica.apply(SessionCommand.open(T));
        assertThat(refused).isInstanceOfSatisfying(SessionReply.Refused.class, reply -> {
            assertThat(reply.reason()).isEqualTo(SessionReply.Reason.TOO_MANY_SESSIONS);
            assertThat(reply.detail()).contains("3 sessions", "maxSessions", "close");
        });
        assertThat(replica.machine.sessionCount()).isEqualTo(3);
        assertThat(replica.apply(SessionCommand.open(T + 1001))).isInstanceOf(SessionReply.Opened.class);
        assertThat(replica.machine.sessionCount()).isEqualTo(1);
    }

    @Test
    void oneResultTooManyIsRefusedBeforeItTakesEffectAndTakenLater() {
        long session = replica.open(T);
        for (int sequence = 1; sequence <= 4; sequence++) {
            replica.send(session, sequence, 0, T);
        }
        assertRefused(
                replica.send(session, 5, 0, T), SessionReply.Reason.TOO_MANY_RESULTS, "maxResultsPerSession is 4");
        assertThat(replica.journal.lines()).hasSize(4);
        assertThat(replica.send(session, 4, 0, T)).isEqualTo(new SessionReply.Done<>("s2c4#4", true));
        assertThat(replica.send(session, 5, 1, T)).isEqualTo(new SessionReply.Done<>("s2c5#5", false));
    }

    @Test
    void bytesOfResultsAreLimitedForAllTogether() {
        replica.apply(SessionCommand.setLimits(LIMITS.withMaxResultBytes(60), T));
        long one = replica.open(T);
        long two = replica.open(T);
        replica.send(one, 1, 0, T); // 38 bytes.
        replica.send(two, 1, 0, T); // Below the limit before, above it behind: the one that is over.
        assertThat(replica.machine.resultBytes()).isEqualTo(76);
        assertRefused(replica.send(two, 2, 0, T), SessionReply.Reason.TOO_MANY_RESULT_BYTES, "maxResultBytes is 60");
        assertThat(replica.journal.lines()).hasSize(2);
        // The copy of one that was executed is answered all the same.
        assertThat(replica.send(one, 1, 0, T)).isEqualTo(new SessionReply.Done<>("s4c1#1", true));
        replica.apply(SessionCommand.keepAlive(one, 1, T));
        assertThat(replica.send(two, 2, 0, T)).isEqualTo(new SessionReply.Done<>("s6c2#3", false));
    }

    /** Otherwise two limits would hold each other: nothing can be acknowledged before the oldest is answered. */
    @Test
    void theOldestCommandIsTakenAtEveryLimit() {
        replica.apply(SessionCommand.setLimits(LIMITS.withMaxResultBytes(60), T));
        long session = replica.open(T);
        replica.send(session, 2, 0, T);
        replica.send(session, 3, 0, T);
        assertRefused(replica.send(session, 4, 0, T), SessionReply.Reason.TOO_MANY_RESULT_BYTES, "76 bytes");
        assertThat(replica.send(session, 1, 0, T)).isEqualTo(new SessionReply.Done<>("s4c1#3", false));
        long greedy = replica.open(T);
        assertRefused(replica.send(greedy, 1, 0, T), SessionReply.Reason.TOO_MANY_RESULT_BYTES, "114 bytes");
        assertThat(replica.send(session, 4, 3, T)).isEqualTo(new SessionReply.Done<>("s4c4#4", false));
    }

    private static void assertRefused(SessionReply<String> reply, SessionReply.Reason reason, String detail) {
        assertThat(reply).isInstanceOf(SessionReply.Refused.class);
        SessionReply.Refused<String> refused = (SessionReply.Refused<String>) reply;
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.detail()).contains(detail);
    }

    @Test
    void limitsChangeByACommand() {
        long session = replica.open(T);
        SessionLimits longer = LIMITS.withTimeToLive(Duration.ofSeconds(5)).withMaxSessions(1);
        assertThat(replica.apply(SessionCommand.setLimits(longer, T))).isEqualTo(new SessionReply.LimitsSet<>());
        assertThat(replica.machine.limits()).isEqualTo(longer);
        assertThat(replica.send(session, 1, 0, T + 5000)).isInstanceOf(SessionReply.Done.class);
        assertRefused(
                replica.apply(SessionCommand.open(T + 5000)),
                SessionReply.Reason.TOO_MANY_SESSIONS,
                "maxSessions is 1");
    }

    @Test
    void memoryIsFreedByAcknowledgingAndByTime() {
        Replica many = new Replica(SessionLimits.DEFAULT.withTimeToLive(Duration.ofSeconds(1)));
        for (int i = 0; i < 50_000; i++) {
            long now = T + i;
            long session = many.open(now);
            many.send(session, 1, 0, now);
            many.send(session, 2, 1, now);
            // One a millisecond, and each lasts a second.
            assertThat(many.machine.sessionCount()).isLessThanOrEqualTo(1001);
        }
        assertThat(many.machine.resultBytes()).isLessThan(1001 * 64L);
        many.apply(SessionCommand.open(T + 100_000));
        assertThat(many.machine.sessionCount()).isEqualTo(1);
        assertThat(many.machine.resultBytes()).isZero();
    }

    @Test
    void aDurableStateMachineIsRefusedAtOnce() {
        assertThatThrownBy(() -> new SessionStateMachine<>(new Durable(17), ResultCodec.TEXT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Durable", "lastApplied() is 17", "Keep the state in memory");
    }

    /** An empty store looks like memory until something is in it. */
    @Test
    void aDurableStateMachineIsFoundOutAtItsFirstCommand() {
        SessionStateMachine<String> machine = new SessionStateMachine<>(new Durable(0), ResultCodec.TEXT);
        machine.apply(1, 1, SessionCommand.open(T));
        machine.apply(2, 1, SessionCommand.of(1, 1, 0, T, Journal.line("x")));
        assertThatThrownBy(() -> machine.batchApplied(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lastApplied() is 2");
    }

    private static final class Durable implements StateMachine<String> {
        private long stored;

        Durable(long stored) {
            this.stored = stored;
        }

        @Override
        public long lastApplied() {
            return stored;
        }

        @Override
        public String apply(long index, long term, byte[] command) {
            stored = index;
            return "";
        }
    }

    @Test
    void batchesReachTheStateMachineAndWithoutSnapshotsThereAreNone() {
        List<Long> ends = new ArrayList<>();
        StateMachine<String> plain = new StateMachine<>() {
            @Override
            public String apply(long index, long term, byte[] command) {
                return index + "@" + term;
            }

            @Override
            public void batchApplied(long index) {
                ends.add(index);
            }
        };
        SessionStateMachine<String> machine = new SessionStateMachine<>(plain, ResultCodec.TEXT);
        machine.apply(5, 2, SessionCommand.open(T));
        assertThat(machine.apply(6, 3, SessionCommand.of(5, 1, 0, T, new byte[0])))
                .isEqualTo(new SessionReply.Done<>("6@3", false));
        machine.batchApplied(6);
        machine.batchApplied(9);
        assertThat(ends).containsExactly(6L, 9L);
        assertThat(machine.snapshot()).isEmpty();
        assertThat(machine.lastApplied()).isZero();
    }
}
