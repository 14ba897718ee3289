package io.jangada.testkit.sim;

import io.jangada.api.StorageSpace;
import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.List;

/** A log that does as it is told; planted bugs override a method. */
abstract class StorageWrapper implements Storage {
    private final Storage real;

    StorageWrapper(Storage real) {
        this.real = real;
    }

    @Override
    public LogState recovered() {
        return real.recovered();
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
        real.write(batch);
    }

    @Override
    public void sync() throws IOException {
        real.sync();
    }

    @Override
    public List<Entry> read(long fromIndex, long toIndex, int maxBytes) throws IOException {
        return real.read(fromIndex, toIndex, maxBytes);
    }

    @Override
    public StorageSpace space() {
        return real.space();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
