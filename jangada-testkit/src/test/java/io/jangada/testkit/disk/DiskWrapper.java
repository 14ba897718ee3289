package io.jangada.testkit.disk;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.ForwardingDisk;
import io.jangada.storage.disk.ForwardingFile;
import java.io.IOException;

/** A disk that does as it is told; bugs that are planted between the log and its disk override a method. */
class DiskWrapper extends ForwardingDisk {
    DiskWrapper(Disk real) {
        super(real);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new File(super.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new File(super.create(name));
    }

    /** How a file is forced. */
    void force(DiskFile file, boolean metadata) throws IOException {
        file.force(metadata);
    }

    private final class File extends ForwardingFile {
        File(DiskFile file) {
            super(file);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            DiskWrapper.this.force(file(), metadata);
        }
    }
}
