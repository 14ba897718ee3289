package io.jangada.kv;

import static io.jangada.kv.Requests.compare;
import static io.jangada.kv.Requests.delete;
import static io.jangada.kv.Requests.get;
import static io.jangada.kv.Requests.put;
import static io.jangada.kv.Requests.txnIf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The binary form of commands: fixed for ever, read back exactly, and safe against any bytes. */
class KvCommandsTest {

    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of("01 01 01 01 61 02 7676 00", put("a", "vv")),
                Arguments.of(
                        "01 01 06 01 61 00 ffffffffffffffffff01",
                        new PutRequest(Bytes.of("a"), Bytes.EMPTY, -1, false, true, true)),
                Arguments.of("01 02 01 01 61 01 63", delete("a", "c")),
                Arguments.of("01 04 01 ac02", new CompactRequest(300, true)),
                Arguments.of(
                        "01 03 01 01 02 01 61 00 05 00 01 05 00 01 61 00 00 00 00 00 00 00 00 00 01 02 01 01 62 00",
                        txnIf(
                                compare(Compare.Target.MOD, Compare.Result.GREATER, "a", 5),
                                List.of(get("a")),
                                List.of(delete("b")))));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void theFormIsFixed(String hex, KvRequest request) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(KvCommands.decode(bytes)).isEqualTo(request);
        assertThat(KvCommands.encode(request)).isEqualTo(bytes);
    }

    @Test
    void everythingIsReadBackExactly() {
        RandomRequests random = new RandomRequests(5);
        for (int i = 0; i < 20_000; i++) {
            KvRequest request = random.command(1_000);
            assertThat(KvCommands.decode(KvCommands.encode(request))).isEqualTo(request);
        }
    }

    @Test
    void anyBytesAreReadOrRefusedWithAMessage() {
        RandomRequests requests = new RandomRequests(6);
        Random random = new Random(6);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = mutated(KvCommands.encode(requests.command(1_000)), random);
            try {
                // What happens to make sense can be written again.
                assertThat(KvCommands.encode(KvCommands.decode(bytes))).isNotEmpty();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("(byte ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(20_000);
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] out = bytes;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(3)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out[at] = (byte) 0xFF;
                default -> out = Arrays.copyOf(out, Math.max(1, at + random.nextInt(3)));
            }
        }
        return out;
    }

    @Test
    void hostileSizesReserveNothing() {
        byte[] hugeKey = HexFormat.of().parseHex("010100ffffffff07");
        assertThatThrownBy(() -> KvCommands.decode(hugeKey)).hasMessageContaining("a count of 2147483647");
        byte[] deep = new byte[3_000];
        deep[0] = 1;
        for (int i = 1; i + 2 < deep.length; i += 3) {
            deep[i] = 3;
            deep[i + 2] = 1;
        }
        assertThatThrownBy(() -> KvCommands.decode(deep)).hasMessageContaining("nested more than 200 deep");
        byte[] newer = {2, 1, 0};
        assertThatThrownBy(() -> KvCommands.decode(newer)).hasMessageContaining("format 2");
    }

    @Test
    void theDeepestTransactionThatTheRulesAllowFits() {
        TxnRequest txn = new TxnRequest(List.of(), List.of(), List.of());
        for (int i = 0; i < RequestRules.MAX_TXN_OPS; i++) {
            txn = Requests.txn(txn);
        }
        RequestRules.check(txn);
        assertThat(KvCommands.decode(KvCommands.encode(txn))).isEqualTo(txn);
    }

    @Test
    void whatDoesNotBelongIntoTheLogIsRefused() {
        assertThatThrownBy(() -> KvCommands.encode(get("a"))).hasMessageContaining("read, not proposed");
    }
}
