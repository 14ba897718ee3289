package io.jangada.testkit.lab;

/** A part of the labs, by the name of the 2024 edition. */
public enum LabPart {
    /** Leader election. */
    ELECTION("3A"),
    /** The log. */
    LOG("3B"),
    /** Persistence. */
    PERSISTENCE("3C"),
    /** Log compaction. */
    SNAPSHOTS("3D"),
    /** Key-value service without snapshots. */
    KV("4A"),
    /** Key-value service with snapshots. */
    KV_SNAPSHOTS("4B");

    private final String label;

    LabPart(String label) {
        this.label = label;
    }

    /** What the course calls it, e.g. {@code 3B}. */
    public String label() {
        return label;
    }
}
