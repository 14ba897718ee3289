/** What users of the library call and implement, and the ports through which a node reaches the world. */
module io.jangada.api {
    requires transitive io.jangada.core;
    requires static transitive org.jspecify;

    exports io.jangada.api;
    exports io.jangada.api.error;
    exports io.jangada.api.spi;
}
