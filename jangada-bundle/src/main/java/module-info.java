/** The one dependency: node, storage and transport wired with safe defaults. Start with {@link io.jangada.Jangada}. */
module io.jangada {
    requires transitive io.jangada.api;
    requires static transitive org.jspecify;
    requires transitive io.jangada.node;
    requires transitive io.jangada.session;
    requires transitive io.jangada.storage;
    requires io.jangada.transport;

    exports io.jangada;
}
