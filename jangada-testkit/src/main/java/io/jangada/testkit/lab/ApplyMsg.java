package io.jangada.testkit.lab;

/**
 * What Raft tells the service on top of it: a committed command, or a snapshot that takes the place of everything up to its index.
 *
 * @param commandValid whether this is a command
 * @param command what was given to {@link LabRaft#start}
 * @param commandIndex its number among the commands, from 1
 * @param snapshotValid whether this is a snapshot
 * @param snapshot what was given to {@link LabRaft#snapshot}, here or on another server
 * @param snapshotTerm the term of the last command that the snapshot covers
 * @param snapshotIndex the number of that command
 */
public record ApplyMsg(
        boolean commandValid,
        byte[] command,
        long commandIndex,
        boolean snapshotValid,
        byte[] snapshot,
        long snapshotTerm,
        long snapshotIndex) {
    private static final byte[] NOTHING = {};

    public static ApplyMsg ofCommand(long index, byte[] command) {
        return new ApplyMsg(true, command, index, false, NOTHING, 0, 0);
    }

    public static ApplyMsg ofSnapshot(long index, long term, byte[] snapshot) {
        return new ApplyMsg(false, NOTHING, 0, true, snapshot, term, index);
    }
}
