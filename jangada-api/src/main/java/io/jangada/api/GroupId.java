package io.jangada.api;

/** The identity of one Raft group among those that share a process and its connections. */
public record GroupId(long value) {

    /** The only group of a process that has one. */
    public static final GroupId FIRST = new GroupId(1);

    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
