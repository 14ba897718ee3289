package io.jangada.core.model;

/** A membership and the index of the log entry that brought it; 0 for the one a group was started with. */
public record MembershipAt(long index, Membership membership) {}
