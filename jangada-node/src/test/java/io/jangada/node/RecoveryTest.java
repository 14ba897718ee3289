package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.NodeStatus.Health;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Where the state comes from when a node starts: its own store, the snapshot, or the log. */
class RecoveryTest {
    private static final NodeId FIRST = NodeId.of(1);
    private static final Optional<SnapshotMeta> AT_20 = Optional.of(snapshot(20, 3));

    private static SnapshotMeta snapshot(long index, long term) {
        return new SnapshotMeta(index, term, new MembershipAt(0, Membership.ofVoters(FIRST)), 0, 0);
    }

    /** Entries {@code first..last} of term 3. */
    private static LogState log(long first, long last) {
        List<TermStart> terms = last < first ? List.of() : List.of(new TermStart(first, 3));
        return new LogState(HardState.INITIAL, first, last, first == 1 ? 0 : 3, terms, List.of());
    }

    @Test
    void withoutASnapshotTheLogIsAppliedFromWhereTheStateMachineIs() {
        Recovery recovery = Recovery.of(log(1, 30), Optional.empty(), 7);
        assertThat(recovery.restore()).isNull();
        assertThat(recovery.machineAt()).isEqualTo(7);
        assertThat(recovery.recovered().applied()).isEqualTo(7);
        assertThat(recovery.termWhereStarted()).isEqualTo(3);
    }

    @Test
    void aStateMachineInMemoryIsRestored() {
        Recovery recovery = Recovery.of(log(1, 30), AT_20, 0);
        assertThat(recovery.restore()).isEqualTo(AT_20.orElseThrow());
        assertThat(recovery.recovered().applied()).isEqualTo(20);
        assertThat(recovery.termWhereStarted()).isEqualTo(3);
    }

    @Test
    void aDurableStateMachineThatIsFurtherStaysAsItIs() {
        Recovery recovery = Recovery.of(log(15, 30), AT_20, 25);
        assertThat(recovery.restore()).isNull();
        assertThat(recovery.machineAt()).isEqualTo(25);
        assertThat(recovery.recovered().applied()).isEqualTo(25);
    }

    @Test
    void aDurableStateMachineThatIsBehindTakesTheRestFromTheLogIfItIsThere() {
        Recovery recovery = Recovery.of(log(11, 30), AT_20, 10);
        assertThat(recovery.restore()).isNull();
        assertThat(recovery.machineAt()).isEqualTo(10);
        assertThat(recovery.recovered().applied()).isEqualTo(20);
    }

    @Test
    void aDurableStateMachineThatMissesEntriesIsRestored() {
        assertThat(Recovery.of(log(12, 30), AT_20, 10).restore()).isNotNull();
        assertThat(Recovery.of(log(1, 19), AT_20, 10).restore()).isNotNull();
    }

    @Test
    void aLogThatContradictsTheSnapshotIsNotApplied() {
        LogState other = new LogState(HardState.INITIAL, 1, 30, List.of(new TermStart(1, 2)));
        assertThat(Recovery.of(other, AT_20, 10).restore()).isNotNull();
    }

    @Test
    void aStateMachineBeyondLogAndSnapshotIsRefused() {
        assertThatThrownBy(() -> Recovery.of(log(1, 30), AT_20, 31))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
    }

    /** Nothing needs to be fetched by one that has kept the state: a new snapshot is taken before anything else, with what the damaged one says of the members. */
    @Test
    void aDurableStateMachineReplacesADamagedSnapshotAtOnce() {
        Group.Journaling machine = new Group.Journaling();
        machine.durable = true;
        machine.lastApplied = 25;
        MemorySnapshots store = new MemorySnapshots();
        MembershipAt members = new MembershipAt(4, Membership.ofVoters(FIRST));
        store.put(20, 3, members, new byte[0]);
        store.damage();
        Recovery recovery = Recovery.of(log(21, 30), store, machine);
        SnapshotMeta taken = store.newest().orElseThrow();
        assertThat(taken.index()).isEqualTo(25);
        assertThat(taken.term()).isEqualTo(3);
        assertThat(taken.membership()).isEqualTo(members);
        assertThat(recovery.recovered().snapshot()).isEqualTo(taken);
        assertThat(recovery.restore()).isNull();
        assertThat(recovery.recovered().applied()).isEqualTo(25);
    }

    @Test
    void theMembersOfTheLogCountMoreThanThoseOfTheDamagedSnapshotUpToTheStateThatIsThere() {
        MembershipAt inLog = new MembershipAt(23, Membership.ofVoters(FIRST, NodeId.of(2)));
        MembershipAt later = new MembershipAt(27, Membership.ofVoters(NodeId.of(2)));
        LogState log = new LogState(HardState.INITIAL, 21, 30, 3, List.of(new TermStart(21, 3)), List.of(inLog, later));
        Group.Journaling machine = new Group.Journaling();
        machine.durable = true;
        machine.lastApplied = 25;
        MemorySnapshots store = new MemorySnapshots();
        Recovery.of(log, store, machine);
        assertThat(store.newest().orElseThrow().membership()).isEqualTo(inLog);
    }

    private static void propose(Group group, LocalNode<String> node, String... commands) {
        for (String command : commands) {
            CompletableFuture<String> done = node.propose(Group.bytes(command));
            group.settle();
            assertThat(done).isCompleted();
        }
    }

    @Test
    void aRestartedNodeRestoresTheSnapshotAndAppliesWhatFollows() {
        Group group = new Group(Group.Setup.of(1));
        LocalNode<String> node = group.elect();
        propose(group, node, "a", "b");
        CompletableFuture<SnapshotMeta> taken = node.takeSnapshot();
        group.settle();
        assertThat(taken).isCompleted();
        propose(group, node, "c");
        LocalNode<String> again = group.restart(FIRST);
        CompletableFuture<List<String>> read = again.read(() -> List.copyOf(group.machine(FIRST).applied));
        group.elect();
        assertThat(read.join()).containsExactly("a", "b", "c");
        assertThat(group.machine(FIRST).restored).isEqualTo(1);
    }

    @Test
    void aDurableStateMachineThatLostItsLastRunsReplaysTheLog() {
        Group group = new Group(Group.Setup.of(1));
        LocalNode<String> node = group.elect();
        Group.Journaling machine = group.machine(FIRST);
        machine.durable = true;
        propose(group, node, "a", "b", "c");
        CompletableFuture<SnapshotMeta> taken = node.takeSnapshot();
        group.settle();
        assertThat(taken).isCompleted();
        // Its store had not made the last two commands durable.
        machine.applied.subList(1, 3).clear();
        machine.lastApplied = 2;
        group.restart(FIRST);
        group.settle();
        assertThat(machine.applied).containsExactly("a", "b", "c");
        assertThat(machine.restored).isZero();
        assertThat(group.node(1).status().appliedIndex())
                .isEqualTo(group.node(1).status().raft().commitIndex());
    }

    @Test
    void aDurableStateMachineThatIsFurtherThanTheSnapshotIsLeftAlone() {
        Group group = new Group(Group.Setup.of(1));
        LocalNode<String> node = group.elect();
        Group.Journaling machine = group.machine(FIRST);
        machine.durable = true;
        propose(group, node, "a");
        CompletableFuture<SnapshotMeta> taken = node.takeSnapshot();
        group.settle();
        assertThat(taken).isCompleted();
        propose(group, node, "b");
        LocalNode<String> again = group.restart(FIRST);
        group.elect();
        propose(group, again, "c");
        assertThat(machine.applied).containsExactly("a", "b", "c");
        assertThat(machine.restored).isZero();
    }

    @Test
    void aSnapshotThatCannotBeReadStopsTheNodeWithItsReason() {
        Group group = new Group(Group.Setup.of(1));
        LocalNode<String> node = group.elect();
        propose(group, node, "a");
        CompletableFuture<SnapshotMeta> taken = node.takeSnapshot();
        group.settle();
        assertThat(taken).isCompleted();
        group.snapshots(FIRST).fail = true;
        LocalNode<String> again = group.restart(FIRST);
        group.settle();
        assertThat(again.status().health()).isEqualTo(Health.FAILED);
        assertThat(again.status().failure()).hasMessage("the disk is full");
    }

    @Test
    void withoutAStoreSnapshotsAreRefusedWithTheReason() {
        NoSnapshots none = new NoSnapshots();
        assertThat(none.newest()).isEmpty();
        assertThatThrownBy(() -> none.open(snapshot(1, 1))).hasMessageContaining("without a store");
    }
}
