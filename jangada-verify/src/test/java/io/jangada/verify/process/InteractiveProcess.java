package io.jangada.verify.process;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process that a test talks to: it is told lines and answers with lines. */
public final class InteractiveProcess implements AutoCloseable {
    private final ChildProcess process;
    private final BufferedWriter input;

    private InteractiveProcess(ChildProcess process) {
        this.process = process;
        this.input = process.input();
    }

    public static InteractiveProcess start(List<String> command, Path folder, String logName) {
        return new InteractiveProcess(ChildProcess.start(command, folder, Map.of(), folder.resolve(logName)));
    }

    public void say(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the process has ended:\n" + process.log(), e);
        }
    }

    /** The line with this number, from 0, among those that match the whole pattern; waits for it. */
    public String awaitLine(int number, String pattern, Duration limit) {
        Waiting.until("answer " + (number + 1), limit, () -> lines(pattern).size() > number, process::log);
        return lines(pattern).get(number);
    }

    private List<String> lines(String pattern) {
        return process.log().lines().filter(line -> line.matches(pattern)).toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
