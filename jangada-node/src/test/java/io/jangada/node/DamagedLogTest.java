package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.RaftNode;
import io.jangada.core.model.Damage;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Nodes that start on damaged logs. */
class DamagedLogTest {
    private static final NodeId FIRST = NodeId.of(1);
    private static final NodeId SECOND = NodeId.of(2);
    private static final NodeId THIRD = NodeId.of(3);

    private static String propose(Group group, RaftNode<String> leader, String command) {
        CompletableFuture<String> result = leader.propose(Group.bytes(command));
        group.pass(200);
        return result.join();
    }

    private static Group groupWith(String... commands) {
        Group group = new Group(Group.Setup.of(3));
        RaftNode<String> leader = group.elect();
        for (String command : commands) {
            propose(group, leader, command);
        }
        group.pass(200);
        return group;
    }

    /** Entry 1 is the leader's own; the commands follow. */
    @Test
    void threeNodesThatEachLostAnotherRecordGoOnByThemselves() {
        Group group = groupWith("a", "b", "c", "d", "e");
        group.storage(FIRST).damage(3);
        group.storage(SECOND).damage(4);
        group.storage(THIRD).damage(6);
        group.nodes.keySet().stream().sorted().toList().forEach(group::restart);
        group.connectAll();
        Damage damage = group.node(1).status().raft().damage();
        assertThat(damage.firstMissing()).isEqualTo(3);
        assertThat(damage.lastMissing()).isEqualTo(3);
        assertThat(damage.promised().certain().index()).isEqualTo(6);
        RaftNode<String> leader = group.elect();
        assertThat(propose(group, leader, "f")).isEqualTo("f#6");
        for (NodeId id : List.of(FIRST, SECOND, THIRD)) {
            assertThat(group.machine(id).applied).containsExactly("a", "b", "c", "d", "e", "f");
            assertThat(group.node(id.value()).status().raft().damage()).isEqualTo(Damage.NONE);
            assertThat(group.storage(id).recovered().promised().isNothing()).isTrue();
        }
    }

    /** What the state machine has is not applied again; it takes a snapshot only when it knows again who the members are. */
    @Test
    void aStateMachineThatIsAheadOfItsLogAppliesNothingTwice() {
        Group group = groupWith("a", "b", "c");
        Group.Journaling machine = group.machine(THIRD);
        machine.durable = true;
        assertThat(machine.lastApplied).isEqualTo(4);
        group.storage(THIRD).damage(3);
        LocalNode<String> node = group.restart(THIRD);
        assertThat(node.status().appliedIndex()).isEqualTo(4);
        assertThat(node.status().raft().commitIndex()).isEqualTo(2);
        CompletableFuture<SnapshotMeta> early = node.takeSnapshot();
        node.workers().forEach(worker -> worker.runOnce(group.nowNanos));
        assertThat(early).isCompletedExceptionally();
        group.connectAll();
        RaftNode<String> leader = group.elect();
        propose(group, leader, "d");
        assertThat(machine.applied).containsExactly("a", "b", "c", "d");
        CompletableFuture<SnapshotMeta> late = node.takeSnapshot();
        group.settle();
        assertThat(late.join().membership()).isEqualTo(new MembershipAt(0, group.membership));
    }

    @Test
    void aLogWhoseSnapshotIsGoneIsNotRefused() {
        LogState log = new LogState(HardState.INITIAL, 11, 20, 3, List.of(new TermStart(11, 3)), List.of());
        Recovery recovery = Recovery.of(log, Optional.empty(), 0);
        assertThat(recovery.recovered().lacksBeginning()).isTrue();
        assertThat(recovery.restore()).isNull();
        assertThat(recovery.wholeTo()).isZero();
    }
}
