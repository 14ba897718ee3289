package io.jangada.core.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * One entry of the log: its position, the term in which a leader created it, and the payload.
 *
 * <p>Immutable by agreement: the payload array is shared, never copied, and must not be changed by anybody.
 */
public final class Entry {
    private static final byte[] EMPTY = new byte[0];

    private final long index;
    private final long term;
    private final EntryType type;
    private final byte[] payload;

    public Entry(long index, long term, EntryType type, byte[] payload) {
        this.index = index;
        this.term = term;
        this.type = Objects.requireNonNull(type);
        this.payload = Objects.requireNonNull(payload);
    }

    public static Entry noOp(long index, long term) {
        return new Entry(index, term, EntryType.NO_OP, EMPTY);
    }

    public static Entry command(long index, long term, byte[] payload) {
        return new Entry(index, term, EntryType.COMMAND, payload);
    }

    public static Entry membership(long index, long term, Membership membership) {
        return new Entry(index, term, EntryType.MEMBERSHIP, MembershipCodec.encode(membership));
    }

    public long index() {
        return index;
    }

    public long term() {
        return term;
    }

    public EntryType type() {
        return type;
    }

    /** The payload itself, not a copy. */
    public byte[] payload() {
        return payload;
    }

    /** What this entry counts against limits in bytes: its payload and a fixed overhead. */
    public int weight() {
        return weightOf(payload.length);
    }

    /** The weight of an entry with so many bytes of payload. */
    public static int weightOf(int payloadBytes) {
        return payloadBytes + 32;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that
                && index == that.index
                && term == that.term
                && type == that.type
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(index) * 31 + Long.hashCode(term);
    }

    @Override
    public String toString() {
        return index + "@" + term
                + switch (type) {
                    case NO_OP -> " no-op";
                    case COMMAND -> " " + payload.length + " B";
                    case MEMBERSHIP -> " membership";
                };
    }
}
