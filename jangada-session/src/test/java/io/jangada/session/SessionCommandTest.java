package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SessionCommandTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final SessionLimits LIMITS = new SessionLimits(60_000, 5, 6, 7);

    private static final List<byte[]> ALL = List.of(
            SessionCommand.open(NOW),
            SessionCommand.of(9, 3, 2, NOW, new byte[] {1, 2, 3}),
            SessionCommand.of(9, 1, 0, NOW, new byte[0]),
            SessionCommand.keepAlive(9, 4, NOW),
            SessionCommand.close(9, NOW),
            SessionCommand.setLimits(LIMITS, NOW));

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The bytes are a contract: what is in a log must be read by every later version. */
    @Test
    void goldenBytes() {
        assertThat(ALL.stream().map(SessionCommandTest::hex))
                .containsExactly(
                        "01010000018bcfe56800",
                        "01020000018bcfe5680000000000000000090000000000000003000000000000000200000003010203",
                        "01020000018bcfe5680000000000000000090000000000000001000000000000000000000000",
                        "01030000018bcfe5680000000000000000090000000000000004",
                        "01040000018bcfe568000000000000000009",
                        "01050000018bcfe56800000000000000ea6000000005000000060000000000000007");
    }

    @Test
    void whatIsEncodedIsDecoded() throws SessionFormatException {
        assertThat(SessionCommand.decode(ALL.get(0))).isEqualTo(new SessionCommand.Open(NOW));
        SessionCommand.Execute execute = (SessionCommand.Execute) SessionCommand.decode(ALL.get(1));
        assertThat(execute.nowMillis()).isEqualTo(NOW);
        assertThat(execute.sessionId()).isEqualTo(9);
        assertThat(execute.sequence()).isEqualTo(3);
        assertThat(execute.acknowledged()).isEqualTo(2);
        assertThat(execute.payload()).containsExactly(1, 2, 3);
        assertThat(execute).hasToString("Execute[nowMillis=" + NOW + ", sessionId=9, sequence=3, acknowledged=2, 3 B]");
        assertThat(SessionCommand.decode(ALL.get(3))).isEqualTo(new SessionCommand.KeepAlive(NOW, 9, 4));
        assertThat(SessionCommand.decode(ALL.get(4))).isEqualTo(new SessionCommand.Close(NOW, 9));
        assertThat(SessionCommand.decode(ALL.get(5))).isEqualTo(new SessionCommand.SetLimits(NOW, LIMITS));
    }

    @Test
    void aCommandCutShortAnywhereIsRefused() {
        for (byte[] whole : ALL) {
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> SessionCommand.decode(cut))
                        .as("%s cut to %d bytes", hex(whole), length)
                        .isInstanceOf(SessionFormatException.class)
                        .hasMessageContaining("bytes");
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThatThrownBy(() -> SessionCommand.decode(longer)).isInstanceOf(SessionFormatException.class);
        }
    }

    /** Whatever comes, the answer is a refusal, and whatever is taken is what its own encoding says. */
    @Test
    void arbitraryBytesNeverThrowAnythingElse() {
        SplittableRandom random = new SplittableRandom(20_261_121);
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
            } else {
                bytes = ALL.get(random.nextInt(ALL.size())).clone();
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            SessionStateMachine<String> machine = new SessionStateMachine<>(new Journal(), ResultCodec.TEXT);
            SessionReply<String> reply = machine.apply(1, 1, bytes);
            if (reply instanceof SessionReply.Refused<String> refused) {
                assertThat(refused.reason()).isEqualTo(SessionReply.Reason.MALFORMED);
                assertThat(refused.detail()).contains("session");
            } else {
                taken++;
            }
        }
        assertThat(taken).isPositive();
    }

    @Test
    void aRefusalNamesWhatIsWrong() {
        assertRefused(new byte[10], "version 0", "SessionCommand");
        assertRefused(HexFormat.of().parseHex("01070000018bcfe56800"), "kind 7", "1 to 5");
        assertRefused(HexFormat.of().parseHex("0101ffffffffffffffff"), "clock -1");
        assertRefused(HexFormat.of().parseHex("01017fffffffffffffff"), "clock", "253402300799999");
        assertRefused(HexFormat.of().parseHex("01040000018bcfe568000000000000000000"), "session id 0");
        assertRefused(
                HexFormat.of().parseHex("01020000018bcfe5680000000000000000090000000000000001000000000000000100000000"),
                "acknowledged 1",
                "0 to 0");
        assertRefused(
                HexFormat.of()
                        .parseHex("01050000018bcfe568000000000000000000000000050000000600000000000000007"
                                .substring(0, 68)),
                "timeToLiveMillis is 0");
    }

    private static void assertRefused(byte[] command, String... parts) {
        assertThatThrownBy(() -> SessionCommand.decode(command))
                .isInstanceOf(SessionFormatException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void theEncodersRefuseWhatTheDecoderWould() {
        assertThatThrownBy(() -> SessionCommand.of(0, 1, 0, NOW, new byte[0])).hasMessageContaining("session id is 0");
        assertThatThrownBy(() -> SessionCommand.of(1, 0, 0, NOW, new byte[0])).hasMessageContaining("sequence is 0");
        assertThatThrownBy(() -> SessionCommand.of(1, 5, 5, NOW, new byte[0]))
                .hasMessageContaining("acknowledged is 5");
        assertThatThrownBy(() -> SessionCommand.of(1, 5, -1, NOW, new byte[0]))
                .hasMessageContaining("acknowledged is -1");
        assertThatThrownBy(() -> SessionCommand.keepAlive(1, -1, NOW)).hasMessageContaining("acknowledged is -1");
        assertThatThrownBy(() -> SessionCommand.open(-1)).hasMessageContaining("the clock says -1");
        assertThatThrownBy(() -> SessionCommand.close(-3, NOW)).hasMessageContaining("session id is -3");
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> new SessionLimits(0, 1, 1, 1)).hasMessageContaining("timeToLiveMillis is 0");
        assertThatThrownBy(() -> SessionLimits.DEFAULT.withMaxSessions(0)).hasMessageContaining("maxSessions is 0");
        assertThatThrownBy(() -> SessionLimits.DEFAULT.withMaxResultsPerSession(0))
                .hasMessageContaining("maxResultsPerSession is 0");
        assertThatThrownBy(() -> SessionLimits.DEFAULT.withMaxResultBytes(0))
                .hasMessageContaining("maxResultBytes is 0");
        assertThatThrownBy(() -> SessionLimits.DEFAULT.withTimeToLive(SessionLimits.MAX_TIME_TO_LIVE.plusMillis(1)))
                .hasMessageContaining("366 days");
    }
}
