/** The Raft protocol as a pure, deterministic state machine: no threads, clocks, I/O, logging or randomness of its own. */
module io.jangada.core {
    requires static transitive org.jspecify;

    exports io.jangada.core;
    exports io.jangada.core.config;
    exports io.jangada.core.message;
    exports io.jangada.core.model;
    exports io.jangada.core.step;
}
