package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.StateSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SessionSnapshotTest {
    private static final long T = 1_000_000;
    private static final SessionLimits LIMITS = new SessionLimits(1000, 3, 4, 10_000);

    private final Replica replica = new Replica(LIMITS);

    /** Two sessions, the older one used last, with results that wait for acknowledgement. */
    private long[] fill() {
        long one = replica.open(T);
        long two = replica.open(T);
        replica.send(two, 1, 0, T + 1);
        replica.send(one, 1, 0, T + 2);
        replica.send(one, 3, 1, T + 3);
        return new long[] {one, two};
    }

    private Replica restored(byte[] snapshot) throws IOException {
        Replica other = new Replica(LIMITS);
        other.restore(replica, snapshot);
        return other;
    }

    /** The bytes are a contract between versions. */
    @Test
    void goldenBytes() throws IOException {
        fill();
        String limits = "00000000000003e8" + "00000003" + "00000004" + "0000000000002710";
        String expected = "4a534553" + "01" + limits + limits
                + "00000000000f4243" // Log time.
                + "00000002"
                + "0000000000000004" + "00000000000f4241" + "0000000000000000" + "00000001"
                + "0000000000000001" + "00000006" + hexOf("s4c1#1")
                + "0000000000000002" + "00000000000f4243" + "0000000000000001" + "00000001"
                + "0000000000000003" + "00000006" + hexOf("s2c3#3")
                + "00000003" + "0004" + hexOf("s4c1") + "0004" + hexOf("s2c1") + "0004" + hexOf("s2c3");
        assertThat(HexFormat.of().formatHex(replica.snapshot())).isEqualTo(expected);
    }

    private static String hexOf(String text) {
        return HexFormat.of().formatHex(Journal.line(text));
    }

    @Test
    void aRestoredTableKnowsWhatWasExecuted() throws IOException {
        long[] sessions = fill();
        Replica other = restored(replica.snapshot());
        assertThat(other.machine.sessionCount()).isEqualTo(2);
        assertThat(other.machine.resultBytes()).isEqualTo(replica.machine.resultBytes());
        assertThat(other.machine.logTimeMillis()).isEqualTo(T + 3);
        assertThat(other.send(sessions[1], 1, 0, T)).isEqualTo(new SessionReply.Done<>("s4c1#1", true));
        assertThat(other.send(sessions[0], 3, 0, T)).isEqualTo(new SessionReply.Done<>("s2c3#3", true));
        assertThat(other.send(sessions[0], 1, 0, T)).isEqualTo(new SessionReply.Stale<>(1, 1));
        assertThat(other.send(sessions[0], 2, 1, T)).isEqualTo(new SessionReply.Done<>("s2c2#4", false));
        assertThat(other.journal.lines()).containsExactly("s4c1", "s2c1", "s2c3", "s2c2");
    }

    @Test
    void aRestoredTableReplacesWhatWasThere() throws IOException {
        byte[] empty = replica.snapshot();
        long[] sessions = fill();
        replica.restore(replica, empty);
        assertThat(replica.machine.sessionCount()).isZero();
        assertThat(replica.machine.resultBytes()).isZero();
        assertThat(replica.journal.lines()).isEmpty();
        assertThat(replica.send(sessions[0], 4, 0, T)).isEqualTo(new SessionReply.Expired<>(sessions[0]));
    }

    @Test
    void aRestoredTableExpiresInTheSameOrder() throws IOException {
        long[] sessions = fill();
        Replica other = restored(replica.snapshot());
        for (Replica each : new Replica[] {replica, other}) {
            assertThat(each.apply(SessionCommand.keepAlive(sessions[0], 1, T + 1002)))
                    .isEqualTo(new SessionReply.Alive<>());
            assertThat(each.machine.sessionCount()).isEqualTo(1);
        }
        assertThat(other.snapshot()).isEqualTo(replica.snapshot());
    }

    @Test
    void whatIsHeldStillStaysAsItWas() throws IOException {
        long[] sessions = fill();
        byte[] before = replica.snapshot();
        ByteArrayOutputStream late = new ByteArrayOutputStream();
        try (StateSnapshot held = replica.machine.snapshot().orElseThrow()) {
            replica.send(sessions[0], 4, 3, T + 10);
            replica.send(sessions[1], 2, 1, T + 10);
            replica.apply(SessionCommand.close(sessions[1], T + 10));
            replica.open(T + 20);
            held.writeTo(late);
        }
        assertThat(late.toByteArray()).isEqualTo(before);
        assertThat(replica.snapshot()).isNotEqualTo(before);
    }

    @Test
    void limitsThatWereChangedComeWithTheSnapshot() throws IOException {
        SessionLimits changed = LIMITS.withMaxSessions(77);
        replica.apply(SessionCommand.setLimits(changed, T));
        Replica other = restored(replica.snapshot());
        assertThat(other.machine.limits()).isEqualTo(changed);
        assertThat(other.snapshot()).isEqualTo(replica.snapshot());
    }

    @Test
    void aNodeWithOtherLimitsIsToldWhatToDo() throws IOException {
        fill();
        byte[] snapshot = replica.snapshot();
        Replica other = new Replica(LIMITS.withMaxSessions(5));
        assertThatThrownBy(() -> other.restore(replica, snapshot))
                .isInstanceOf(SessionFormatException.class)
                .hasMessageContainingAll("maxSessions=3", "maxSessions=5", "SessionCommand.setLimits");
        assertThat(other.machine.sessionCount()).isZero();
    }

    @Test
    void aSnapshotOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> restored(new byte[100]))
                .hasMessageContaining("does not begin with a table of sessions");
        byte[] newer = HexFormat.of().parseHex("4a53455302");
        assertThatThrownBy(() -> restored(newer)).hasMessageContaining("version 2");
    }

    @Test
    void aSnapshotCutShortAnywhereIsAnError() throws IOException {
        fill();
        byte[] whole = replica.snapshot();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> restored(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(IOException.class);
        }
        assertThat(restored(whole).snapshot()).isEqualTo(whole);
    }

    /** Counts and lengths that lie cost neither memory nor anything but an error. */
    @Test
    void aDamagedTableIsAnErrorOrAnotherTable() throws IOException {
        fill();
        byte[] whole = replica.snapshot();
        SplittableRandom random = new SplittableRandom(6_3);
        int errors = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(5, whole.length - 22)] = (byte) random.nextInt();
            try {
                Replica other = restored(damaged);
                assertThat(other.machine.sessionCount()).isEqualTo(2);
            } catch (IOException e) {
                errors++;
            }
        }
        assertThat(errors).isPositive();
    }
}
