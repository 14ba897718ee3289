package io.jangada.kv.model;

/**
 * One comparison of a transaction: an attribute of a key, or of all keys of a range, against an operand, which is {@code value} for
 * {@link Target#VALUE} and {@code number} for the others.
 */
public record Compare(Result result, Target target, Bytes key, Bytes rangeEnd, long number, Bytes value) {

    public enum Result {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL
    }

    public enum Target {
        VERSION,
        CREATE,
        MOD,
        VALUE,
        LEASE
    }
}
