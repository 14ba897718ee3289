package io.jangada.testkit.lab;

/** In which time a scenario runs. */
public enum LabMode {
    /** As fast as the machine goes, the same for the same seed. */
    VIRTUAL,
    /** By the clock, with threads; the seed decides the network's draws and nothing else. */
    REAL;

    LabTime time(long seed) {
        return this == VIRTUAL ? new VirtualTime(seed) : new RealTime();
    }
}
