package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ReadLevel;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a node does with the pieces of snapshots, and with one that replaces its state. */
class SnapshotEffectsTest {
    private static final NodeId OTHER = NodeId.of(2);
    private static final MembershipAt MEMBERS = new MembershipAt(0, HandMade.MEMBERSHIP);

    private final HandMade node = new HandMade();

    private static Effects effects(Consumer<Effects> content) {
        Effects effects = new Effects();
        content.accept(effects);
        return effects;
    }

    private SnapshotMeta put(long index, String state) {
        return node.snapshots.put(index, 1, MEMBERS, Group.bytes(state));
    }

    private Event only() {
        List<Event> events = node.events();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    @Test
    void aPieceIsReadForAFollower() {
        SnapshotMeta snapshot = put(10, "abcdef");
        Effects.ReadChunk wanted = new Effects.ReadChunk(OTHER, 1, snapshot, 2, 3);
        node.carryOut(effects(e -> e.readChunk(wanted)));
        node.runAll();
        assertThat(only()).isInstanceOfSatisfying(Event.ChunkRead.class, read -> {
            assertThat(read.request()).isEqualTo(wanted);
            assertThat(read.chunk()).isEqualTo(Group.bytes("cde"));
        });
    }

    @Test
    void aPieceThatCannotBeReadIsEmptyAndTheNodeGoesOn() {
        SnapshotMeta snapshot = put(10, "abcdef");
        node.snapshots.fail = true;
        node.carryOut(effects(e -> e.readChunk(new Effects.ReadChunk(OTHER, 1, snapshot, 0, 3))));
        node.runAll();
        assertThat(only()).isInstanceOfSatisfying(Event.ChunkRead.class, read -> assertThat(read.chunk())
                .isEmpty());
    }

    private SnapshotRequest piece(SnapshotMeta snapshot, long offset, String chunk) {
        return new SnapshotRequest(OTHER, HandMade.SELF, 1, snapshot, offset, Group.bytes(chunk));
    }

    @Test
    void piecesAreStoredInOrderAndTheCoreHearsWhatBecameOfThem() {
        byte[] state = Group.bytes("abcdef");
        SnapshotMeta snapshot = new SnapshotMeta(10, 1, MEMBERS, state.length, Arrays.hashCode(state));
        node.carryOut(effects(e -> {
            e.stageChunk(piece(snapshot, 0, ""));
            e.stageChunk(piece(snapshot, 0, "abcd"));
            e.stageChunk(piece(snapshot, 4, "ef"));
        }));
        node.runAll();
        assertThat(node.events())
                .extracting(
                        event -> ((Event.ChunkStaged) event).outcome() + " " + ((Event.ChunkStaged) event).nextOffset())
                .containsExactly("WANTS_MORE 0", "WANTS_MORE 4", "INSTALLED 6");
        assertThat(node.snapshots.newest()).contains(snapshot);
    }

    @Test
    void aPieceThatCannotBeStoredIsRejectedAndTheNodeGoesOn() {
        SnapshotMeta snapshot = new SnapshotMeta(10, 1, MEMBERS, 6, 0);
        node.snapshots.fail = true;
        SnapshotRequest piece = piece(snapshot, 0, "abcd");
        node.carryOut(effects(e -> e.stageChunk(piece)));
        node.runAll();
        assertThat(only()).isEqualTo(new Event.ChunkStaged(piece, SnapshotOutcome.REJECTED, 0));
    }

    @Test
    void anInstalledSnapshotReplacesTheStateAfterWhatWasCommittedBefore() {
        node.write(1, 3);
        Request.Propose<String> before = node.proposalAt(2);
        node.carryOut(effects(e -> e.applyTo(3)));
        SnapshotMeta snapshot = put(10, "x,y");
        // What the step commits is in the snapshot, as far as it reaches.
        node.carryOut(effects(e -> {
            e.install(snapshot);
            e.applyTo(10);
        }));
        node.runAll();
        assertThat(before.future).isCompletedWithValue("c2#2");
        assertThat(node.machine.applied).containsExactly("x", "y");
        assertThat(node.workers.applier().appliedIndex()).isEqualTo(10);
        assertThat(node.events()).isEmpty();
    }

    /** Trap 27: who waited for an entry that a snapshot covers waited for ever. */
    @Test
    void trap27ProposalsBelowASnapshotEndUnknownAndReadsAreAnswered() {
        Request.Propose<String> covered = node.proposalAt(7);
        Request.Propose<String> beyond = node.proposalAt(11);
        Request.Read<List<String>> read = node.read(ReadLevel.LINEARIZABLE, () -> List.copyOf(node.machine.applied));
        node.carryOut(effects(e -> e.readReady(read.id, 9)));
        node.runAll();
        assertThat(read.future).isNotDone();
        SnapshotMeta snapshot = put(10, "x,y");
        node.carryOut(effects(e -> e.install(snapshot)));
        node.runAll();
        assertThat(Outcome.failureOf(covered.future))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("snapshot");
        assertThat(read.future).isCompletedWithValue(List.of("x", "y"));
        assertThat(beyond.future).isNotDone();
        node.storage.write(new WriteBatch(9, null, new LogBase(10, 1, true), WriteBatch.KEEP_ALL, List.of()));
        node.write(11, 11);
        node.carryOut(effects(e -> e.applyTo(11)));
        node.runAll();
        assertThat(beyond.future).isCompletedWithValue("c11#3");
    }

    /** The journal drops the log while the applier still has to read what was committed before: the snapshot has that too. */
    @Test
    void aLogThatIsGoneBeforeItWasAppliedIsMadeUpForByTheSnapshot() {
        node.write(1, 5);
        Request.Propose<String> waiting = node.proposalAt(4);
        node.carryOut(effects(e -> e.applyTo(5)));
        SnapshotMeta snapshot = put(10, "x,y");
        node.carryOut(effects(e -> {
            e.write(new WriteBatch(7, null, new LogBase(10, 1, true), WriteBatch.KEEP_ALL, List.of()));
            e.install(snapshot);
        }));
        node.workers.journal().runOnce(node.nowNanos);
        assertThat(node.inbox.pollReport()).isEqualTo(new Inbox.Persisted(7));
        node.runAll();
        assertThat(node.machine.applied).containsExactly("x", "y");
        assertThat(node.machine.restored).isEqualTo(1);
        assertThat(Outcome.failureOf(waiting.future)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(node.events()).isEmpty();
    }

    /** A slow state machine: the store keeps one snapshot, and the next one has taken its place before it is restored. */
    @Test
    void aSnapshotThatIsGoneBeforeItIsRestoredIsMadeUpForByANewerOne() {
        SnapshotMeta first = put(10, "x");
        node.carryOut(effects(e -> e.install(first)));
        SnapshotMeta second = put(20, "y,z");
        node.runAll();
        assertThat(node.machine.applied).containsExactly("y", "z");
        assertThat(node.workers.applier().appliedIndex()).isEqualTo(second.index());
        assertThat(node.events()).isEmpty();
    }

    @Test
    void aSnapshotThatCannotBeRestoredFailsTheNode() {
        SnapshotMeta snapshot = put(10, "x");
        node.snapshots.fail = true;
        node.carryOut(effects(e -> e.install(snapshot)));
        node.runAll();
        assertThat(node.inbox.pollReport()).isInstanceOf(Inbox.Failed.class);
    }

    @Test
    void aSnapshotThatIsTakenAfterAnInstalledOneCarriesItsMembership() {
        MembershipAt joined = new MembershipAt(8, HandMade.MEMBERSHIP);
        SnapshotMeta snapshot = node.snapshots.put(10, 2, joined, Group.bytes("x"));
        node.carryOut(effects(e -> e.install(snapshot)));
        node.runAll();
        node.storage.write(new WriteBatch(9, null, new LogBase(10, 2, true), WriteBatch.KEEP_ALL, List.of()));
        node.write(11, 11);
        node.carryOut(effects(e -> e.applyTo(11)));
        CompletableFuture<SnapshotMeta> taken = node.workers.applier().trigger().ask();
        node.runAll();
        assertThat(taken.join().membership()).isEqualTo(joined);
        assertThat(taken.join().index()).isEqualTo(11);
        assertThat(only()).isEqualTo(new Event.SnapshotTaken(taken.join()));
    }

    @Test
    void theTransportHearsOfEveryMembership() {
        node.carryOut(effects(e -> e.membership(MEMBERS)));
        assertThat(node.told).containsExactly(HandMade.MEMBERSHIP);
    }
}
