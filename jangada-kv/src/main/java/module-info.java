/** The key-value state machine: a multi-version store with transactions. Knows no network. */
module io.jangada.kv {
    requires transitive io.jangada.api;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.jangada.kv;
    exports io.jangada.kv.model;
}
