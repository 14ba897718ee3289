package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.Compare.Target;
import java.util.List;

/** Whether the comparisons of a transaction hold in a state. */
final class Conditions {
    private Conditions() {}

    static boolean hold(Keyspace keyspace, List<Compare> compares) {
        for (Compare compare : compares) {
            if (!holds(keyspace, compare)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Keyspace keyspace, Compare compare) {
        boolean any = false;
        KeyRange range = KeyRange.of(compare.key(), compare.rangeEnd());
        try (Versions versions = Versions.open(keyspace, range, Versions.PRESENT)) {
            while (versions.next()) {
                any = true;
                if (!accepts(compare, order(compare, versions.version()))) {
                    return false;
                }
            }
        }
        if (any) {
            return true;
        }
        // A key that does not exist compares as one whose numbers are all 0; its value compares with nothing.
        return compare.target() != Target.VALUE && accepts(compare, Long.compare(0, compare.number()));
    }

    private static int order(Compare compare, byte[] version) {
        return switch (compare.target()) {
            case VERSION -> Long.compare(Version.version(version), compare.number());
            case CREATE -> Long.compare(Version.create(version), compare.number());
            case MOD -> Long.compare(Version.mod(version), compare.number());
            case LEASE -> Long.compare(Version.lease(version), compare.number());
            case VALUE -> orderOfValues(Version.value(version), compare.value());
        };
    }

    private static int orderOfValues(Bytes value, Bytes operand) {
        return value.compareTo(operand);
    }

    private static boolean accepts(Compare compare, int order) {
        return switch (compare.result()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
        };
    }
}
