package io.jangada.verify.trace;

import io.jangada.testkit.lab.trace.TraceEvent;
import io.jangada.testkit.lab.trace.TraceEvent.Change;
import io.jangada.testkit.lab.trace.TraceEvent.Delivered;
import io.jangada.testkit.lab.trace.TraceEvent.Life;
import io.jangada.testkit.lab.trace.TraceEvent.Lost;
import io.jangada.testkit.lab.trace.TraceEvent.Note;
import io.jangada.testkit.lab.trace.TraceEvent.Progress;
import io.jangada.testkit.lab.trace.TraceEvent.Role;
import io.jangada.testkit.lab.trace.TraceEvent.Sent;
import io.jangada.testkit.lab.trace.TraceRecorder;
import io.jangada.testkit.lab.trace.TraceRun;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * Draws up the trace of a run that looks like one of five servers on a bad network, without running any: three elections, a log that
 * grows, lost and late messages, a leader that is cut off and later crashes, a restart with a snapshot.
 */
final class SyntheticRun {
    static final int SERVERS = 5;
    private static final long MILLI = 1_000_000;

    private final TraceRecorder recorder = new TraceRecorder();
    private final Random random;
    private final boolean[] reachable = new boolean[SERVERS];
    private long message;
    private long index;
    private long sent;
    private long delivered;
    private long lost;

    private SyntheticRun(long seed) {
        random = new Random(seed);
    }

    static SyntheticRun of(long seed) {
        SyntheticRun run = new SyntheticRun(seed);
        run.play();
        return run;
    }

    TraceRun asRun() {
        return new TraceRun("Synthetic elections", "drawn up", 42, SERVERS, "passed", events(), recorder.dropped());
    }

    List<TraceEvent> events() {
        return recorder.events();
    }

    long sent() {
        return sent;
    }

    long lost() {
        return lost;
    }

    private void play() {
        for (int server = 0; server < SERVERS; server++) {
            life(0, server, Change.STARTED);
            life(0, server, Change.CONNECTED);
            recorder.record(new Role(0, server, "FOLLOWER", 0));
        }
        note(0, "five servers start on a bad network");
        elect(320 * MILLI, 1, 1);
        note(900 * MILLI, "check: one leader");
        lead(370 * MILLI, 3_000 * MILLI, 1, 1);
        life(3_000 * MILLI, 1, Change.DISCONNECTED);
        note(3_000 * MILLI, "disconnect the leader");
        // A leader that is cut off goes on sending, in vain.
        lead(3_000 * MILLI, 3_700 * MILLI, 1, 1);
        elect(3_520 * MILLI, 3, 2);
        lead(3_580 * MILLI, 6_500 * MILLI, 3, 2);
        life(4_600 * MILLI, 1, Change.CONNECTED);
        recorder.record(new Role(4_640 * MILLI, 1, "FOLLOWER", 2));
        note(4_600 * MILLI, "connect it again");
        life(6_500 * MILLI, 3, Change.DISCONNECTED);
        life(6_500 * MILLI, 3, Change.CRASHED);
        note(6_500 * MILLI, "crash the new leader");
        recorder.record(new Role(6_900 * MILLI, 4, "PRE_CANDIDATE", 2));
        recorder.record(new Role(6_940 * MILLI, 4, "CANDIDATE", 3));
        elect(7_150 * MILLI, 0, 4);
        lead(7_210 * MILLI, 14_500 * MILLI, 0, 4);
        life(8_800 * MILLI, 3, Change.STARTED);
        recorder.record(new Role(8_800 * MILLI, 3, "FOLLOWER", 2));
        life(8_800 * MILLI, 3, Change.CONNECTED);
        note(8_800 * MILLI, "start it again from what its disk has kept");
        send(8_900 * MILLI, 0, 3, "SnapshotRequest", "t4 snapshot 300@2 0+4096/4096", at -> {
            send(at, 3, 0, "SnapshotResponse", "t4 snapshot 300 INSTALLED", done -> {});
            recorder.record(new Role(at, 3, "FOLLOWER", 4));
        });
        note(14_500 * MILLI, "check: all servers have applied the same");
    }

    private void life(long at, int server, Change change) {
        reachable[server] = change == Change.CONNECTED || (change == Change.STARTED && reachable[server]);
        recorder.record(new Life(at, server, change));
    }

    private void note(long at, String text) {
        recorder.record(new Note(at, text));
    }

    private void elect(long at, int winner, long term) {
        recorder.record(new Role(at, winner, "PRE_CANDIDATE", term - 1));
        long asks = at + 25 * MILLI;
        long leads = asks + 25 * MILLI;
        for (int peer = 0; peer < SERVERS; peer++) {
            if (peer != winner) {
                int voter = peer;
                long last = index;
                send(
                        at,
                        winner,
                        voter,
                        "PreVoteRequest",
                        "t" + term + " pre-vote? " + last + "@" + (term - 1),
                        heard -> send(
                                heard, voter, winner, "PreVoteResponse", "t" + term + " pre-vote yes", done -> {}));
                send(asks, winner, voter, "VoteRequest", "t" + term + " vote? " + last + "@" + (term - 1), heard -> {
                    recorder.record(new Role(heard, voter, "FOLLOWER", term));
                    send(heard, voter, winner, "VoteResponse", "t" + term + " vote yes", done -> {});
                });
            }
        }
        recorder.record(new Role(asks, winner, "CANDIDATE", term));
        recorder.record(new Role(leads, winner, "LEADER", term));
    }

    private void lead(long from, long until, int leader, long term) {
        for (long at = from; at < until; at += 20 * MILLI) {
            if ((at - from) % (100 * MILLI) == 0) {
                heartbeat(at, leader, term);
            }
            if (random.nextInt(100) < 96) {
                append(at + random.nextInt((int) (15 * MILLI)), leader, term);
            }
        }
    }

    private void heartbeat(long at, int leader, long term) {
        for (int peer = 0; peer < SERVERS; peer++) {
            if (peer != leader) {
                int follower = peer;
                send(
                        at,
                        leader,
                        follower,
                        "HeartbeatRequest",
                        "t" + term + " heartbeat c" + index,
                        heard -> send(heard, follower, leader, "HeartbeatResponse", "t" + term + " alive", done -> {}));
            }
        }
    }

    private void append(long at, int leader, long term) {
        long next = index + 1;
        String text = "t" + term + " append " + index + "@" + term + "+1 c" + Math.max(0, index - 1);
        if (reachable[leader]) {
            index = next;
        }
        for (int peer = 0; peer < SERVERS; peer++) {
            if (peer != leader) {
                int follower = peer;
                send(at, leader, follower, "AppendRequest", text, heard -> {
                    recorder.record(new Progress(heard, follower, next - 1, Math.max(0, next - 1 - next % 2)));
                    send(heard, follower, leader, "AppendResponse", "t" + term + " matched " + next, done -> {});
                });
            }
        }
        if (reachable[leader]) {
            recorder.record(new Progress(at + 18 * MILLI, leader, next, next));
        }
    }

    /** One in ten is lost; of the rest one in two hundred is very late. */
    private void send(long at, int from, int to, String kind, String text, LongConsumer arrived) {
        long number = ++message;
        sent++;
        recorder.record(new Sent(at, number, from, to, kind, text, 20 + text.length()));
        long delay = 200_000L + random.nextInt((int) (26 * MILLI));
        if (!reachable[from] || !reachable[to]) {
            lose(at + delay, number, "server " + (reachable[from] ? to : from) + " is cut off");
        } else if (random.nextInt(10) == 0) {
            lose(at + delay / 2, number, "dropped by the network");
        } else {
            long late = random.nextInt(200) == 0 ? 200 * MILLI + random.nextInt((int) (600 * MILLI)) : 0;
            delivered++;
            recorder.record(new Delivered(at + delay + late, number));
            arrived.accept(at + delay + late);
        }
    }

    private void lose(long at, long number, String why) {
        lost++;
        recorder.record(new Lost(at, number, why));
    }

    long delivered() {
        return delivered;
    }
}
