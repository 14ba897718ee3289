package io.jangada.kv;

import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.kv.engine.Engine;
import io.jangada.kv.mvcc.SnapshotWriter;
import io.jangada.kv.mvcc.View;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a store at one applied index, as long as it is held. */
final class HeldState implements StateSnapshot {
    private final View view;
    private final Engine engine;
    private final Engine.@Nullable Capture capture;

    /** To be made by the thread that applies, when the engine holds all that the view shows. */
    HeldState(View view, Engine engine) {
        this.view = view;
        this.engine = engine;
        this.capture = engine.capture().orElse(null);
    }

    /**
     * The files of the engine, if it has any and they stand at this very state. They do not if very much was written before they were gathered; then the state is written as a
     * stream, of which that cannot be said.
     */
    @Override
    public List<StateFile> files() throws IOException {
        Engine.Capture captured = capture;
        if (captured == null) {
            return List.of();
        }
        List<StateFile> files = captured.files();
        return view.meta().isThatOf(captured) ? files : List.of();
    }

    /** Also flushes the engine: the log may be cut up to this state as soon as the snapshot exists, and a restart shall not need it. */
    @Override
    public void writeTo(OutputStream out) throws IOException {
        engine.flush();
        SnapshotWriter.write(view, out);
    }

    @Override
    public void close() {
        try (view) {
            if (capture != null) {
                capture.close();
            }
        }
    }
}
