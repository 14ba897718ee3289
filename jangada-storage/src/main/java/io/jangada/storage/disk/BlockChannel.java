package io.jangada.storage.disk;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel past the memory of the operating system, which takes whole blocks only ({@code O_DIRECT}); not every file system has it. */
final class BlockChannel {
    private static final Logger LOG = LoggerFactory.getLogger(BlockChannel.class);

    private BlockChannel() {}

    /** Such a channel for a file that has a block at least; null if the file system has none, or none for blocks as small as ours. */
    static @Nullable FileChannel open(Path path, Disk disk) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.debug("{} is written through the memory of the operating system: {}", path, e.toString());
            return null;
        }
        try {
            channel.read(disk.allocate(Disk.BLOCK_BYTES), 0); // some say yes to the option and no to whoever uses it
            return channel;
        } catch (IOException e) {
            LOG.debug("{} is written through the memory of the operating system: {}", path, e.toString());
            channel.close();
            return null;
        }
    }
}
