package io.jangada.server.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stream that writes whatever is read from it to another place, too. */
final class CopyingStream extends FilterInputStream {
    private final OutputStream copy;

    CopyingStream(InputStream source, OutputStream copy) {
        super(source);
        this.copy = copy;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            copy.write(value);
        }
        return value;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int count = super.read(target, from, length);
        if (count > 0) {
            copy.write(target, from, count);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        throw new IOException("what is skipped would not be copied");
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
