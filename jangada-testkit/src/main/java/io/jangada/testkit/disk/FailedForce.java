package io.jangada.testkit.disk;

/** What becomes of the bytes that a failed force should have made durable; in no case will a later force write them (ATC'20). */
public enum FailedForce {
    /** They can still be read until the power fails, marked as if they were durable. */
    KEEPS_PAGES,
    /** They are gone at once: reading gives what the disk holds. */
    DROPS_PAGES
}
