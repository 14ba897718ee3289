package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel without a buffer: nothing is handed over before somebody takes it, and closing lets everybody go. */
@Timeout(30)
class RendezvousChannelTest {
    private final RendezvousChannel channel = new RendezvousChannel();
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    private static ApplyMsg message(long index) {
        return ApplyMsg.ofCommand(index, new byte[] {1});
    }

    private static Thread started(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        long until = System.nanoTime() + 10_000_000_000L;
        while (thread.getState() != Thread.State.WAITING && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
    }

    @Test
    void whoPutsWaitsUntilSomebodyTakes() throws InterruptedException {
        Thread putting = started(() -> {
            channel.put(message(1));
            done.add("put");
        });
        awaitWaiting(putting);
        assertThat(done).isEmpty();
        assertThat(channel.take()).hasToString("command 1");
        putting.join();
        assertThat(done).containsExactly("put");
    }

    @Test
    void whoTakesWaitsUntilSomebodyPuts() throws InterruptedException {
        Thread taking = started(() -> done.add("took " + channel.take()));
        awaitWaiting(taking);
        channel.put(message(1));
        taking.join();
        assertThat(done).containsExactly("took command 1");
    }

    @Test
    void closingLetsWhoPutsGo() throws InterruptedException {
        List<Thread> putting = List.of(started(() -> channel.put(message(1))), started(() -> channel.put(message(2))));
        putting.forEach(RendezvousChannelTest::awaitWaiting);
        channel.close();
        for (Thread thread : putting) {
            thread.join();
        }
        assertThat(channel.take()).isNull();
    }

    @Test
    void closingLetsWhoTakesGo() throws InterruptedException {
        CompletableFuture<@Nullable ApplyMsg> taken = new CompletableFuture<>();
        Thread taking = started(() -> taken.complete(channel.take()));
        awaitWaiting(taking);
        channel.close();
        taking.join();
        assertThat(taken).isCompletedWithValue(null);
    }

    @Test
    void aClosedChannelTakesAndGivesNothing() {
        channel.close();
        channel.close();
        channel.put(message(1));
        assertThat(channel.take()).isNull();
    }

    /** A thread of a lab is interrupted when the lab is over: then nobody will take any more. */
    @Test
    void anInterruptClosesTheChannel() throws InterruptedException {
        Thread putting = started(() -> channel.put(message(1)));
        awaitWaiting(putting);
        Thread taking = started(() -> {
            while (channel.take() != null) {
                Thread.onSpinWait();
            }
            done.add("closed, interrupted: " + Thread.currentThread().isInterrupted());
        });
        putting.join();
        awaitWaiting(taking);
        taking.interrupt();
        taking.join();
        channel.put(message(2));
        assertThat(done).containsExactly("closed, interrupted: true");
    }

    /** It got nothing if the channel was closed before it had woken up. */
    @Test
    void whoWaitedForAMessageGetsItThoughTheChannelIsClosedAtOnce() throws InterruptedException {
        for (int round = 1; round <= 1_000; round++) {
            RendezvousChannel closing = new RendezvousChannel();
            CompletableFuture<@Nullable ApplyMsg> taken = new CompletableFuture<>();
            Thread taking = started(() -> taken.complete(closing.take()));
            awaitWaiting(taking);
            closing.put(message(round));
            closing.close();
            taking.join();
            assertThat(taken.join()).as("message %d", round).isNotNull();
            assertThat(closing.take()).isNull();
        }
    }

    @Test
    void manyMessagesArriveInOrder() throws InterruptedException {
        int count = 20_000;
        Thread putting = started(() -> {
            for (int i = 1; i <= count; i++) {
                channel.put(message(i));
            }
            channel.close();
        });
        List<Long> taken = new ArrayList<>();
        for (ApplyMsg next = channel.take(); next != null; next = channel.take()) {
            taken.add(next.commandIndex());
        }
        putting.join();
        assertThat(taken)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
    }

    @Test
    void nothingIsLostBetweenSeveralWhoPut() throws InterruptedException {
        List<Thread> putting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int from = 1_000 * i;
            putting.add(started(() -> LongStream.range(from, from + 1_000).forEach(at -> channel.put(message(at)))));
        }
        List<Long> taken = new ArrayList<>();
        while (taken.size() < 4_000) {
            ApplyMsg next = channel.take();
            if (next != null) {
                taken.add(next.commandIndex());
            }
        }
        for (Thread thread : putting) {
            thread.join();
        }
        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 4_000).boxed().toList());
    }
}
