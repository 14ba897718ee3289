package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.NodeStatus;
import io.jangada.api.spi.EntryCodec;
import io.jangada.core.model.Entry;
import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.sim.SimRandom;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The interface of the labs (lab facts, 1) in front of the production node, with real threads. */
@Timeout(60)
class LabRaftTest {
    private final RealTime time = new RealTime();

    /** A group of one server, at each of its starts. */
    private final class Lone {
        final LabNetwork network = new LabNetwork(time, new SimRandom(1), Trace.NONE);
        final List<String> told = Collections.synchronizedList(new ArrayList<>());
        Persister persister = new Persister(0);
        private int starts;

        LabRaft make(ApplyChannel channel) {
            ClientEnd end = network.makeEnd("end " + starts++, 0, 0);
            return LabRaft.make(List.of(end), 0, persister, channel);
        }

        /** With a consumer that writes down what it is told. */
        LabRaft makeRead() {
            return makeRead(message -> {});
        }

        /** A channel that nobody reads before it begins. */
        LabTime.Consumption channel(Consumer<ApplyMsg> consumer) {
            return time.consumption("consumer", message -> {
                told.add(name(message));
                consumer.accept(message);
            });
        }

        LabRaft makeRead(Consumer<ApplyMsg> consumer) {
            LabTime.Consumption channel = channel(consumer);
            LabRaft raft = make(channel);
            channel.begin();
            return raft;
        }

        void crash(LabRaft raft) {
            persister = persister.copy();
            raft.kill();
        }

        void awaitTold(int messages) {
            awaitUntil(() -> told.size() >= messages);
        }
    }

    private static String name(ApplyMsg message) {
        return message.commandValid()
                ? new String(message.command(), StandardCharsets.UTF_8) + "@" + message.commandIndex()
                : "snapshot@" + message.snapshotIndex();
    }

    /** A condition that the lab's thread looks at now and then. */
    private interface Condition {
        boolean holds();
    }

    private void awaitUntil(Condition condition) {
        long until = time.elapsedNanos() + 10_000_000_000L;
        while (!condition.holds()) {
            assertThat(time.elapsedNanos()).isLessThan(until);
            time.sleep(5);
        }
    }

    private void awaitLeader(LabRaft raft) {
        awaitUntil(() -> raft.getState().isLeader());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Starts commands c{@code from}..c{@code to}, which must get these numbers. */
    private static void start(LabRaft raft, long from, long to) {
        for (long number = from; number <= to; number++) {
            Start start = raft.start(bytes("c" + number));
            assertThat(start).isEqualTo(new Start(number, raft.getState().term(), true));
        }
    }

    private static List<String> commands(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "c" + i + "@" + i).toList();
    }

    private long millisOf(Runnable action) {
        long began = time.elapsedNanos();
        action.run();
        return (time.elapsedNanos() - began) / 1_000_000;
    }

    @Test
    void makeReturnsAtOnceThoughNobodyReadsTheChannelForHalfASecond() {
        time.run(() -> {
            Lone lone = new Lone();
            LabRaft raft = lone.makeRead();
            awaitLeader(raft);
            start(raft, 1, 100);
            lone.awaitTold(100);
            lone.crash(raft);
            lone.told.clear();
            LabTime.Consumption unread = lone.channel(message -> {});
            List<LabRaft> made = new ArrayList<>();
            assertThat(millisOf(() -> made.add(lone.make(unread)))).isLessThan(400);
            LabRaft again = made.get(0);
            time.sleep(500);
            // It has led for a while by now, and answers though the channel is stuck.
            awaitLeader(again);
            assertThat(millisOf(() -> start(again, 101, 101))).isLessThan(400);
            assertThat(lone.told).isEmpty();
            unread.begin();
            lone.awaitTold(101);
            assertThat(lone.told).isEqualTo(commands(1, 101));
            again.kill();
        });
    }

    /** All servers of a lab share a thread, but for what waits in the channel. */
    @Test
    void aServerWhoseChannelNobodyReadsHoldsUpNeitherItselfNorAnother() {
        time.run(() -> {
            Lone stuck = new Lone();
            LabRaft first = stuck.make(stuck.channel(message -> {}));
            awaitLeader(first);
            start(first, 1, 10);
            Lone lively = new Lone();
            LabRaft second = lively.makeRead();
            awaitLeader(second);
            start(second, 1, 10);
            lively.awaitTold(10);
            start(first, 11, 20);
            assertThat(stuck.told).isEmpty();
            first.kill();
            start(second, 11, 20);
            lively.awaitTold(20);
            second.kill();
        });
    }

    @Test
    void aConsumerMaySnapshotAndTheNextStartBeginsBehindTheSnapshot() {
        time.run(() -> {
            Lone lone = new Lone();
            AtomicReference<@Nullable LabRaft> itself = new AtomicReference<>();
            LabRaft raft = lone.makeRead(message -> {
                LabRaft present = itself.get();
                if (present != null && message.commandIndex() % 10 == 0) {
                    present.snapshot(message.commandIndex(), bytes("s" + message.commandIndex()));
                }
            });
            itself.set(raft);
            awaitLeader(raft);
            start(raft, 1, 25);
            lone.awaitTold(25);
            awaitUntil(() -> lone.persister.snapshotIndex() >= 10);
            // Of 26 entries, those behind the snapshot are left.
            int entry = EntryCodec.encodedSize(Entry.command(1, 1, bytes("c10")));
            awaitUntil(() -> raft.persistBytes() <= 32 + 15 * entry);
            start(raft, 26, 27);
            lone.awaitTold(27);
            lone.crash(raft);
            assertThat(lone.told).isEqualTo(commands(1, 27));
            lone.told.clear();
            int restored = (int) lone.persister.snapshotIndex();
            assertThat(lone.persister.readSnapshot()).isEqualTo(bytes("s" + restored));
            LabRaft again = lone.makeRead();
            lone.awaitTold(27 - restored);
            awaitLeader(again);
            start(again, 28, 28);
            lone.awaitTold(28 - restored);
            assertThat(lone.told).isEqualTo(commands(restored + 1, 28));
            again.kill();
        });
    }

    @Test
    void afterKillEveryCallIsAnswered() {
        time.run(() -> {
            Lone lone = new Lone();
            LabRaft raft = lone.makeRead();
            awaitLeader(raft);
            start(raft, 1, 3);
            lone.awaitTold(3);
            long term = raft.getState().term();
            raft.kill();
            raft.kill();
            assertThat(raft.start(bytes("late"))).isEqualTo(new Start(0, term, false));
            assertThat(raft.startLater(bytes("later"))).isCompletedWithValue(new Start(0, term, false));
            assertThat(raft.getState()).isEqualTo(new LabState(term, false));
            assertThat(raft.status().health()).isEqualTo(NodeStatus.Health.CLOSED);
            raft.snapshot(2, bytes("s"));
            assertThat(raft.persistBytes()).isPositive();
            time.sleep(20);
            assertThat(lone.told).isEqualTo(commands(1, 3));
            assertThat(lone.persister.snapshotIndex()).isZero();
        });
    }

    @Test
    void killDoesNotWaitForAConsumerThatDoesNotCome() {
        time.run(() -> {
            Lone lone = new Lone();
            LabTime.Consumption unread = lone.channel(message -> {});
            LabRaft raft = lone.make(unread);
            awaitLeader(raft);
            start(raft, 1, 5);
            time.sleep(50);
            assertThat(millisOf(raft::kill)).isLessThan(2_000);
            unread.begin();
            time.sleep(20);
            assertThat(lone.told).isEmpty();
        });
    }

    @Test
    void whoWaitsForStartWhileTheServerIsKilledIsAnswered() {
        time.run(() -> {
            Lone lone = new Lone();
            LabRaft raft = lone.makeRead();
            awaitLeader(raft);
            List<CompletableFuture<Start>> starts = new ArrayList<>();
            LabTime.LabThread client = time.spawn("client", () -> {
                for (int i = 0; i < 2_000; i++) {
                    starts.add(raft.startLater(bytes("x")));
                }
            });
            time.sleep(2);
            raft.kill();
            client.join();
            awaitUntil(() -> starts.stream().allMatch(CompletableFuture::isDone));
            assertThat(starts).hasSize(2_000);
        });
    }

    @Test
    void thePersisterOfAnotherServerIsRefused() {
        time.run(() -> {
            Lone lone = new Lone();
            List<ClientEnd> peers = IntStream.range(0, 3)
                    .mapToObj(to -> lone.network.makeEnd("peer " + to, 0, to))
                    .toList();
            RendezvousChannel channel = new RendezvousChannel();
            assertThatThrownBy(() -> LabRaft.make(peers, 1, new Persister(0), channel))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("server 1 of 3 with the persister of server 0");
            for (int me : new int[] {-1, 3}) {
                assertThatThrownBy(() -> LabRaft.make(peers, me, new Persister(3), channel))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("server " + me + " of 3");
            }
            LabRaft raft = LabRaft.make(peers, 1, new Persister(1), channel);
            raft.kill();
        });
    }

    @Test
    void anOldInstanceCannotChangeWhatItsSuccessorHasSaved() {
        time.run(() -> {
            Lone lone = new Lone();
            LabRaft old = lone.makeRead();
            awaitLeader(old);
            start(old, 1, 5);
            lone.awaitTold(5);
            Persister before = lone.persister;
            lone.persister = before.copy();
            byte[] saved = lone.persister.readRaftState();
            start(old, 6, 30);
            old.snapshot(5, bytes("s"));
            awaitUntil(() -> before.snapshotIndex() == 5);
            assertThat(lone.persister.readRaftState()).isEqualTo(saved);
            assertThat(lone.persister.snapshotIndex()).isZero();
            assertThatThrownBy(() -> {
                        ClientEnd end = lone.network.makeEnd("second", 0, 0);
                        LabRaft.make(List.of(end), 0, before, new RendezvousChannel());
                    })
                    .isInstanceOf(java.io.UncheckedIOException.class)
                    .hasMessageContaining("server 0 cannot open what it has saved");
            old.kill();
            lone.told.clear();
            LabRaft next = lone.makeRead();
            awaitLeader(next);
            start(next, 6, 7);
            lone.awaitTold(7);
            assertThat(lone.told).isEqualTo(commands(1, 7));
            next.kill();
        });
    }

    /** No lock is held while a message is handed over, so whatever the service calls is answered, by this thread and by others. */
    @Test
    void aConsumerMayCallEverything() {
        time.run(() -> {
            Lone lone = new Lone();
            AtomicReference<@Nullable LabRaft> itself = new AtomicReference<>();
            List<Start> inside = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Boolean> killed = new CompletableFuture<>();
            LabRaft made = lone.makeRead(message -> {
                LabRaft raft = Objects.requireNonNull(itself.get());
                long index = message.commandIndex();
                if (index <= 3) {
                    assertThat(raft.getState().isLeader()).isTrue();
                    inside.add(raft.start(bytes("nested")));
                    inside.add(time.await(raft.startLater(bytes("nested"))));
                    raft.snapshot(index, bytes("s"));
                    assertThat(raft.persistBytes()).isPositive();
                    assertThat(raft.status().raft().leads()).isTrue();
                    assertThat(raft.handler()).isNotNull();
                    raft.onStatusChange(status -> {});
                    // Another thread gets answers, too, while this message is being handled.
                    time.spawn("another", () -> inside.add(raft.start(bytes("other"))))
                            .join();
                } else if (index == 10) {
                    raft.kill();
                    killed.complete(true);
                }
            });
            itself.set(made);
            awaitLeader(made);
            start(made, 1, 1);
            time.await(killed);
            assertThat(inside).extracting(Start::index).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(lone.told).hasSize(10).doesNotHaveDuplicates();
        });
    }

    @Test
    void aFollowerTakesNoCommand() {
        time.run(() -> {
            List<String> applied = Collections.synchronizedList(new ArrayList<>());
            LabCluster cluster = new LabCluster(
                    new LabCluster.Setting(time, new SimRandom(3), Trace.NONE),
                    3,
                    (server, persister) -> new Listening(server, applied));
            IntStream.range(0, 3).forEach(cluster::start);
            IntStream.range(0, 3).forEach(cluster::connect);
            awaitUntil(() -> leaderOf(cluster) >= 0);
            int leader = leaderOf(cluster);
            int follower = (leader + 1) % 3;
            assertThat(raft(cluster, leader).start(bytes("taken")).index()).isEqualTo(1);
            awaitUntil(() -> applied.size() == 3);
            long term = raft(cluster, leader).getState().term();
            int saved = cluster.persister(follower).raftStateSize();
            assertThat(raft(cluster, follower).start(bytes("refused"))).isEqualTo(new Start(0, term, false));
            time.sleep(300);
            assertThat(cluster.persister(follower).raftStateSize()).isEqualTo(saved);
            assertThat(applied).containsExactlyInAnyOrder("0 taken@1", "1 taken@1", "2 taken@1");
            // A leader that nobody hears takes the command, and says so at once.
            cluster.disconnect(leader);
            assertThat(millisOf(() -> assertThat(raft(cluster, leader).start(bytes("alone")))
                            .isEqualTo(new Start(2, term, true))))
                    .isLessThan(200);
            cluster.crashAll();
        });
    }

    private static LabRaft raft(LabCluster cluster, int server) {
        return cluster.raft(server).orElseThrow();
    }

    private static int leaderOf(LabCluster cluster) {
        return IntStream.range(0, 3)
                .filter(server -> raft(cluster, server).getState().isLeader())
                .findFirst()
                .orElse(-1);
    }

    /** Writes down what its server is told. */
    private static final class Listening implements LabService {
        private final int server;
        private final List<String> applied;

        Listening(int server, List<String> applied) {
            this.server = server;
            this.applied = applied;
        }

        @Override
        public void accept(ApplyMsg message) {
            applied.add(server + " " + name(message));
        }

        @Override
        public void attached(LabRaft raft) {}
    }

    /** A scenario that failed left its nodes running, and their threads kept the process alive. */
    @Test
    void aLabThatFailsLeavesNoNodeBehind() {
        List<LabRaft> made = new ArrayList<>();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        assertThatThrownBy(() -> time.run(() -> {
                    Lone lone = new Lone();
                    made.add(lone.make(lone.channel(message -> {})));
                    awaitLeader(made.get(0));
                    start(made.get(0), 1, 2);
                    time.sleep(20);
                    throw new LabFailure("over");
                }))
                .isInstanceOf(LabFailure.class);
        assertThat(made).allMatch(raft -> raft.status().health() == NodeStatus.Health.CLOSED);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("jangada-") && !before.contains(thread));
    }
}
