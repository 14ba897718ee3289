package io.jangada.kv.mvcc;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KeyValue;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.PutRequest;
import java.util.ArrayList;
import java.util.List;

/** What one request changes: all under one new revision, numbered in order. */
final class Changes {
    private final Overlay overlay;
    private final long before;
    private int count;

    Changes(Overlay overlay, long revisionBefore) {
        this.overlay = overlay;
        this.before = revisionBefore;
    }

    /** The revision that a reader inside this request sees: the new one as soon as there is a change. */
    long revision() {
        return count == 0 ? before : before + 1;
    }

    /** Sets a key; refuses, with nothing changed, what asks to keep the value or lease of a key that does not exist. */
    KvResponse.Put put(PutRequest request) {
        byte[] place = Keys.current(request.key());
        byte[] old = overlay.get(place);
        if (old == null && (request.ignoreValue() || request.ignoreLease())) {
            throw new KvException(KvError.KEY_NOT_FOUND);
        }
        long revision = before + 1;
        Bytes value = old != null && request.ignoreValue() ? Version.value(old) : request.value();
        long lease = old != null && request.ignoreLease() ? Version.lease(old) : request.lease();
        long create = old == null ? revision : Version.create(old);
        long version = old == null ? 1 : Version.version(old) + 1;
        if (old != null) {
            overlay.put(Keys.history(request.key(), revision, count), old);
        }
        overlay.put(place, Version.encode(new KeyValue(request.key(), create, revision, version, value, lease)));
        record(new Event(false, old != null, request.key()));
        KeyValue previous = old != null && request.prevKv() ? Version.decode(request.key(), old) : null;
        return new KvResponse.Put(revision, previous);
    }

    KvResponse.DeleteRange delete(DeleteRangeRequest request) {
        List<KeyValue> previous = new ArrayList<>();
        long deleted = 0;
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        // The walk looks at what was there when it began; what is deleted on the way does not disturb it.
        try (Versions versions = Versions.open(overlay, range, Versions.PRESENT)) {
            while (versions.next()) {
                Bytes key = versions.key();
                byte[] old = versions.version();
                overlay.put(Keys.history(key, before + 1, count), old);
                overlay.delete(Keys.current(key));
                record(new Event(true, true, key));
                deleted++;
                if (request.prevKv()) {
                    previous.add(Version.decode(key, old));
                }
            }
        }
        return new KvResponse.DeleteRange(revision(), deleted, previous);
    }

    private void record(Event event) {
        overlay.put(Keys.event(before + 1, count), event.encode());
        count = Math.addExact(count, 1);
    }
}
