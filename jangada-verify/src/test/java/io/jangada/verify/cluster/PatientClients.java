package io.jangada.verify.cluster;

import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Get;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.testkit.history.VersionedRegisterModel.Put;
import io.jangada.verify.process.MemberChannels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients as applications have them: each puts and gets at one member as long as that answers, goes on to the next if not, and an operation has failed only if no member
 * has answered it within its time. Each try is one operation of the history.
 */
final class PatientClients implements AutoCloseable {
    static final int KEYS_PER_ROUND = 8;

    private static final Duration OPERATION_LIMIT = Duration.ofSeconds(10);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);
    private static final long PAUSE_NANOS = 10_000_000;
    private static final long PAUSE_BEFORE_RETRY_NANOS = 20_000_000;

    private final MemberChannels channels;
    private final HistoryRecorder<Op, Answer> recorder;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLongArray usable;
    private volatile int round;
    private volatile boolean stopped;

    private PatientClients(MemberChannels channels, HistoryRecorder<Op, Answer> recorder) {
        this.channels = channels;
        this.recorder = recorder;
        this.usable = new AtomicLongArray(channels.size());
    }

    /** Starts this many clients, who know of the first {@code members} members. */
    static PatientClients start(
            MemberChannels channels, HistoryRecorder<Op, Answer> recorder, int clients, int members) {
        PatientClients all = new PatientClients(channels, recorder);
        for (int member = 0; member < members; member++) {
            all.tell(member, true);
        }
        SplittableRandom seeds = new SplittableRandom(7);
        for (int client = 0; client < clients; client++) {
            int number = client;
            SplittableRandom random = seeds.split();
            Thread thread = new Thread(() -> all.run(number, random), "patient-" + number);
            thread.setDaemon(true);
            all.threads.add(thread);
        }
        all.threads.forEach(Thread::start);
        return all;
    }

    /** Tells the clients that there is this member, or that they need not ask it any more. */
    void tell(int member, boolean there) {
        usable.set(member, there ? 1 : 0);
    }

    /** From now on the clients use the keys of this round, which keeps the history of each key short. */
    void beginRound(int number) {
        round = number;
    }

    static String key(int round, int number) {
        return "patient-" + round + "/key-" + number;
    }

    long done() {
        return done.get();
    }

    long retries() {
        return retries.get();
    }

    int failed() {
        return failed.get();
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** Ends all clients and waits for their last operations. */
    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(OPERATION_LIMIT.toMillis() * 2);
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
        RecordingClient client = new RecordingClient(number, channels, recorder, CALL_LIMIT);
        int member = number % channels.size();
        for (long serial = 0; !stopped; serial++) {
            String key = key(round, random.nextInt(KEYS_PER_ROUND));
            Op op = random.nextInt(100) < 50 ? new Put(key, "v" + number + "-" + serial) : new Get(key);
            member = carryOut(client, member, op);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns the member that has answered. */
    private int carryOut(RecordingClient client, int preferred, Op op) {
        long begin = System.nanoTime();
        int member = preferred;
        int tries = 0;
        while (System.nanoTime() - begin < OPERATION_LIMIT.toNanos()) {
            if (usable.get(member) == 1) {
                if (tries++ > 0) {
                    retries.incrementAndGet();
                    LockSupport.parkNanos(PAUSE_BEFORE_RETRY_NANOS);
                }
                if (client.ask(member, op).isPresent()) {
                    done.incrementAndGet();
                    longestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
                    return member;
                }
            }
            member = (member + 1) % channels.size();
        }
        failed.incrementAndGet();
        return member;
    }
}
