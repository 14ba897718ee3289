package io.jangada.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.ForwardRequest;
import io.jangada.core.model.NodeId;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForwardWindowTest {
    private static final long RUN = 7L << 32;
    private final ForwardWindow window = new ForwardWindow();

    private static ForwardRequest request(long node, long term, long id) {
        return new ForwardRequest(NodeId.of(node), NodeId.of(1), term, id, new byte[0]);
    }

    private boolean first(long node, long id) {
        return window.firstTime(request(node, 3, id));
    }

    @Test
    void takesEachRequestOnceWhateverTheOrder() {
        assertThat(first(2, RUN + 5)).isTrue();
        assertThat(first(2, RUN + 3)).isTrue();
        assertThat(first(2, RUN + 5)).isFalse();
        assertThat(first(2, RUN + 3)).isFalse();
        assertThat(first(3, RUN + 5)).isTrue();
        assertThat(first(2, (8L << 32) + 5)).isTrue();
        assertThat(first(2, RUN)).isTrue();
    }

    @Test
    void whatIsOlderThanTheWindowIsNotTaken() {
        assertThat(first(2, RUN + 70_000)).isTrue();
        assertThat(first(2, RUN + 70_000 - 65_536)).isFalse();
        assertThat(first(2, RUN + 70_000 - 65_535)).isTrue();
        assertThat(first(2, RUN + 70_000 - 65_535)).isFalse();
    }

    @Test
    void agreesWithASet() {
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ForwardWindow some = new ForwardWindow();
            Set<Long> seen = new HashSet<>();
            long highest = -1;
            long base = 0;
            for (int step = 0; step < 5_000; step++) {
                base += random.nextInt(100) == 0 ? random.nextInt(100_000) : random.nextInt(40);
                long id = Math.max(0, base - (random.nextInt(5) == 0 ? random.nextInt(90_000) : random.nextInt(50)));
                boolean expected = id > highest - 65_536 && seen.add(id);
                highest = Math.max(highest, id);
                assertThat(some.firstTime(request(2, 3, RUN + id)))
                        .as("seed %s, id %s", seed, id)
                        .isEqualTo(expected);
            }
        }
    }

    /** A bug of the first version: after 64 runs under one leader, every further run was ignored for ever. */
    @Test
    void aNodeThatRestartsAgainAndAgainMayGoOnForwardingAndPushesOutNobodyElse() {
        assertThat(first(3, RUN + 1)).isTrue();
        for (long run = 0; run < 500; run++) {
            assertThat(first(2, (run << 32) + 1)).isTrue();
            assertThat(first(2, (run << 32) + 1)).isFalse();
        }
        assertThat(first(3, RUN + 1)).isFalse();
    }

    @Test
    void theLedgerSaysNeverTakenOnlyWhereItIsCertain() {
        ForwardLedger ledger = new ForwardLedger(5);
        // What was taken before the restart is forgotten, so nothing is said about terms up to then.
        assertThat(ledger.neverTaken(request(2, 5, RUN + 1))).isFalse();
        assertThat(ledger.neverTaken(request(2, 6, RUN + 1))).isTrue();
        ledger.begin(7);
        assertThat(ledger.firstTime(request(2, 7, RUN + 2))).isTrue();
        assertThat(ledger.neverTaken(request(2, 6, RUN + 1))).isFalse();
        assertThat(ledger.neverTaken(request(2, 7, RUN + 2))).isFalse();
        assertThat(ledger.neverTaken(request(2, 7, RUN + 3))).isTrue();
        assertThat(ledger.neverTaken(request(2, 8, RUN + 2))).isTrue();
    }
}
