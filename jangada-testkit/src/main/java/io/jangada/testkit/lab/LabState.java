package io.jangada.testkit.lab;

/** What {@link LabRaft#getState} answers. */
public record LabState(long term, boolean isLeader) {}
