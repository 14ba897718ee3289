package io.jangada.kv;

import io.jangada.api.StateSnapshot;
import io.jangada.kv.mvcc.SnapshotWriter;
import io.jangada.kv.mvcc.View;
import java.io.IOException;
import java.io.OutputStream;

/** The state of a store at one moment, for a copy outside of the node; held until it is closed. */
public final class BackupState implements StateSnapshot {
    private final View view;

    BackupState(View view) {
        this.view = view;
    }

    /** The last entry of the log that has changed it; 0 for a store that nothing has ever been written to. */
    public long appliedIndex() {
        return view.meta().appliedIndex();
    }

    /** The term of the last command in it; 0 likewise. */
    public long appliedTerm() {
        return view.meta().appliedTerm();
    }

    public long revision() {
        return view.meta().revision();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        SnapshotWriter.write(view, out);
    }

    @Override
    public void close() {
        view.close();
    }
}
