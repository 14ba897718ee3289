package io.jangada.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a disk can do at best: a file that has been written before and is overwritten from its beginning to its end, again and again. */
@State(Scope.Thread)
public class BareFile {
    private static final int FILE_BYTES = 64 << 20;

    private final Path folder = BenchFolder.begin();
    private final FileChannel file = written(folder.resolve("bare"));
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(4 << 20);
    private long position;

    private static FileChannel written(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
                channel.write(zeros.clear(), at);
            }
            channel.force(true);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes this many bytes behind the last ones, and waits for the disk. */
    void write(int length) throws IOException {
        if (position + length > FILE_BYTES) {
            position = 0;
        }
        bytes.clear().limit(length);
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
        file.force(false);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        file.close();
        BenchFolder.end(folder);
    }
}
