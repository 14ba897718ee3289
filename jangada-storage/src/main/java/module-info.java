/** The segmented write-ahead log and the one place that opens its files. */
module io.jangada.storage {
    requires transitive io.jangada.api;
    requires jdk.unsupported;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.jangada.storage;
    exports io.jangada.storage.disk;
}
