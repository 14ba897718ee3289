package io.jangada.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.RaftStatus;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The checkers of memberships, of logs that begin behind a snapshot, and of reads that may be old: each catches what it is there for. */
class GroupCheckersTest {
    private static final NodeId ONE = NodeId.of(1);
    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);
    private static final NodeId FOUR = NodeId.of(4);
    private static final Membership INITIAL = Membership.ofVoters(ONE, TWO, THREE);

    private static void expectViolation(String promise, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(SafetyViolation.class, violation -> assertThat(violation.promise())
                        .isEqualTo(promise));
    }

    private static Membership membership(List<NodeId> voters, List<NodeId> learners, List<NodeId> outgoing) {
        return new Membership(voters, learners, outgoing, new TreeMap<>(), new TreeMap<>());
    }

    private static Entry entry(long index, long term) {
        return Entry.command(index, term, new byte[] {(byte) index, (byte) term});
    }

    private static WriteBatch append(Entry... entries) {
        return new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(entries));
    }

    private static WriteBatch begin(LogBase base, Entry... entries) {
        return new WriteBatch(1, null, base, WriteBatch.KEEP_ALL, List.of(entries));
    }

    private static LogMirror disk(NodeId node, Entry... durable) {
        LogMirror mirror = new LogMirror(node);
        mirror.write(append(durable));
        mirror.sync();
        return mirror;
    }

    /** Entries 1 to 3 of term 1, committed. */
    private static CommittedLedger ledger() {
        CommittedLedger ledger = new CommittedLedger();
        LogMirror one = disk(ONE, entry(1, 1), entry(2, 1), entry(3, 1));
        LogMirror two = disk(TWO, entry(1, 1), entry(2, 1), entry(3, 1));
        ledger.committed(3, 1, List.of(one, two), List.of(INITIAL));
        return ledger;
    }

    private static RaftStatus status(RoleName role, long commit, MembershipAt membership) {
        return new RaftStatus(ONE, role, 2, NodeId.NONE, 1, 9, 9, commit, 0, membership, Damage.NONE);
    }

    @Nested
    class JointMajorities {
        private final Membership joint = membership(List.of(ONE, FOUR), List.of(), List.of(ONE, TWO, THREE));
        private final CommittedLedger ledger = new CommittedLedger();
        private final LogMirror one = disk(ONE, entry(1, 1));
        private final LogMirror two = disk(TWO, entry(1, 1));
        private final LogMirror four = disk(FOUR, entry(1, 1));

        @Test
        void needBothHalves() {
            expectViolation("CommittedIsDurable", () -> ledger.committed(1, 1, List.of(one, two), List.of(joint)));
            expectViolation("CommittedIsDurable", () -> ledger.committed(1, 1, List.of(one, four), List.of(joint)));
            ledger.committed(1, 1, List.of(one, two, four), List.of(joint));
            assertThat(ledger.last()).isEqualTo(1);
        }

        @Test
        void countNoLearners() {
            Membership learning = membership(List.of(ONE, THREE), List.of(TWO, FOUR), List.of());
            expectViolation(
                    "CommittedIsDurable", () -> ledger.committed(1, 1, List.of(one, two, four), List.of(learning)));
        }
    }

    @Nested
    class Memberships {
        private final MembershipSafety checker = new MembershipSafety(INITIAL);

        private void commit(long index, Membership membership) {
            checker.written(Entry.membership(index, 1, membership));
            checker.committed(index, 1);
        }

        @Test
        void changeVotersThroughAJointOneOnly() {
            commit(2, membership(List.of(ONE, TWO, THREE), List.of(FOUR), List.of()));
            commit(3, membership(List.of(ONE, TWO, FOUR), List.of(), List.of(ONE, TWO, THREE)));
            expectViolation("MembershipSafety", () -> commit(4, Membership.ofVoters(ONE, TWO, THREE)));
            commit(5, Membership.ofVoters(ONE, TWO, FOUR));
            expectViolation("MembershipSafety", () -> commit(6, Membership.ofVoters(ONE, TWO)));
            assertThat(checker.jointEntries()).isEqualTo(1);
            assertThat(checker.memberships()).isEqualTo(3);
            assertThat(checker.committedAt(4).index()).isEqualTo(3);
        }

        @Test
        void areOpenOneAtATime() {
            checker.observed(status(RoleName.LEADER, 3, new MembershipAt(4, INITIAL)));
            expectViolation(
                    "MembershipSafety",
                    () -> checker.observed(status(RoleName.LEADER, 3, new MembershipAt(5, INITIAL))));
        }

        @Test
        void areWhatIsCommitted() {
            checker.shown(status(RoleName.FOLLOWER, 3, new MembershipAt(0, INITIAL)));
            checker.shown(status(RoleName.FOLLOWER, 1, new MembershipAt(0, Membership.NONE)));
            Membership other = Membership.ofVoters(ONE, TWO);
            expectViolation(
                    "MembershipSafety", () -> checker.shown(status(RoleName.FOLLOWER, 3, new MembershipAt(0, other))));
            commit(2, membership(List.of(ONE, TWO, THREE), List.of(FOUR), List.of()));
            expectViolation(
                    "MembershipSafety",
                    () -> checker.shown(status(RoleName.FOLLOWER, 3, new MembershipAt(0, INITIAL))));
        }

        @Test
        void electVotersByMajorities() {
            RaftStatus leader = status(RoleName.LEADER, 3, new MembershipAt(0, INITIAL));
            checker.elected(leader, Set.of(TWO));
            expectViolation("MembershipSafety", () -> checker.elected(leader, Set.of(FOUR)));
            Membership without = Membership.ofVoters(TWO, THREE);
            RaftStatus stranger = status(RoleName.LEADER, 3, new MembershipAt(2, without));
            expectViolation("MembershipSafety", () -> checker.elected(stranger, Set.of(TWO, THREE)));
            RaftStatus needed = status(RoleName.LEADER, 1, new MembershipAt(2, without));
            checker.elected(needed, Set.of(TWO, THREE));
        }

        @Test
        void askVotersOnly() {
            checker.asks(new VoteRequest(ONE, FOUR, 2, 1, 1));
            expectViolation(
                    "MembershipSafety",
                    () -> checker.observed(status(RoleName.CANDIDATE, 3, new MembershipAt(0, INITIAL))));
        }

        @Test
        void areWhatWasPromised() {
            Membership after = membership(List.of(ONE, TWO, THREE), List.of(FOUR), List.of());
            commit(2, after);
            MembershipAt result = new MembershipAt(2, after);
            MembershipChange learner = MembershipChange.of(new MembershipStep.AddLearner(FOUR, MemberInfo.UNKNOWN));
            checker.changed(learner, result, 0);
            MembershipChange removal = MembershipChange.of(new MembershipStep.Remove(THREE));
            expectViolation("MembershipSafety", () -> checker.changed(removal, result, 0));
            expectViolation("MembershipSafety", () -> checker.changed(learner, new MembershipAt(1, after), 0));
        }
    }

    @Nested
    class LogsBehindASnapshot {
        private final CommittedLedger ledger = ledger();
        private final LogMirror mirror = disk(THREE, entry(1, 1), entry(2, 1), entry(3, 1), entry(4, 1));

        private static LogState state(long first, long last) {
            return new LogState(
                    HardState.INITIAL, first, last, first == 1 ? 0 : 1, List.of(new TermStart(first, 1)), List.of());
        }

        @Test
        void mayBeginEarlierOrAsAsked() {
            mirror.write(begin(new LogBase(2, 1, false)));
            mirror.sync();
            assertThat(mirror.base()).isEqualTo(2);
            mirror.recovered(state(3, 4), List.of(entry(3, 1), entry(4, 1)), ledger);
            mirror.write(begin(new LogBase(3, 1, false)));
            mirror.recovered(state(3, 4), List.of(entry(3, 1), entry(4, 1)), ledger);
            assertThat(mirror.lastDurable()).isEqualTo(4);
        }

        @Test
        void mayNotBeginLaterThanAsked() {
            expectViolation(
                    "DurableStream", () -> mirror.recovered(state(3, 4), List.of(entry(3, 1), entry(4, 1)), ledger));
        }

        @Test
        void loseWhatContradictsTheSnapshot() {
            mirror.write(begin(new LogBase(3, 1, true), entry(4, 2)));
            mirror.sync();
            expectViolation(
                    "DurableStream",
                    () -> mirror.recovered(
                            state(1, 4), List.of(entry(1, 1), entry(2, 1), entry(3, 1), entry(4, 1)), ledger));
        }

        @Test
        void beginBehindCommittedEntriesOnly() {
            ledger.begins(mirror, new LogBase(3, 1, true));
            expectViolation("CommittedIsDurable", () -> ledger.begins(mirror, new LogBase(4, 1, false)));
            expectViolation("CommittedIsDurable", () -> ledger.begins(mirror, new LogBase(3, 2, false)));
            expectViolation("CommittedIsDurable", () -> ledger.begins(mirror, new LogBase(2, 1, true)));
        }

        @Test
        void needASnapshot() {
            MembershipSafety memberships = new MembershipSafety(INITIAL);
            SnapshotSafety checker = new SnapshotSafety();
            MembershipAt initial = new MembershipAt(0, INITIAL);
            expectViolation("SnapshotSafety", () -> checker.begins(THREE, new LogBase(2, 1, false)));
            checker.stored(THREE, new SnapshotMeta(2, 1, initial, 10, 77), ledger, memberships);
            checker.begins(THREE, new LogBase(2, 1, false));
            expectViolation("SnapshotSafety", () -> checker.begins(THREE, new LogBase(3, 1, false)));
            expectViolation("SnapshotSafety", () -> checker.started(THREE, null, state(1, 3)));
            expectViolation(
                    "SnapshotSafety",
                    () -> checker.stored(THREE, new SnapshotMeta(4, 1, initial, 10, 77), ledger, memberships));
            MembershipAt other = new MembershipAt(0, Membership.ofVoters(ONE));
            expectViolation(
                    "SnapshotSafety",
                    () -> checker.stored(THREE, new SnapshotMeta(3, 1, other, 10, 77), ledger, memberships));
        }

        @Test
        void giveTheStateThatTheCommandsGive() {
            StateMachineSafety checker = new StateMachineSafety();
            checker.state(ONE, 2, 77);
            checker.restored(TWO, 3, 77, ledger);
            expectViolation("StateMachineSafety", () -> checker.restored(TWO, 3, 78, ledger));
            expectViolation("StateMachineSafety", () -> checker.restored(TWO, 4, 77, ledger));
        }
    }

    @Test
    void freshReadsCatchesAnswersThatAreTooOldOrGoBack() {
        FreshReads checker = new FreshReads();
        checker.told(100, 5);
        checker.told(200, 7);
        checker.notOlderThan(ONE, 200, 5);
        expectViolation("FreshReads", () -> checker.notOlderThan(ONE, 201, 5));
        checker.seen(ONE, 7);
        checker.seen(TWO, 3);
        expectViolation("FreshReads", () -> checker.seen(ONE, 6));
        checker.started(ONE);
        checker.seen(ONE, 2);
    }
}
