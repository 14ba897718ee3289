package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests by chance, from a seed: few keys, awkward ones, so that they meet. */
final class RandomRequests {
    private static final List<Bytes> KEYS = List.of(
            bytes(0),
            bytes(0, 0),
            bytes(0, 0xFF),
            Bytes.of("a"),
            bytes('a', 0),
            bytes('a', 0, 0),
            bytes('a', 0, 1),
            bytes('a', 0, 0xFF),
            bytes('a', 1),
            Bytes.of("ab"),
            Bytes.of("b"),
            bytes('b', 0xFF),
            Bytes.of("longer/key/with/a/path"),
            bytes(0xFF),
            bytes(0xFF, 0xFF));

    private final Random random;

    RandomRequests(long seed) {
        this.random = new Random(seed);
    }

    static Bytes bytes(int... content) {
        byte[] out = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            out[i] = (byte) content[i];
        }
        return Bytes.wrap(out);
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }

    /** Something for the log. */
    KvRequest command(long revision) {
        int dice = random.nextInt(100);
        if (dice < 45) {
            return put();
        }
        if (dice < 62) {
            return delete();
        }
        if (dice < 96) {
            return txn(revision, 0);
        }
        return new CompactRequest(revision - random.nextInt(12) + 1, random.nextBoolean());
    }

    PutRequest put() {
        boolean ignoreValue = oneIn(8);
        return new PutRequest(
                key(), ignoreValue ? Bytes.EMPTY : value(), oneIn(30) ? 7 : 0, oneIn(3), ignoreValue, oneIn(8));
    }

    DeleteRangeRequest delete() {
        return new DeleteRangeRequest(key(), oneIn(3) ? rangeEnd() : Bytes.EMPTY, random.nextBoolean());
    }

    TxnRequest txn(long revision, int depth) {
        List<Compare> compare = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compare.add(compare(revision));
        }
        return new TxnRequest(compare, branch(revision, depth), branch(revision, depth));
    }

    private List<KvRequest> branch(long revision, int depth) {
        List<KvRequest> branch = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int dice = random.nextInt(10);
            if (dice < 4) {
                branch.add(put());
            } else if (dice < 6) {
                branch.add(delete());
            } else if (dice < 8 || depth > 2) {
                branch.add(range(revision));
            } else {
                branch.add(txn(revision, depth + 1));
            }
        }
        return branch;
    }

    private Compare compare(long revision) {
        Compare.Target target = pick(Compare.Target.values());
        long number = target == Compare.Target.VERSION ? random.nextInt(4) : revision - random.nextInt(15);
        return new Compare(
                pick(Compare.Result.values()),
                target,
                key(),
                oneIn(4) ? rangeEnd() : Bytes.EMPTY,
                target == Compare.Target.LEASE || oneIn(3) ? 0 : number,
                target == Compare.Target.VALUE ? value() : Bytes.EMPTY);
    }

    RangeRequest range(long revision) {
        return new RangeRequest(
                key(),
                oneIn(3) ? Bytes.EMPTY : rangeEnd(),
                oneIn(2) ? random.nextInt(6) - 1 : 0,
                oneIn(2) ? revision + 1 - random.nextInt(20) : 0,
                pick(RangeRequest.SortOrder.values()),
                pick(RangeRequest.SortTarget.values()),
                random.nextBoolean(),
                oneIn(4),
                oneIn(8),
                filter(revision),
                filter(revision),
                filter(revision),
                filter(revision));
    }

    private long filter(long revision) {
        return oneIn(6) ? Math.max(0, revision - random.nextInt(15)) : 0;
    }

    private Bytes key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private Bytes rangeEnd() {
        return oneIn(3) ? bytes(0) : key();
    }

    private Bytes value() {
        return Bytes.of("v" + random.nextInt(6));
    }

    private boolean oneIn(int cases) {
        return random.nextInt(cases) == 0;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
