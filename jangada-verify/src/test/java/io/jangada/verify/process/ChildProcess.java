package io.jangada.verify.process;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test started: killed by its own id, never by a name, and never left behind.
 *
 * <p>Its output goes to a log file. Whatever still runs when the JVM of the tests ends is killed then.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::killAll, "kill-children"));
    }

    private final Process process;
    private final Path log;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the command in {@code folder}; output is added to {@code log}. */
    public static ChildProcess start(List<String> command, Path folder, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            remember(process);
            return new ChildProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(command.get(0) + " does not start", e);
        }
    }

    /** Runs a command to its end and returns what it printed, standard error included. Fails if it takes longer than {@code limit}. */
    public static Finished run(List<String> command, Path folder, String input, Duration limit) {
        try {
            Path output = Files.createTempFile("jangada-run", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                Process process = builder.start();
                remember(process);
                try (var stdin = process.outputWriter()) {
                    stdin.write(input);
                }
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(
                            command + " did not end within " + limit + "; it printed:\n" + Files.readString(output));
                }
                return new Finished(process.exitValue(), Files.readString(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(command.get(0) + " does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    /** What the process reads. */
    BufferedWriter input() {
        return process.outputWriter();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(20));
    }

    /** SIGSTOP: the process stands still until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** SIGINT, what Ctrl-C sends. */
    public void interrupt() {
        signal("INT");
    }

    /** Waits for the end and returns the exit code. Fails if it does not come within {@code limit}. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("process " + pid() + " did not end within " + limit + ":\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while process " + pid() + " ended", e);
        }
    }

    /** Everything it has printed so far. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes it started and that still run. */
    public List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = children();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitExit(Duration.ofSeconds(20));
    }

    private void signal(String name) {
        Finished kill = run(
                List.of("kill", "-" + name, Long.toString(pid())),
                Path.of("").toAbsolutePath(),
                "",
                Duration.ofSeconds(10));
        if (kill.exitCode() != 0) {
            throw new IllegalStateException("signal " + name + " for process " + pid() + ": " + kill.output());
        }
    }

    private static void remember(Process process) {
        RUNNING.removeIf(ended -> !ended.isAlive());
        RUNNING.add(process);
    }

    private static void killAll() {
        for (Process process : RUNNING) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** How a command ended. */
    public record Finished(int exitCode, String output) {}
}
