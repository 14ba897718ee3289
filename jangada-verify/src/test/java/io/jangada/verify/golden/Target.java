package io.jangada.verify.golden;

/** Who is asked. */
enum Target {
    ETCD,
    JANGADA
}
