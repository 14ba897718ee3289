/** Deterministic simulator, faulty disk, network and clock, and the checkers that judge what happened there. */
module io.jangada.testkit {
    requires transitive io.jangada.api;
    requires transitive io.jangada.core;
    requires static transitive org.jspecify;

    exports io.jangada.testkit.check;
    exports io.jangada.testkit.history;
    exports io.jangada.testkit.net;
}
