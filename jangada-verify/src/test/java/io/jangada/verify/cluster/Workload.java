package io.jangada.verify.cluster;

import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Delete;
import io.jangada.testkit.history.VersionedRegisterModel.Get;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.testkit.history.VersionedRegisterModel.Put;
import io.jangada.testkit.history.VersionedRegisterModel.PutIf;
import io.jangada.verify.process.MemberChannels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Concurrent clients that put, read, delete and compare-and-put on a few keys, each at members of its own choice, until they are stopped.
 *
 * <p>The keys change with each {@linkplain #beginRound round}, which keeps the history of each key short enough to be checked. Each
 * client pauses a little between operations, as the question is whether answers are right, not how many there are.
 */
final class Workload implements AutoCloseable {
    static final int KEYS_PER_ROUND = 8;

    private static final long SEED = 1;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;

    private final MemberChannels channels;
    private final HistoryRecorder<Op, Answer> recorder;
    private final Duration callLimit;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong acknowledgedChanges = new AtomicLong();
    private volatile int round;
    private volatile boolean stopped;

    private Workload(MemberChannels channels, HistoryRecorder<Op, Answer> recorder, Duration callLimit) {
        this.channels = channels;
        this.recorder = recorder;
        this.callLimit = callLimit;
    }

    /** Starts this many clients, each of which waits so long at most for an answer. */
    static Workload start(
            MemberChannels channels, HistoryRecorder<Op, Answer> recorder, int clients, Duration callLimit) {
        Workload workload = new Workload(channels, recorder, callLimit);
        SplittableRandom seeds = new SplittableRandom(SEED);
        for (int client = 0; client < clients; client++) {
            int number = client;
            SplittableRandom random = seeds.split();
            Thread thread = new Thread(() -> workload.run(number, random), "client-" + number);
            thread.setDaemon(true);
            workload.threads.add(thread);
        }
        workload.threads.forEach(Thread::start);
        return workload;
    }

    /** From now on the clients use the keys of this round. */
    void beginRound(int number) {
        round = number;
    }

    static String key(int round, int number) {
        return "round-" + round + "/key-" + number;
    }

    /** How many changes have been acknowledged so far. */
    long acknowledgedChanges() {
        return acknowledgedChanges.get();
    }

    /** Ends all clients and waits for their last operations. */
    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(callLimit.toMillis() * 10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the clients stop", e);
            }
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not stop");
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
    }

    private void run(int number, SplittableRandom random) {
        RecordingClient client = new RecordingClient(number, channels, recorder, callLimit);
        long lastSeen = 0;
        for (long serial = 0; !stopped; serial++) {
            String key = key(round, random.nextInt(KEYS_PER_ROUND));
            Op op = choose(random, key, "v" + number + "-" + serial, lastSeen);
            Optional<Answer> answer = client.ask(random.nextInt(channels.size()), op);
            if (answer.isPresent()) {
                lastSeen = answer.get().revision();
                if (answer.get().applied()) {
                    acknowledgedChanges.incrementAndGet();
                }
            }
            LockSupport.parkNanos(answer.isPresent() ? PAUSE_NANOS : PAUSE_AFTER_FAILURE_NANOS);
        }
    }

    /** Half puts, a third reads, the rest deletes and conditional puts, of which some are meant to fail. */
    private static Op choose(SplittableRandom random, String key, String value, long lastSeen) {
        int dice = random.nextInt(100);
        if (dice < 50) {
            return new Put(key, value);
        }
        if (dice < 82) {
            return new Get(key);
        }
        if (dice < 88) {
            return new Delete(key);
        }
        return new PutIf(key, lastSeen, value);
    }
}
