/** The key-value server that speaks the etcd v3 API, and the command line. */
module io.jangada.server {
    requires com.google.protobuf;
    requires com.linecorp.armeria;
    requires com.linecorp.armeria.grpc;
    requires info.picocli;
    requires io.grpc;
    requires io.grpc.stub;
    requires io.jangada;
    requires io.jangada.etcd;
    requires io.jangada.kv;
    requires io.jangada.testkit;
    requires io.netty.common;
    requires io.netty.transport;
    requires HdrHistogram;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.slf4j;
    requires org.snakeyaml.engine.v2;
    requires static org.jspecify;

    // A program: it exports nothing.
    opens io.jangada.server.cli to
            info.picocli;
}
