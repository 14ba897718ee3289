/** The driver: one event loop per node that feeds the core and carries out its effects. */
module io.jangada.node {
    requires transitive io.jangada.api;
    requires static transitive org.jspecify;
    requires org.jctools.core;
    requires org.slf4j;

    exports io.jangada.node;
}
