package io.jangada.testkit.lab;

/** What Raft tells the service on top of it: a committed command, or a snapshot that takes the place of everything up to its index. Immutable. */
public final class ApplyMsg {
    private final boolean isCommand;
    private final long index;
    private final long term;
    private final byte[] bytes;

    private ApplyMsg(boolean isCommand, long index, long term, byte[] bytes) {
        this.isCommand = isCommand;
        this.index = index;
        this.term = term;
        this.bytes = bytes.clone();
    }

    static ApplyMsg ofCommand(long index, byte[] command) {
        return new ApplyMsg(true, index, 0, command);
    }

    static ApplyMsg ofSnapshot(long index, long term, byte[] snapshot) {
        return new ApplyMsg(false, index, term, snapshot);
    }

    /** Whether this is a command. */
    public boolean commandValid() {
        return isCommand;
    }

    /** What was given to {@link LabRaft#start}. */
    public byte[] command() {
        requireKind(true);
        return bytes.clone();
    }

    /** The number of the command among the commands, from 1. */
    public long commandIndex() {
        requireKind(true);
        return index;
    }

    /** Whether this is a snapshot. */
    public boolean snapshotValid() {
        return !isCommand;
    }

    /** What was given to {@link LabRaft#snapshot}, here or on another server. */
    public byte[] snapshot() {
        requireKind(false);
        return bytes.clone();
    }

    /** The number of the last command that the snapshot covers. */
    public long snapshotIndex() {
        requireKind(false);
        return index;
    }

    /** The term of that command. */
    public long snapshotTerm() {
        requireKind(false);
        return term;
    }

    private void requireKind(boolean command) {
        if (isCommand != command) {
            throw new IllegalStateException("this message is " + this + "; look at commandValid() first");
        }
    }

    @Override
    public String toString() {
        return isCommand
                ? "command " + index
                : "snapshot up to command " + index + " of term " + term + ", " + bytes.length + " bytes";
    }
}
