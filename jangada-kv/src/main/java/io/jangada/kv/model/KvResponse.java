package io.jangada.kv.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the store answers; {@code revision} is the store's revision after the request. */
public sealed interface KvResponse {

    long revision();

    record Put(long revision, @Nullable KeyValue prevKv) implements KvResponse {}

    /** {@code count} is the number of keys in the range whatever the limit and the filters. */
    record Range(long revision, List<KeyValue> kvs, boolean more, long count) implements KvResponse {}

    record DeleteRange(long revision, long deleted, List<KeyValue> prevKvs) implements KvResponse {}

    record Txn(long revision, boolean succeeded, List<KvResponse> responses) implements KvResponse {}

    record Compact(long revision) implements KvResponse {}

    /** The request was refused by the store's rules; nothing has changed. */
    record Refused(long revision, KvError error) implements KvResponse {}
}
