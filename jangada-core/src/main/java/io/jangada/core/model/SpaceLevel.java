package io.jangada.core.model;

/** How much room the disk of a node has left, as far as the protocol is concerned. */
public enum SpaceLevel {
    /** Enough. */
    AMPLE,
    /** Less than is kept in reserve: no new commands, so that what is needed besides still finds room. */
    SCARCE,
    /** Half of the reserve is used up too: nothing but votes, terms, memberships and the entry that begins a term is written. */
    EXHAUSTED
}
