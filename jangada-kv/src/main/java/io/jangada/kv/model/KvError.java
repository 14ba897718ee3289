package io.jangada.kv.model;

/** Why the store refuses a request. The texts are etcd's, to the letter: clients compare them. */
public enum KvError {
    EMPTY_KEY("etcdserver: key is not provided"),
    KEY_NOT_FOUND("etcdserver: key not found"),
    VALUE_PROVIDED("etcdserver: value is provided"),
    LEASE_PROVIDED("etcdserver: lease is provided"),
    TOO_MANY_OPS("etcdserver: too many operations in txn request"),
    DUPLICATE_KEY("etcdserver: duplicate key given in txn request"),
    INVALID_SORT_OPTION("etcdserver: invalid sort option"),
    LEASE_NOT_FOUND("etcdserver: requested lease not found"),
    COMPACTED("etcdserver: mvcc: required revision has been compacted"),
    FUTURE_REVISION("etcdserver: mvcc: required revision is a future revision");

    private final String text;

    KvError(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
