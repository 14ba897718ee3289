package io.jangada.testkit.lab;

/**
 * What {@link LabRaft#start} answers.
 *
 * @param index the number that the command will have if it is ever committed; 0 if this server does not lead
 * @param term the present term
 * @param isLeader whether this server believes to lead and has taken the command
 */
public record Start(long index, long term, boolean isLeader) {}
