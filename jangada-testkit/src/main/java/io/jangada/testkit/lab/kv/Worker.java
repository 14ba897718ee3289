package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.kv.GenericScenario.Keys;
import io.jangada.testkit.sim.SimRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client at work in one iteration of a {@link GenericScenario}.
 *
 * <p>The course's clients never pause. These have so many operations in each tenth of a second and then rest until the next one: that keeps the history at some thousand operations however fast the
 * servers are, so that its linearizability is always decided, and still makes it as long as the longest that the course has published. All begin their turns at once, so they are as concurrent as
 * without pauses.
 */
final class Worker {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** For all clients together. */
    private static final int OPERATIONS_PER_TURN = 40;

    private final GenericScenario scenario;
    private final KvLab lab;
    private final int client;
    private final SimRandom chance;
    private String predicted = "";
    private int written;

    Worker(GenericScenario scenario, KvLab lab, int client, SimRandom chance) {
        this.scenario = scenario;
        this.lab = lab;
        this.client = client;
        this.chance = chance;
    }

    /** The client's number among those of the iteration. */
    int client() {
        return client;
    }

    /** The key named after this client. */
    String key() {
        return Integer.toString(client);
    }

    /** How many pieces it has written, once its work has ended. With a key of its own it has appended them all. */
    int appended() {
        return written;
    }

    void workUntil(AtomicBoolean end) {
        Clerk clerk = lab.clerk();
        if (scenario.keys() == Keys.OWN) {
            clerk.put(key(), "");
        }
        int operations = Math.max(1, OPERATIONS_PER_TURN / scenario.clients());
        while (!end.get()) {
            long nextTurn = lab.time().elapsedNanos() + TURN_NANOS;
            for (int i = 0; i < operations && !end.get(); i++) {
                operate(clerk);
            }
            long rest = nextTurn - lab.time().elapsedNanos();
            if (rest > 0) {
                lab.sleep(TimeUnit.NANOSECONDS.toMillis(rest));
            }
        }
        clerk.end();
    }

    private void operate(Clerk clerk) {
        boolean isOwn = scenario.keys() == Keys.OWN;
        String key = isOwn ? key() : Integer.toString(chance.below(scenario.clients()));
        String piece = Appended.piece(client, written);
        if (chance.chance(0.5)) {
            clerk.append(key, piece);
            predicted += piece;
            written++;
        } else if (!isOwn && chance.chance(0.1)) {
            clerk.put(key, piece);
            written++;
        } else if (isOwn) {
            lab.check(clerk, key, predicted);
        } else {
            clerk.get(key);
        }
    }
}
