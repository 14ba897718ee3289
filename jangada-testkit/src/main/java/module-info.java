/** What lies to a node so that it can be trusted: a faulty disk, network and clock, and checkers of what comes out. */
module io.jangada.testkit {
    requires transitive io.jangada.api;
    requires transitive io.jangada.core;
    requires transitive io.jangada.node;
    requires transitive io.jangada.storage;
    requires io.jangada.session;
    requires io.jangada.transport;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.jangada.testkit.check;
    exports io.jangada.testkit.disk;
    exports io.jangada.testkit.history;
    exports io.jangada.testkit.lab;
    exports io.jangada.testkit.lab.course;
    exports io.jangada.testkit.lab.kv;
    exports io.jangada.testkit.lab.raft;
    exports io.jangada.testkit.lab.trace;
    exports io.jangada.testkit.net;
    exports io.jangada.testkit.sim;
}
