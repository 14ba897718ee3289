package io.jangada.verify.process;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A mounted file system that ends with the test. Where mounts are not permitted, the test that wants one is skipped and says so. */
public final class Mount implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path folder;

    private Mount(Path folder) {
        this.folder = folder;
    }

    /** A file system of this size, ext4 in an image beside the folder that it is mounted on. */
    public static Mount small(Path folder, int megabytes) {
        Path image = folder.resolveSibling(folder.getFileName() + ".img");
        try {
            Files.createDirectories(folder);
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength((long) megabytes << 20);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        runOrSkip("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        runOrSkip("mount", "-o", "loop", image.toString(), folder.toString());
        return new Mount(folder);
    }

    /** The folder as it is, but nothing in it can be changed. */
    public static Mount readOnly(Path folder) {
        runOrSkip("mount", "--bind", folder.toString(), folder.toString());
        Mount mount = new Mount(folder);
        ChildProcess.Finished made = run("mount", "-o", "remount,bind,ro", folder.toString());
        if (made.exitCode() != 0) {
            mount.close();
            abort("no folder can be made read-only here: " + made.output());
        }
        return mount;
    }

    private static void runOrSkip(String... command) {
        ChildProcess.Finished finished;
        try {
            finished = run(command);
        } catch (UncheckedIOException e) {
            abort(command[0] + " is not here, and this test needs a file system of its own: " + e.getMessage());
            return;
        }
        if (finished.exitCode() != 0) {
            abort("this test needs a file system of its own, and mounts are not permitted here: "
                    + String.join(" ", command) + ": " + finished.output());
        }
    }

    private static ChildProcess.Finished run(String... command) {
        return ChildProcess.run(List.of(command), Path.of("/"), "", LIMIT);
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** What may still be written. */
    public long usableBytes() {
        return folder.toFile().getUsableSpace();
    }

    /** Takes up room until this much is left; what took it up before is let go. */
    public void leave(long bytes) {
        free();
        long taken = usableBytes() - bytes;
        ChildProcess.Finished made = run(
                "fallocate",
                "-l",
                Long.toString(taken),
                folder.resolve("ballast").toString());
        if (made.exitCode() != 0) {
            throw new IllegalStateException("no ballast of " + taken + " bytes: " + made.output());
        }
    }

    /** Takes up all room, to the last byte. */
    public void fill() {
        leave(16 << 20);
        byte[] bytes = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(folder.resolve("ballast-rest"))) {
            while (!Thread.currentThread().isInterrupted()) {
                out.write(bytes);
            }
        } catch (IOException full) {
            System.out.println("Mount: " + folder + " is full, " + usableBytes() + " bytes are usable");
        }
    }

    /** Lets go of the room that was taken up. */
    public void free() {
        try {
            Files.deleteIfExists(folder.resolve("ballast"));
            Files.deleteIfExists(folder.resolve("ballast-rest"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (run("umount", folder.toString()).exitCode() != 0) {
            run("umount", "-l", folder.toString());
        }
    }
}
