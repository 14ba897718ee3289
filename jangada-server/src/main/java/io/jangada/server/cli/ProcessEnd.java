package io.jangada.server.cli;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Decides when and with which code the process ends: told by a signal (0), by the end of its parent (0), or by a failure.
 *
 * <p>A virtual machine that a signal ends has the exit code 128 and more; stopping as told is a success, so after the clean stop the
 * hook halts the machine with 0 itself.
 */
final class ProcessEnd {
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    /** Ends the process with this code, unless something has ended it already. */
    void end(int exitCode) {
        code.complete(exitCode);
    }

    /** Waits for the end; returns the code. */
    int await() throws InterruptedException {
        try {
            return code.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a code that is only ever completed has failed", e);
        }
    }

    /** Runs the stop when a signal ends the process. */
    void onSignal(Runnable stop) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (code.complete(ExitCode.OK)) {
                                stop.run();
                                System.out.flush();
                                Runtime.getRuntime().halt(ExitCode.OK);
                            }
                        },
                        "jangada-stop"));
    }

    /** Ends the process when standard input ends, which it does when the parent dies, however it dies. */
    void endWithStandardInput() {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Whatever the parent writes means that it lives.
                            Thread.onSpinWait();
                        }
                    } catch (IOException e) {
                        end(ExitCode.OK);
                    }
                    end(ExitCode.OK);
                },
                "jangada-parent");
        reader.setDaemon(true);
        reader.start();
    }
}
