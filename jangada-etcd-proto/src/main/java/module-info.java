/** The messages and services of the etcd v3 API, and of our own beside it, generated from the .proto files of this module. */
module io.jangada.etcd {
    requires transitive com.google.protobuf;
    requires transitive com.google.common;
    requires transitive io.grpc;
    requires transitive io.grpc.protobuf;
    requires transitive io.grpc.stub;

    exports io.jangada.etcd.admin;
    exports io.jangada.etcd.auth;
    exports io.jangada.etcd.mvcc;
    exports io.jangada.etcd.rpc;
}
