package io.jangada.testkit.disk;

import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore.HeldFiles;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A state of some bytes, as a state machine hands it over: as one stream, or as files, one of them empty. */
final class SplitState implements StateSnapshot {
    private static final int[] FILE_BYTES = {300, 0, 700, 64};

    private final byte[] content;
    private final boolean inFiles;

    SplitState(byte[] content, boolean inFiles) {
        this.content = content;
        this.inFiles = inFiles;
    }

    /** A snapshot of another node: what it announces, and what it sends. */
    static final class Sent {
        private final SnapshotMeta meta;
        private final byte[] bytes;

        private Sent(SnapshotMeta meta, byte[] bytes) {
            this.meta = meta;
            this.bytes = bytes;
        }

        SnapshotMeta meta() {
            return meta;
        }

        byte[] piece(long from, int maxBytes) {
            return Arrays.copyOfRange(bytes, (int) from, (int) Math.min(bytes.length, from + maxBytes));
        }
    }

    @Override
    public List<StateFile> files() {
        List<StateFile> files = new ArrayList<>();
        for (int from = 0; inFiles && (from < content.length || files.isEmpty()); ) {
            int to = Math.min(content.length, from + FILE_BYTES[files.size() % FILE_BYTES.length]);
            files.add(StateFile.of("file-" + files.size(), Arrays.copyOfRange(content, from, to)));
            from = to;
        }
        return files;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(content);
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    /** The state in a snapshot, however it was handed over. */
    static byte[] read(SnapshotFiles from, SnapshotMeta meta) throws IOException {
        if (!meta.inFiles()) {
            try (InputStream in = from.open(meta)) {
                return in.readAllBytes();
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (HeldFiles held = from.openFiles(meta)) {
            for (StateFile file : held.files()) {
                try (InputStream in = file.open()) {
                    in.transferTo(all);
                }
            }
        }
        return all.toByteArray();
    }

    /** What a sender has, found by taking this state on a disk of its own. */
    Sent sent(long index, long term, MembershipAt members, SnapshotOptions options) throws IOException {
        try (SegmentedLog log = ScriptRun.open(new SimDisk("sender"));
                SnapshotFiles sender = SnapshotFiles.open(log, options)) {
            SnapshotMeta meta = sender.take(index, term, members, this);
            return new Sent(meta, sender.read(meta, 0, Integer.MAX_VALUE));
        }
    }
}
