package io.jangada.kv;

import io.jangada.api.StateSnapshot;
import io.jangada.kv.engine.Engine;
import io.jangada.kv.mvcc.SnapshotWriter;
import io.jangada.kv.mvcc.View;
import java.io.IOException;
import java.io.OutputStream;

/** The state of a store at one applied index, as long as it is held. */
final class HeldState implements StateSnapshot {
    private final View view;
    private final Engine engine;

    HeldState(View view, Engine engine) {
        this.view = view;
        this.engine = engine;
    }

    /** Also flushes the engine: the log may be cut up to this state as soon as the snapshot exists, and a restart shall not need it. */
    @Override
    public void writeTo(OutputStream out) throws IOException {
        engine.flush();
        SnapshotWriter.write(view, out);
    }

    @Override
    public void close() {
        view.close();
    }
}
