package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.etcd.rpc.Compare;
import io.jangada.etcd.rpc.Compare.CompareResult;
import io.jangada.etcd.rpc.Compare.CompareTarget;
import io.jangada.etcd.rpc.TxnRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden answers to the comparisons of Txn. */
final class GoldenCompareTest extends GoldenKvAnswers {
    private static final List<CompareResult> RESULTS =
            List.of(CompareResult.EQUAL, CompareResult.GREATER, CompareResult.LESS, CompareResult.NOT_EQUAL);

    GoldenCompareTest(Target target, GoldenTargets targets) {
        super(targets.shared(target));
    }

    @Test
    void numbersOfAKey() {
        long created = putAt("a", "1");
        long modified = putAt("a", "2");
        assertNumber(CompareTarget.VERSION, 2);
        assertNumber(CompareTarget.CREATE, created);
        assertNumber(CompareTarget.MOD, modified);
        assertNumber(CompareTarget.LEASE, 0);
    }

    @Test
    void anAbsentKeyHasZeroForNumbers() {
        assertNumber(CompareTarget.VERSION, 0);
        assertNumber(CompareTarget.CREATE, 0);
        assertNumber(CompareTarget.MOD, 0);
        assertNumber(CompareTarget.LEASE, 0);
    }

    @Test
    void aDeletedKeyIsAnAbsentKey() {
        put("a", "1");
        delete(deleting("a"));
        assertNumber(CompareTarget.VERSION, 0);
        assertNumber(CompareTarget.MOD, 0);
        for (CompareResult result : RESULTS) {
            assertThat(holds(value("a", result, "1"))).isFalse();
        }
    }

    @Test
    void valuesCompareAsUnsignedBytes() {
        put("a", "mm");
        assertThat(holds(value("a", CompareResult.EQUAL, "mm"))).isTrue();
        assertThat(holds(value("a", CompareResult.EQUAL, "m"))).isFalse();
        assertThat(holds(value("a", CompareResult.NOT_EQUAL, "m"))).isTrue();
        assertThat(holds(value("a", CompareResult.GREATER, "m"))).isTrue();
        assertThat(holds(value("a", CompareResult.GREATER, "mm"))).isFalse();
        assertThat(holds(value("a", CompareResult.LESS, "n"))).isTrue();
        assertThat(holds(value("a", CompareResult.LESS, "\u00e9"))).isTrue();
    }

    /** Even "not equal" is false: there is no value to be different. */
    @Test
    void aValueOfAnAbsentKeyNeverCompares() {
        for (CompareResult result : RESULTS) {
            assertThat(holds(value("absent", result, "x"))).as("%s x", result).isFalse();
            assertThat(holds(value("absent", result, "")))
                    .as("%s nothing", result)
                    .isFalse();
        }
    }

    @Test
    void allKeysOfARangeMustCompare() {
        put("a", "same");
        put("b", "same");
        put("c", "other");
        assertThat(holds(value("a", CompareResult.EQUAL, "same").setRangeEnd(key("c"))))
                .isTrue();
        assertThat(holds(value("a", CompareResult.EQUAL, "same").setRangeEnd(key("d"))))
                .isFalse();
        assertThat(holds(comparing("a", CompareTarget.CREATE, CompareResult.GREATER)
                        .setCreateRevision(1)
                        .setRangeEnd(folderEnd())))
                .isTrue();
        put("b", "same");
        assertThat(holds(comparing("a", CompareTarget.VERSION, CompareResult.EQUAL)
                        .setVersion(1)
                        .setRangeEnd(folderEnd())))
                .isFalse();
    }

    @Test
    void anEmptyRangeIsAnAbsentKey() {
        assertThat(holds(comparing("x", CompareTarget.VERSION, CompareResult.EQUAL)
                        .setVersion(0)
                        .setRangeEnd(key("z"))))
                .isTrue();
        assertThat(holds(comparing("x", CompareTarget.CREATE, CompareResult.GREATER)
                        .setCreateRevision(0)
                        .setRangeEnd(key("z"))))
                .isFalse();
        for (CompareResult result : RESULTS) {
            assertThat(holds(value("x", result, "v").setRangeEnd(key("z")))).isFalse();
        }
    }

    /** Without a number given, a comparison is with zero. */
    @Test
    void whatIsNotGivenIsZero() {
        assertThat(holds(comparing("absent", CompareTarget.MOD, CompareResult.EQUAL)))
                .isTrue();
        put("a", "1");
        assertThat(holds(comparing("a", CompareTarget.MOD, CompareResult.EQUAL)))
                .isFalse();
        assertThat(holds(comparing("a", CompareTarget.MOD, CompareResult.GREATER)))
                .isTrue();
    }

    private Compare.Builder value(String name, CompareResult result, String value) {
        return comparing(name, CompareTarget.VALUE, result).setValue(utf8(value));
    }

    /** All four relations around the number that the key "a" has. */
    private void assertNumber(CompareTarget target, long has) {
        assertThat(number(target, CompareResult.EQUAL, has)).isTrue();
        assertThat(number(target, CompareResult.EQUAL, has + 1)).isFalse();
        assertThat(number(target, CompareResult.NOT_EQUAL, has)).isFalse();
        assertThat(number(target, CompareResult.NOT_EQUAL, has + 1)).isTrue();
        assertThat(number(target, CompareResult.GREATER, has - 1)).isTrue();
        assertThat(number(target, CompareResult.GREATER, has)).isFalse();
        assertThat(number(target, CompareResult.LESS, has + 1)).isTrue();
        assertThat(number(target, CompareResult.LESS, has)).isFalse();
    }

    private boolean number(CompareTarget target, CompareResult result, long with) {
        Compare.Builder compare = comparing("a", target, result);
        switch (target) {
            case VERSION -> compare.setVersion(with);
            case CREATE -> compare.setCreateRevision(with);
            case MOD -> compare.setModRevision(with);
            case LEASE -> compare.setLease(with);
            case VALUE, UNRECOGNIZED -> throw new IllegalArgumentException(target + " is not a number");
        }
        return holds(compare);
    }

    private boolean holds(Compare.Builder compare) {
        return txn(TxnRequest.newBuilder().addCompare(compare)).getSucceeded();
    }
}
