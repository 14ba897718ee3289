/** Deterministic simulator, faulty disk, network and clock, and the checkers that judge what happened there. */
module io.jangada.testkit {
    requires transitive io.jangada.api;
    requires static transitive org.jspecify;

    exports io.jangada.testkit.history;
}
