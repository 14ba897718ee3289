package io.jangada.core.step;

/** One command that somebody wants in the log, and the number by which its fate is reported. The array is shared, never copied. */
public final class Proposal {
    private final long requestId;
    private final byte[] command;

    public Proposal(long requestId, byte[] command) {
        this.requestId = requestId;
        this.command = command;
    }

    public long requestId() {
        return requestId;
    }

    /** The command itself, not a copy. */
    public byte[] command() {
        return command;
    }
}
