package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network keeps the rules of the course (lab facts, 2): its own tests of them, in both times, and what they leave open. */
@Timeout(60)
class LabNetworkTest {
    private static final String SERVER = "server";
    /** What a loaded machine may add to a limit in real time; none of it is needed in virtual time. */
    private static final double SLACK_MILLIS = 100;

    /** A network with one server, and a thread of the lab to use it. */
    private static final class Net {
        final LabTime time;
        final LabNetwork network;
        private final AtomicInteger ends = new AtomicInteger();

        Net(LabTime time, long seed) {
            this.time = time;
            this.network = new LabNetwork(time, new SimRandom(seed), Trace.NONE);
        }

        /** Its server answers each request at once with so many bytes, the first of which is that of the request. */
        Net withEcho(int replyBytes) {
            network.addServer(SERVER, (from, request, reply) -> reply.accept(echo(request, replyBytes)));
            return this;
        }

        /** An enabled end to the server. */
        ClientEnd end() {
            ClientEnd end = disabledEnd(SERVER);
            network.enable(end.name(), true);
            return end;
        }

        ClientEnd disabledEnd(String server) {
            ClientEnd end = network.makeEnd("end " + ends.getAndIncrement(), ClientEnd.NO_SERVER, ClientEnd.NO_SERVER);
            network.connect(end.name(), server);
            return end;
        }

        Optional<Rpc> call(ClientEnd end, Rpc request) {
            return time.await(end.call(request));
        }

        double millis() {
            return time.elapsedNanos() / 1e6;
        }

        /** How long a call took, once it is over. */
        CompletableFuture<Double> timed(ClientEnd end, AtomicInteger answered) {
            double began = millis();
            return end.call(rpc(1, 1)).thenApply(reply -> {
                answered.addAndGet(reply.isPresent() ? 1 : 0);
                return millis() - began;
            });
        }

        double[] timed(ClientEnd end, int calls, AtomicInteger answered) {
            List<CompletableFuture<Double>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                all.add(timed(end, answered));
            }
            return all.stream().mapToDouble(time::await).toArray();
        }
    }

    private static Rpc rpc(int content, int bytes) {
        byte[] array = new byte[bytes];
        if (bytes > 0) {
            array[0] = (byte) content;
        }
        return new Rpc("Test", array, () -> "test " + content);
    }

    private static Rpc echo(Rpc request, int bytes) {
        return rpc(request.bytes().length == 0 ? 0 : request.bytes()[0], bytes);
    }

    private static void play(LabMode mode, Consumer<Net> body) {
        play(mode, 1, body);
    }

    private static void play(LabMode mode, long seed, Consumer<Net> body) {
        LabTime time = mode.time(seed);
        time.run(() -> body.accept(new Net(time, seed)));
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void callsAreCounted(LabMode mode) {
        play(mode, net -> {
            net.withEcho(1);
            ClientEnd end = net.end();
            for (int i = 0; i < 17; i++) {
                Rpc reply = net.call(end, rpc(i, 1)).orElseThrow();
                assertThat(reply.bytes()).containsExactly(i);
            }
            assertThat(net.network.count(SERVER)).isEqualTo(17);
            assertThat(net.network.totalCount()).isEqualTo(17);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void bytesAreCounted(LabMode mode) {
        play(mode, net -> {
            ClientEnd end = net.withEcho(0).end();
            for (int i = 0; i < 17; i++) {
                assertThat(net.call(end, rpc(i, 284))).isPresent();
            }
            // The course allows 4828..6000 and then 1800..2500: its encoding adds to what is sent, ours is all there
            // is.
            assertThat(net.network.totalBytes()).isEqualTo(17 * 284);
            net.withEcho(107);
            for (int i = 0; i < 17; i++) {
                assertThat(net.call(end, rpc(i, 0)).orElseThrow().bytes()).hasSize(107);
            }
            assertThat(net.network.totalBytes()).isEqualTo(17 * 284 + 17 * 107);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void clientsCallAtTheSameTime(LabMode mode) {
        play(mode, net -> {
            net.withEcho(1);
            List<LabTime.LabThread> clients = IntStream.range(0, 20)
                    .mapToObj(client -> net.time.spawn("client " + client, () -> {
                        ClientEnd end = net.end();
                        for (int i = 0; i < 10; i++) {
                            int content = (10 * client + i) % 100;
                            assertThat(net.call(end, rpc(content, 1))
                                            .orElseThrow()
                                            .bytes())
                                    .containsExactly(content);
                        }
                    }))
                    .toList();
            clients.forEach(LabTime.LabThread::join);
            assertThat(net.network.count(SERVER)).isEqualTo(200);
            assertThat(net.network.totalCount()).isEqualTo(200);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void oneEndCarriesManyCallsAtTheSameTime(LabMode mode) {
        play(mode, net -> {
            ClientEnd end = net.withEcho(1).end();
            AtomicInteger answered = new AtomicInteger();
            List<LabTime.LabThread> callers = IntStream.range(0, 20)
                    .mapToObj(i -> net.time.spawn("caller " + i, () -> {
                        assertThat(net.call(end, rpc(i, 1)).orElseThrow().bytes())
                                .containsExactly(i);
                        answered.incrementAndGet();
                    }))
                    .toList();
            callers.forEach(LabTime.LabThread::join);
            assertThat(answered).hasValue(20);
            assertThat(net.network.count(SERVER)).isEqualTo(20);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void anUnreliableNetworkLosesSomeCallsButNotAll(LabMode mode) {
        play(mode, net -> {
            net.withEcho(1).network.setReliable(false);
            AtomicInteger answered = new AtomicInteger();
            List<LabTime.LabThread> clients = IntStream.range(0, 300)
                    .mapToObj(i -> net.time.spawn("client " + i, () -> {
                        Optional<Rpc> reply = net.call(net.end(), rpc(i, 1));
                        reply.ifPresent(present -> {
                            assertThat(present.bytes()).containsExactly(i);
                            answered.incrementAndGet();
                        });
                    }))
                    .toList();
            clients.forEach(LabTime.LabThread::join);
            assertThat(answered.get()).isBetween(1, 299);
        });
    }

    @Test
    void aTenthOfTheRequestsAndATenthOfTheRepliesAreLost() {
        play(LabMode.VIRTUAL, net -> {
            int calls = 20_000;
            net.withEcho(7).network.setReliable(false);
            ClientEnd end = net.end();
            int answered = 0;
            for (int i = 0; i < calls; i++) {
                answered += net.call(end, rpc(1, 3)).isPresent() ? 1 : 0;
            }
            int handled = net.network.count(SERVER);
            assertThat(1 - (double) handled / calls).isCloseTo(0.1, within(0.01));
            assertThat(1 - (double) answered / handled).isCloseTo(0.1, within(0.01));
            // Every request counts in the totals, a lost one too; a reply counts if it has arrived.
            assertThat(net.network.totalCount()).isEqualTo(calls);
            assertThat(net.network.totalBytes()).isEqualTo(3L * calls + 7L * answered);
        });
    }

    @Test
    void anUnreliableNetworkHoldsEachRequestForUpTo26Milliseconds() {
        play(LabMode.VIRTUAL, net -> {
            AtomicLong began = new AtomicLong();
            int[] seen = new int[27];
            net.network.addServer(SERVER, (from, request, reply) -> {
                long held = net.time.elapsedNanos() - began.get();
                assertThat(held % 1_000_000).isZero();
                seen[(int) (held / 1_000_000)]++;
                reply.accept(Rpc.EMPTY);
            });
            net.network.setReliable(false);
            ClientEnd end = net.end();
            for (int i = 0; i < 30_000; i++) {
                began.set(net.time.elapsedNanos());
                assertThat(net.call(end, rpc(1, 1))).isNotNull();
            }
            for (int count : seen) {
                assertThat(count).isBetween(850, 1_150);
            }
        });
    }

    @Test
    void aReliableNetworkHoldsNothing() {
        play(LabMode.VIRTUAL, net -> {
            AtomicInteger answered = new AtomicInteger();
            double[] took = net.timed(net.withEcho(1).end(), 1_000, answered);
            assertThat(answered).hasValue(1_000);
            assertThat(largest(took)).isLessThan(1);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void callsOnADisabledEndFailLaterAndHoldUpNobody(LabMode mode) {
        play(mode, net -> {
            ClientEnd end = net.withEcho(1).disabledEnd(SERVER);
            List<CompletableFuture<Optional<Rpc>>> hanging = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                hanging.add(end.call(rpc(i, 1)));
            }
            net.time.sleep(20);
            assertThat(hanging).anyMatch(call -> !call.isDone());
            net.network.enable(end.name(), true);
            double began = net.millis();
            assertThat(net.call(end, rpc(1, 1))).isPresent();
            assertThat(net.millis() - began).isLessThan(30);
            hanging.forEach(call -> assertThat(net.time.await(call)).isEmpty());
            assertThat(net.millis()).isLessThan(99 + SLACK_MILLIS);
            assertThat(net.network.count(SERVER)).isEqualTo(1);
            assertThat(net.network.totalCount()).isEqualTo(21);
            assertThat(net.network.totalBytes()).isEqualTo(20 + 1 + 1);
        });
    }

    @Test
    void whatLeadsNowhereFailsAfterUpTo99MillisecondsOrSevenSecondsWithLongDelays() {
        play(LabMode.VIRTUAL, net -> {
            AtomicInteger answered = new AtomicInteger();
            for (ClientEnd end : List.of(net.withEcho(1).disabledEnd(SERVER), net.disabledEnd("nobody"))) {
                net.network.enable(end.name(), end.name().equals("end 1"));
                net.network.setLongDelays(false);
                double[] brief = net.timed(end, 4_000, answered);
                assertThat(largest(brief)).isBetween(98.0, 99.0);
                assertThat(mean(brief)).isCloseTo(49.5, within(2.0));
                net.network.setLongDelays(true);
                double[] lasting = net.timed(end, 4_000, answered);
                assertThat(largest(lasting)).isBetween(6_950.0, 6_999.0);
                assertThat(mean(lasting)).isCloseTo(3_499.5, within(140.0));
            }
            assertThat(answered).hasValue(0);
            assertThat(net.network.count(SERVER)).isZero();
        });
    }

    /** What the handler's caller sees of a connection that breaks while the handler is at work. */
    private static void breaksWhileHandled(LabMode mode, Consumer<Net> breaking) {
        play(mode, net -> {
            List<Consumer<Rpc>> kept = new ArrayList<>();
            net.network.addServer(SERVER, (from, request, reply) -> kept.add(reply));
            ClientEnd end = net.end();
            CompletableFuture<Optional<Rpc>> call = end.call(rpc(1, 5));
            net.time.sleep(250);
            assertThat(call).isNotDone();
            double broken = net.millis();
            breaking.accept(net);
            assertThat(net.time.await(call)).isEmpty();
            assertThat(net.millis() - broken).isLessThan(100 + SLACK_MILLIS);
            kept.get(0).accept(rpc(1, 50));
            net.time.sleep(5);
            assertThat(net.network.totalBytes()).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void aCallFailsSoonWhenItsServerIsRemovedWhileTheHandlerRuns(LabMode mode) {
        breaksWhileHandled(mode, net -> net.network.deleteServer(SERVER));
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void aCallFailsSoonWhenItsServerIsReplacedWhileTheHandlerRuns(LabMode mode) {
        breaksWhileHandled(mode, net -> {
            assertThat(net.network.count(SERVER)).isEqualTo(1);
            net.withEcho(1);
            assertThat(net.network.count(SERVER)).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void aCallFailsSoonWhenItsEndIsDisabledWhileTheHandlerRuns(LabMode mode) {
        breaksWhileHandled(mode, net -> net.network.enable("end 0", false));
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void anEndWorksWhenItIsEnabledAndNotBefore(LabMode mode) {
        play(mode, net -> {
            ClientEnd end = net.withEcho(1).disabledEnd(SERVER);
            assertThat(net.call(end, rpc(1, 1))).isEmpty();
            net.network.enable(end.name(), true);
            assertThat(net.call(end, rpc(1, 1))).isPresent();
            net.network.deleteServer(SERVER);
            assertThat(net.call(end, rpc(1, 1))).isEmpty();
            net.withEcho(1);
            assertThat(net.call(end, rpc(1, 1))).isPresent();
            net.network.deleteEnd(end.name());
            net.network.enable(end.name(), true);
            assertThat(net.call(end, rpc(1, 1))).isEmpty();
        });
    }

    @Test
    void longReorderingHoldsTwoRepliesOfThree() {
        play(LabMode.VIRTUAL, net -> {
            net.withEcho(1).network.setLongReordering(true);
            AtomicInteger answered = new AtomicInteger();
            double[] took = net.timed(net.end(), 9_000, answered);
            assertThat(answered).hasValue(9_000);
            double[] held = Arrays.stream(took).filter(one -> one >= 1).toArray();
            assertThat(held.length / 9_000.0).isCloseTo(2 / 3.0, within(0.02));
            assertThat(Arrays.stream(held)).allMatch(one -> one >= 200 && one < 2_200.5);
            assertThat(largest(held)).isGreaterThan(2_000);
            assertThat(mean(held)).isCloseTo(700, within(25.0));
        });
    }

    /** A held reply was taken away from its caller, and counted nevertheless, if the connection broke while it was held. */
    @ParameterizedTest
    @EnumSource(LabMode.class)
    void aHeldReplyArrivesThoughTheConnectionIsBrokenByThen(LabMode mode) {
        play(mode, net -> {
            net.withEcho(3).network.setLongReordering(true);
            ClientEnd end = net.end();
            List<CompletableFuture<Optional<Rpc>>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(end.call(rpc(i, 2)));
            }
            net.time.sleep(20);
            assertThat(calls).anyMatch(CompletableFuture::isDone).anyMatch(call -> !call.isDone());
            net.network.enable(end.name(), false);
            net.network.deleteServer(SERVER);
            for (int i = 0; i < 12; i++) {
                assertThat(net.time.await(calls.get(i)).orElseThrow().bytes()[0])
                        .isEqualTo((byte) i);
            }
            assertThat(net.millis()).isLessThan(2_199 + 20 + SLACK_MILLIS);
            assertThat(net.network.totalBytes()).isEqualTo(12 * 2 + 12 * 3);
        });
    }

    /** The look-up comes before the delay, so such a request still arrives; the check comes after the handler, so its reply does not. */
    @Test
    void aRequestUnderWaySurvivesADisconnectAndItsReplyDoesNot() {
        play(LabMode.VIRTUAL, net -> {
            net.withEcho(7).network.setReliable(false);
            ClientEnd end = net.end();
            List<CompletableFuture<Optional<Rpc>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(end.call(rpc(1, 1)));
            }
            net.network.enable(end.name(), false);
            calls.forEach(call -> net.time.await(call));
            assertThat(net.network.count(SERVER)).isBetween(150, 199);
            assertThat(calls).allMatch(call -> call.join().isEmpty());
            assertThat(net.network.totalBytes()).isEqualTo(200);
        });
    }

    /** In virtual time a reply travels for some microseconds, in which it outlived its connection. */
    @Test
    void aReplyDoesNotSurviveADisconnectAtTheMomentOfItsSending() {
        play(LabMode.VIRTUAL, net -> {
            ClientEnd end = net.end();
            net.network.addServer(SERVER, (from, request, reply) -> {
                reply.accept(rpc(1, 9));
                net.network.enable(end.name(), false);
            });
            assertThat(net.call(end, rpc(1, 4))).isEmpty();
            assertThat(net.network.totalBytes()).isEqualTo(4);
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void onlyTheFirstAnswerOfAHandlerCounts(LabMode mode) {
        play(mode, net -> {
            net.network.addServer(SERVER, (from, request, reply) -> {
                reply.accept(rpc(1, 3));
                reply.accept(rpc(2, 30));
            });
            assertThat(net.call(net.end(), rpc(1, 0)).orElseThrow().bytes()).containsExactly(1, 0, 0);
            net.time.sleep(5);
            assertThat(net.network.totalBytes()).isEqualTo(3);
        });
    }

    /** In real time a handler was called under the network's lock: one that waited for a lock of its own met there a thread that wanted to answer, and both stood still. */
    @ParameterizedTest
    @EnumSource(LabMode.class)
    void handlersAndCallersAreCalledWithoutALock(LabMode mode) {
        play(mode, net -> {
            AtomicBoolean locked = new AtomicBoolean();
            net.network.addServer(SERVER, (from, request, reply) -> {
                locked.compareAndSet(false, Thread.holdsLock(net.network));
                reply.accept(Rpc.EMPTY);
            });
            CompletableFuture<Optional<Rpc>> call = net.end().call(rpc(1, 1));
            CompletableFuture<Boolean> seen = call.thenApply(reply -> Thread.holdsLock(net.network));
            assertThat(net.time.await(seen)).isFalse();
            net.network.setReliable(false);
            IntStream.range(0, 5).forEach(i -> net.call(net.end(), rpc(1, 1)));
            assertThat(locked).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource(LabMode.class)
    void aHandlerThatFailsEndsTheLab(LabMode mode) {
        assertThatThrownBy(() -> play(mode, net -> {
                    net.network.addServer(SERVER, (from, request, reply) -> {
                        throw new IllegalArgumentException("what is this?");
                    });
                    net.call(net.end(), rpc(1, 1));
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("what is this?");
    }

    @Test
    void twoEndsOfOneNameAreRefused() {
        play(LabMode.VIRTUAL, net -> {
            ClientEnd end = net.end();
            assertThatThrownBy(() -> net.network.makeEnd(end.name(), 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("end 0");
        });
    }

    @Test
    void theSameSeedGivesTheSameFates() {
        assertThat(fates(5)).isEqualTo(fates(5));
        assertThat(fates(5)).isNotEqualTo(fates(6));
    }

    private static List<Long> fates(long seed) {
        List<Long> fates = new ArrayList<>();
        play(LabMode.VIRTUAL, seed, net -> {
            net.withEcho(1).network.setReliable(false);
            net.network.setLongReordering(true);
            ClientEnd end = net.end();
            LongStream.range(0, 100).forEach(i -> {
                boolean answered = net.call(end, rpc(1, 1)).isPresent();
                fates.add(answered ? net.time.elapsedNanos() : -net.time.elapsedNanos());
            });
        });
        return fates;
    }
}
