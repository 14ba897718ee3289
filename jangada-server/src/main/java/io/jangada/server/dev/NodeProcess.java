package io.jangada.server.dev;

import io.jangada.server.config.EnvironmentSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One server process of a local cluster. Its standard input stays open as long as this process lives, so that it cannot outlive it. */
final class NodeProcess {
    private static final long MAX_LOG_BYTES = 16L << 20;

    private final DevLayout.Node node;
    private final Process process;

    private NodeProcess(DevLayout.Node node, Process process) {
        this.node = node;
        this.process = process;
    }

    /** Starts the process; the consumer gets its events, on a thread of its own, in order. */
    static NodeProcess start(DevLayout layout, DevLayout.Node node, Consumer<NodeEvent> events) throws IOException {
        Files.createDirectories(node.log().toAbsolutePath().getParent());
        keepLogSmall(node.log());
        List<String> command = new ArrayList<>(JavaCommand.server());
        command.addAll(layout.flags(node));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.PIPE)
                .redirectOutput(Redirect.PIPE)
                .redirectError(Redirect.appendTo(node.log().toFile()));
        builder.environment().keySet().removeIf(EnvironmentSource::isSetting);
        NodeProcess started = new NodeProcess(node, builder.start());
        Thread reader = new Thread(() -> started.readEvents(events), "jangada-dev-" + node.name());
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    DevLayout.Node node() {
        return node;
    }

    long pid() {
        return process.pid();
    }

    /** Runs the action with the exit code when the process has ended. */
    void onExit(Consumer<Integer> action) {
        Future<?> unused = process.onExit().thenAccept(ended -> action.accept(ended.exitValue()));
    }

    /** Asks the process to stop. */
    void stop() {
        process.destroy();
    }

    /** Waits for the process to end; kills it at the deadline, a time of {@link System#nanoTime}. Returns whether it ended by itself. */
    boolean awaitEnd(long deadlineNanos) throws InterruptedException {
        if (process.waitFor(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            return true;
        }
        process.destroyForcibly().waitFor();
        return false;
    }

    /** The last lines of the log, for a message about a node that did not start. */
    static List<String> lastLogLines(Path log, int count) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - 16_384);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            List<String> lines =
                    new String(tail, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of("(cannot read " + log + ": " + e + ")");
        }
    }

    private void readEvents(Consumer<NodeEvent> events) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                NodeEvent.parse(line).ifPresent(events);
            }
        } catch (IOException e) {
            // The pipe breaks when the process is killed; its exit is reported on its own.
            return;
        }
    }

    private static void keepLogSmall(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, log.resolveSibling("node.log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
