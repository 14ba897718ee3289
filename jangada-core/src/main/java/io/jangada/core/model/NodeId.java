package io.jangada.core.model;

/**
 * The identity of one node, unique for ever within its cluster: a node that lost its disk needs a new one.
 *
 * <p>Any 64-bit pattern but zero is an identity; it is printed and ordered as an unsigned number, in hexadecimal as etcd does.
 */
public record NodeId(long value) implements Comparable<NodeId> {

    /** No node: an unknown leader, a vote not given. */
    public static final NodeId NONE = new NodeId(0);

    public static NodeId of(long value) {
        if (value == 0) {
            throw new IllegalArgumentException("node id 0 is reserved for 'no node'; choose another number");
        }
        return new NodeId(value);
    }

    public boolean isNone() {
        return value == 0;
    }

    // Nearly every map has these as its keys. What a record has by itself gives the same answers, but through method
    // handles, which cost several times as much until the last compiler has seen them.
    @Override
    public boolean equals(Object other) {
        return other instanceof NodeId node && value == node.value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public int compareTo(NodeId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return value == 0 ? "none" : Long.toHexString(value);
    }
}
