package io.jangada.storage.disk;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    /** Such a channel; null if the file system has none, or none for blocks as small as ours. A file that is empty stays so. */
    static @Nullable FileChannel open(Path path, Disk disk) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return none(path, e);
        }
        try {
            tryOut(channel, disk.allocate(Disk.BLOCK_BYTES));
            return channel;
        } catch (IOException e) {
            channel.close();
            return none(path, e);
        }
    }

    /** Some file systems say yes to the option, and no to whoever makes use of it. */
    private static void tryOut(FileChannel channel, ByteBuffer block) throws IOException {
        if (channel.size() > 0) {
            channel.read(block, 0);
        } else {
            channel.write(block, 0);
            channel.truncate(0);
        }
    }

    private static @Nullable FileChannel none(Path path, Exception why) {
        LOG.debug("{} is written through the memory of the operating system: {}", path, why.toString());
        return null;
    }
}
