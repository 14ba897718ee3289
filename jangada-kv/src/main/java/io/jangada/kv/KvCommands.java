package io.jangada.kv;

import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.ArrayList;
import java.util.List;

/** The binary form of requests in the Raft log, described byte by byte in docs/kv-store.md. Old forms are read for ever. */
public final class KvCommands {
    private static final int FORMAT = 1;
    private static final int PUT = 1;
    private static final int DELETE_RANGE = 2;
    private static final int TXN = 3;
    private static final int COMPACT = 4;
    private static final int RANGE = 5;

    /** More than {@link RequestRules#MAX_TXN_OPS} lets through, and little enough for any stack. */
    private static final int MAX_DEPTH = 200;

    private static final int PREV_KV = 1;
    private static final int IGNORE_VALUE = 2;
    private static final int IGNORE_LEASE = 4;
    private static final int SERIALIZABLE = 1;
    private static final int KEYS_ONLY = 2;
    private static final int COUNT_ONLY = 4;

    private KvCommands() {}

    /** The bytes to propose for a request that writes; a read alone does not belong into the log. */
    public static byte[] encode(KvRequest writeRequest) {
        if (writeRequest instanceof RangeRequest) {
            throw new IllegalArgumentException("a range alone is read, not proposed");
        }
        CommandWriter out = new CommandWriter();
        out.octet(FORMAT);
        request(out, writeRequest, 0);
        return out.finish();
    }

    /**
     * Reads what {@link #encode} has made.
     *
     * @throws IllegalArgumentException says where the bytes make no sense
     */
    public static KvRequest decode(byte[] command) {
        CommandReader in = new CommandReader(command);
        int format = in.octet();
        if (format != FORMAT) {
            throw in.wrong("format " + format + ", but this program reads only format " + FORMAT
                    + ": all nodes must be upgraded before the newest of them leads");
        }
        KvRequest request = request(in, 0);
        if (request instanceof RangeRequest) {
            throw in.wrong("a range outside a transaction");
        }
        in.end();
        return request;
    }

    private static void request(CommandWriter out, KvRequest request, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("transactions are nested more than " + MAX_DEPTH + " deep");
        }
        if (request instanceof PutRequest put) {
            out.octet(PUT);
            out.octet((put.prevKv() ? PREV_KV : 0)
                    | (put.ignoreValue() ? IGNORE_VALUE : 0)
                    | (put.ignoreLease() ? IGNORE_LEASE : 0));
            out.bytes(put.key());
            out.bytes(put.value());
            out.number(put.lease());
        } else if (request instanceof DeleteRangeRequest delete) {
            out.octet(DELETE_RANGE);
            out.octet(delete.prevKv() ? PREV_KV : 0);
            out.bytes(delete.key());
            out.bytes(delete.rangeEnd());
        } else if (request instanceof TxnRequest txn) {
            out.octet(TXN);
            out.number(txn.compare().size());
            for (Compare compare : txn.compare()) {
                compare(out, compare);
            }
            branch(out, txn.success(), depth);
            branch(out, txn.failure(), depth);
        } else if (request instanceof CompactRequest compact) {
            out.octet(COMPACT);
            out.octet(compact.physical() ? 1 : 0);
            out.number(compact.revision());
        } else if (request instanceof RangeRequest range) {
            range(out, range);
        } else {
            throw new IllegalArgumentException("an empty operation cannot be proposed; RequestRules refuses it");
        }
    }

    private static void branch(CommandWriter out, List<KvRequest> branch, int depth) {
        out.number(branch.size());
        for (KvRequest step : branch) {
            request(out, step, depth + 1);
        }
    }

    private static void compare(CommandWriter out, Compare compare) {
        out.octet(resultCode(compare.result()));
        out.octet(targetCode(compare.target()));
        out.bytes(compare.key());
        out.bytes(compare.rangeEnd());
        out.number(compare.number());
        out.bytes(compare.value());
    }

    private static void range(CommandWriter out, RangeRequest range) {
        out.octet(RANGE);
        out.octet((range.serializable() ? SERIALIZABLE : 0)
                | (range.keysOnly() ? KEYS_ONLY : 0)
                | (range.countOnly() ? COUNT_ONLY : 0));
        out.bytes(range.key());
        out.bytes(range.rangeEnd());
        out.number(range.limit());
        out.number(range.revision());
        out.octet(orderCode(range.sortOrder()));
        out.octet(sortTargetCode(range.sortTarget()));
        out.number(range.minModRevision());
        out.number(range.maxModRevision());
        out.number(range.minCreateRevision());
        out.number(range.maxCreateRevision());
    }

    private static KvRequest request(CommandReader in, int depth) {
        if (depth > MAX_DEPTH) {
            throw in.wrong("transactions nested more than " + MAX_DEPTH + " deep");
        }
        int kind = in.octet();
        return switch (kind) {
            case PUT -> put(in);
            case DELETE_RANGE -> {
                int flags = in.flags(PREV_KV);
                yield new DeleteRangeRequest(in.bytes(), in.bytes(), flags != 0);
            }
            case TXN -> txn(in, depth);
            case COMPACT -> {
                if (depth > 0) {
                    throw in.wrong("a compaction in a transaction");
                }
                int flags = in.flags(1);
                yield new CompactRequest(in.number(), flags != 0);
            }
            case RANGE -> range(in);
            default -> throw in.wrong("unknown kind of request " + kind);
        };
    }

    private static PutRequest put(CommandReader in) {
        int flags = in.flags(PREV_KV | IGNORE_VALUE | IGNORE_LEASE);
        return new PutRequest(
                in.bytes(),
                in.bytes(),
                in.number(),
                (flags & PREV_KV) != 0,
                (flags & IGNORE_VALUE) != 0,
                (flags & IGNORE_LEASE) != 0);
    }

    private static TxnRequest txn(CommandReader in, int depth) {
        int compares = in.count();
        List<Compare> compare = new ArrayList<>(compares);
        for (int i = 0; i < compares; i++) {
            compare.add(compare(in));
        }
        return new TxnRequest(compare, branch(in, depth), branch(in, depth));
    }

    private static List<KvRequest> branch(CommandReader in, int depth) {
        int count = in.count();
        List<KvRequest> branch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            branch.add(request(in, depth + 1));
        }
        return branch;
    }

    private static Compare compare(CommandReader in) {
        Compare.Result result =
                switch (in.octet()) {
                    case 0 -> Compare.Result.EQUAL;
                    case 1 -> Compare.Result.GREATER;
                    case 2 -> Compare.Result.LESS;
                    case 3 -> Compare.Result.NOT_EQUAL;
                    default -> throw in.wrong("unknown result of a comparison");
                };
        Compare.Target target =
                switch (in.octet()) {
                    case 0 -> Compare.Target.VERSION;
                    case 1 -> Compare.Target.CREATE;
                    case 2 -> Compare.Target.MOD;
                    case 3 -> Compare.Target.VALUE;
                    case 4 -> Compare.Target.LEASE;
                    default -> throw in.wrong("unknown target of a comparison");
                };
        return new Compare(result, target, in.bytes(), in.bytes(), in.number(), in.bytes());
    }

    private static RangeRequest range(CommandReader in) {
        int flags = in.flags(SERIALIZABLE | KEYS_ONLY | COUNT_ONLY);
        return new RangeRequest(
                in.bytes(),
                in.bytes(),
                in.number(),
                in.number(),
                order(in),
                sortTarget(in),
                (flags & SERIALIZABLE) != 0,
                (flags & KEYS_ONLY) != 0,
                (flags & COUNT_ONLY) != 0,
                in.number(),
                in.number(),
                in.number(),
                in.number());
    }

    private static RangeRequest.SortOrder order(CommandReader in) {
        return switch (in.octet()) {
            case 0 -> RangeRequest.SortOrder.NONE;
            case 1 -> RangeRequest.SortOrder.ASCEND;
            case 2 -> RangeRequest.SortOrder.DESCEND;
            default -> throw in.wrong("unknown sort order");
        };
    }

    private static RangeRequest.SortTarget sortTarget(CommandReader in) {
        return switch (in.octet()) {
            case 0 -> RangeRequest.SortTarget.KEY;
            case 1 -> RangeRequest.SortTarget.VERSION;
            case 2 -> RangeRequest.SortTarget.CREATE;
            case 3 -> RangeRequest.SortTarget.MOD;
            case 4 -> RangeRequest.SortTarget.VALUE;
            default -> throw in.wrong("unknown sort target");
        };
    }

    private static int resultCode(Compare.Result result) {
        return switch (result) {
            case EQUAL -> 0;
            case GREATER -> 1;
            case LESS -> 2;
            case NOT_EQUAL -> 3;
        };
    }

    private static int targetCode(Compare.Target target) {
        return switch (target) {
            case VERSION -> 0;
            case CREATE -> 1;
            case MOD -> 2;
            case VALUE -> 3;
            case LEASE -> 4;
        };
    }

    private static int orderCode(RangeRequest.SortOrder order) {
        return switch (order) {
            case NONE -> 0;
            case ASCEND -> 1;
            case DESCEND -> 2;
        };
    }

    private static int sortTargetCode(RangeRequest.SortTarget target) {
        return switch (target) {
            case KEY -> 0;
            case VERSION -> 1;
            case CREATE -> 2;
            case MOD -> 3;
            case VALUE -> 4;
        };
    }
}
