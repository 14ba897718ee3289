package io.jangada.testkit.sim;

import io.jangada.api.StorageSpace;
import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.testkit.check.SafetyChecks;
import java.io.IOException;
import java.util.List;

/** A log that tells the checkers what it is asked for and what it has made durable. */
final class ObservedStorage implements Storage {
    private final NodeId node;
    private final Storage storage;
    private final SafetyChecks checks;
    private final SimStats stats;

    ObservedStorage(NodeId node, Storage storage, SimWorld world) {
        this.node = node;
        this.storage = storage;
        this.checks = world.checks();
        this.stats = world.stats();
    }

    @Override
    public LogState recovered() {
        return storage.recovered();
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
        checks.writes(node, batch);
        LogBase base = batch.base();
        if (base != null) {
            stats.deed(base.reset() ? Deed.LOG_RESET : Deed.COMPACTION);
        }
        storage.write(batch);
    }

    @Override
    public void sync() throws IOException {
        storage.sync();
        checks.synced(node);
    }

    @Override
    public List<Entry> read(long fromIndex, long toIndex, int maxBytes) throws IOException {
        return storage.read(fromIndex, toIndex, maxBytes);
    }

    @Override
    public StorageSpace space() {
        return storage.space();
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
