package io.jangada.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each checker catches the violation that it is there for, and lets its lawful neighbours pass. */
class CheckersTest {
    private static final NodeId ONE = NodeId.of(1);
    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);

    private static final List<Membership> ALL = List.of(Membership.ofVoters(ONE, TWO, THREE));

    private static LogState log(HardState hardState, Entry... entries) {
        List<TermStart> terms = new ArrayList<>();
        for (Entry entry : entries) {
            if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
                terms.add(new TermStart(entry.index(), entry.term()));
            }
        }
        return new LogState(hardState, 1, entries.length, terms);
    }

    private static void expectViolation(String promise, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(SafetyViolation.class, violation -> assertThat(violation.promise())
                        .isEqualTo(promise));
    }

    private static Entry entry(long index, long term) {
        return Entry.command(index, term, new byte[] {(byte) index, (byte) term});
    }

    private static WriteBatch append(Entry... entries) {
        return new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(entries));
    }

    private static WriteBatch vote(long term, NodeId candidate) {
        return new WriteBatch(1, new HardState(term, candidate), WriteBatch.KEEP_ALL, List.of());
    }

    private static LogMirror disk(NodeId node, Entry... durable) {
        LogMirror mirror = new LogMirror(node);
        mirror.write(append(durable));
        mirror.sync();
        return mirror;
    }

    @Test
    void electionSafetyCatchesTwoLeadersOfOneTerm() {
        ElectionSafety checker = new ElectionSafety();
        assertThat(checker.leads(ONE, 4)).isTrue();
        assertThat(checker.leads(ONE, 4)).isFalse();
        assertThat(checker.leads(TWO, 5)).isTrue();
        expectViolation("ElectionSafety", () -> checker.leads(TWO, 4));
    }

    @Test
    void oneVotePerTermCatchesASecondVote() {
        OneVotePerTerm checker = new OneVotePerTerm();
        checker.votes(ONE, 4, TWO);
        checker.votes(ONE, 4, TWO);
        checker.votes(ONE, 5, THREE);
        expectViolation("OneVotePerTerm", () -> checker.votes(ONE, 4, THREE));
    }

    @Test
    void logMatchingCatchesDifferentContentAndDifferentPast() {
        LogMatching checker = new LogMatching();
        checker.written(3, new Slot(2, 77), 1);
        checker.written(3, new Slot(2, 77), 1);
        checker.written(3, new Slot(3, 78), 2);
        expectViolation("LogMatching", () -> checker.written(3, new Slot(2, 78), 1));
        expectViolation("LogMatching", () -> checker.written(3, new Slot(2, 77), 2));
    }

    @Nested
    class PromiseDurabilityTest {
        private final PromiseDurability checker = new PromiseDurability();

        @Test
        void catchesAVoteThatTheDiskDoesNotKnow() {
            LogMirror mirror = new LogMirror(ONE);
            mirror.write(vote(4, TWO));
            VoteResponse granted = new VoteResponse(ONE, TWO, 4, true);
            expectViolation("PromiseDurability", () -> checker.sent(granted, mirror));
            checker.sent(new VoteResponse(ONE, TWO, 4, false), mirror);
            mirror.sync();
            checker.sent(granted, mirror);
            expectViolation("PromiseDurability", () -> checker.sent(new VoteResponse(ONE, THREE, 4, true), mirror));
        }

        @Test
        void catchesACandidacyThatTheDiskDoesNotKnow() {
            LogMirror mirror = new LogMirror(ONE);
            mirror.write(vote(4, ONE));
            VoteRequest request = new VoteRequest(ONE, TWO, 4, 0, 0);
            expectViolation("PromiseDurability", () -> checker.sent(request, mirror));
            mirror.sync();
            checker.sent(request, mirror);
        }

        @Test
        void catchesAnAcknowledgementOfEntriesThatAreNotDurable() {
            LogMirror mirror = disk(ONE, entry(1, 1));
            mirror.write(append(entry(2, 1)));
            checker.sent(AppendResponse.matched(ONE, TWO, 1, 1), mirror);
            expectViolation("PromiseDurability", () -> checker.sent(AppendResponse.matched(ONE, TWO, 1, 2), mirror));
        }

        @Test
        void letsALateAnswerOfAnOlderTermPass() {
            LogMirror mirror = disk(ONE, entry(1, 1), entry(2, 1));
            mirror.write(new WriteBatch(2, new HardState(3, NodeId.NONE), 1, List.of()));
            mirror.sync();
            checker.sent(AppendResponse.matched(ONE, TWO, 1, 2), mirror);
            checker.sent(new VoteResponse(ONE, TWO, 2, true), mirror);
        }
    }

    @Nested
    class LogMirrorTest {
        private final LogMirror mirror = disk(ONE, entry(1, 1), entry(2, 1));

        @Test
        void acceptsEveryPrefixOfTheUnsyncedStream() {
            HardState before = HardState.INITIAL;
            HardState after = new HardState(2, TWO);
            recovers(before, entry(1, 1), entry(2, 1));
            recovers(after, entry(1, 1), entry(2, 1));
            recovers(after, entry(1, 1));
            recovers(after, entry(1, 1), entry(2, 2));
            recovers(after, entry(1, 1), entry(2, 2), entry(3, 2));
        }

        private void recovers(HardState hardState, Entry... log) {
            LogMirror crashed = disk(ONE, entry(1, 1), entry(2, 1));
            crashed.write(new WriteBatch(2, new HardState(2, TWO), 1, List.of(entry(2, 2), entry(3, 2))));
            crashed.recovered(log(hardState, log), List.of(log), new CommittedLedger());
            assertThat(crashed.lastDurable()).isEqualTo(log.length);
            assertThat(crashed.durableHardState()).isEqualTo(hardState);
        }

        @Test
        void catchesALostDurableEntry() {
            expectViolation(
                    "DurableStream",
                    () -> mirror.recovered(
                            log(HardState.INITIAL, entry(1, 1)), List.of(entry(1, 1)), new CommittedLedger()));
        }

        @Test
        void catchesALostVote() {
            mirror.write(vote(4, TWO));
            mirror.sync();
            expectViolation(
                    "DurableStream",
                    () -> mirror.recovered(
                            log(HardState.INITIAL, entry(1, 1), entry(2, 1)),
                            List.of(entry(1, 1), entry(2, 1)),
                            new CommittedLedger()));
        }

        @Test
        void catchesAnEntryFromNowhere() {
            expectViolation(
                    "DurableStream",
                    () -> mirror.recovered(
                            log(HardState.INITIAL, entry(1, 1), entry(2, 1), entry(3, 1)),
                            List.of(entry(1, 1), entry(2, 1), entry(3, 1)),
                            new CommittedLedger()));
        }

        @Test
        void catchesEntriesThatOvertakeTheTermTheyCameWith() {
            mirror.write(new WriteBatch(2, new HardState(2, TWO), WriteBatch.KEEP_ALL, List.of(entry(3, 2))));
            expectViolation(
                    "DurableStream",
                    () -> mirror.recovered(
                            log(HardState.INITIAL, entry(1, 1), entry(2, 1), entry(3, 2)),
                            List.of(entry(1, 1), entry(2, 1), entry(3, 2)),
                            new CommittedLedger()));
        }

        @Test
        void catchesAGapInTheStream() {
            expectViolation("DurableStream", () -> mirror.write(append(entry(4, 1))));
        }
    }

    @Nested
    class CommittedLedgerTest {
        private final CommittedLedger ledger = new CommittedLedger();
        private final LogMirror one = disk(ONE, entry(1, 1), entry(2, 1));
        private final LogMirror two = disk(TWO, entry(1, 1));
        private final LogMirror three = disk(THREE, entry(1, 1), entry(2, 2));

        @Test
        void takesWhatAMajorityHolds() {
            ledger.committed(1, 1, List.of(one, two, three), ALL);
            assertThat(ledger.last()).isEqualTo(1);
            assertThat(ledger.line(1).slot()).isEqualTo(Slot.of(entry(1, 1)));
        }

        @Test
        void catchesACommitWithoutAMajority() {
            expectViolation("CommittedIsDurable", () -> ledger.committed(2, 2, List.of(one, two, three), ALL));
        }

        @Test
        void catchesACommitThatRestsOnUnsyncedCopies() {
            two.write(append(entry(2, 1)));
            expectViolation("CommittedIsDurable", () -> ledger.committed(2, 1, List.of(one, two, three), ALL));
            two.sync();
            ledger.committed(2, 1, List.of(one, two, three), ALL);
        }

        @Test
        void catchesTheTruncationOfACommittedEntry() {
            ledger.committed(1, 1, List.of(one, two, three), ALL);
            ledger.truncated(three, 1);
            expectViolation("CommittedIsDurable", () -> ledger.truncated(three, 0));
        }

        @Test
        void leaderCompletenessCatchesALeaderThatLacksACommittedEntry() {
            LogMirror other = disk(THREE, entry(1, 1), entry(2, 1));
            ledger.committed(2, 1, List.of(one, two, other), ALL);
            LeaderCompleteness checker = new LeaderCompleteness();
            checker.elected(one, 2, ledger);
            checker.elected(two, 1, ledger);
            expectViolation("LeaderCompleteness", () -> checker.elected(two, 2, ledger));
            expectViolation("LeaderCompleteness", () -> checker.elected(three, 3, ledger));
        }

        @Test
        void stateMachineSafetyCatchesUncommittedAndDifferentCommands() {
            ledger.committed(1, 1, List.of(one, two, three), ALL);
            StateMachineSafety checker = new StateMachineSafety();
            checker.applied(ONE, entry(1, 1), ledger);
            expectViolation("StateMachineSafety", () -> checker.applied(ONE, entry(2, 1), ledger));
            expectViolation("StateMachineSafety", () -> checker.applied(ONE, entry(1, 2), ledger));
        }
    }

    @Test
    void stateMachineSafetyCatchesStatesThatDrift() {
        StateMachineSafety checker = new StateMachineSafety();
        checker.state(ONE, 5, 77);
        checker.state(TWO, 5, 77);
        expectViolation("StateMachineSafety", () -> checker.state(THREE, 5, 78));
    }

    @Nested
    class ClientPromisesTest {
        private final ClientPromises checker = new ClientPromises();

        @Test
        void catchesAnAcknowledgementOfNothing() {
            checker.proposed(1);
            expectViolation("ClientPromises", () -> checker.acknowledged(1));
        }

        @Test
        void catchesPhantoms() {
            expectViolation("ClientPromises", () -> checker.applied(ONE, 9, 1));
        }

        @Test
        void catchesACommandThatHappensTwice() {
            checker.proposed(1);
            checker.applied(ONE, 1, 7);
            checker.applied(TWO, 1, 7);
            expectViolation("ClientPromises", () -> checker.applied(TWO, 1, 8));
        }

        @Test
        void catchesARefusedCommandThatHappensBeforeOrAfter() {
            checker.proposed(1);
            checker.refused(1);
            expectViolation("ClientPromises", () -> checker.applied(ONE, 1, 7));
            checker.proposed(2);
            checker.applied(ONE, 2, 8);
            expectViolation("ClientPromises", () -> checker.refused(2));
        }

        @Test
        void catchesALostAcknowledgedCommand() {
            checker.proposed(1);
            checker.proposed(2);
            checker.applied(ONE, 1, 7);
            checker.acknowledged(1);
            checker.survived(ONE, Set.of(1L));
            expectViolation("ClientPromises", () -> checker.survived(TWO, Set.of(2L)));
            assertThat(checker.acknowledgements()).isEqualTo(1);
        }
    }
}
