package io.jangada.verify.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of our server, as a process that can be killed and started again on the same data. */
public final class ServerNode {
    private final String name;
    private final String endpoint;
    private final Path folder;
    private final List<String> command;
    private @Nullable ChildProcess process;

    ServerNode(String name, String endpoint, Path folder, List<String> command) {
        this.name = name;
        this.endpoint = endpoint;
        this.folder = folder;
        this.command = List.copyOf(command);
    }

    public String name() {
        return name;
    }

    /** Where its clients connect: {@code host:port}. */
    public String endpoint() {
        return endpoint;
    }

    /** Starts the process; it serves some time later. */
    public void start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        process = ChildProcess.start(command, folder, Map.of(), folder.resolve(name + ".log"));
    }

    public boolean isRunning() {
        ChildProcess current = process;
        return current != null && current.isAlive();
    }

    /** Whether it answers that it can serve. */
    public boolean isServing() {
        return isRunning() && HealthProbe.isHealthy(endpoint);
    }

    /** SIGKILL: nothing is flushed, nobody is told. Returns when the process is gone. */
    public void kill9() {
        running().kill9();
    }

    /** SIGSTOP: the process stands still, its connections stay open. */
    public void pause() {
        running().pause();
    }

    public void resume() {
        running().resume();
    }

    /** SIGINT, what Ctrl-C sends; returns the exit code. */
    public int interrupt(Duration limit) {
        running().interrupt();
        return running().awaitExit(limit);
    }

    /** Waits until the process has ended by itself; returns the exit code. */
    public int awaitEnd(Duration limit) {
        return running().awaitExit(limit);
    }

    /** Everything it has printed, over all its lives. */
    public String log() {
        ChildProcess current = process;
        return current == null ? "" : current.log();
    }

    void close() {
        ChildProcess current = process;
        if (current != null) {
            current.close();
        }
    }

    private ChildProcess running() {
        ChildProcess current = process;
        if (current == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return current;
    }
}
