/** The key-value state machine: a multi-version store with transactions. Knows no network. */
module io.jangada.kv {
    requires transitive io.jangada.api;
    requires static transitive org.jspecify;
    requires rocksdbjni;

    exports io.jangada.kv;
    exports io.jangada.kv.engine;
    exports io.jangada.kv.model;
}
