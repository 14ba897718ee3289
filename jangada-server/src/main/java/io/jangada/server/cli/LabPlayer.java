package io.jangada.server.cli;

import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/** Plays the runs of a plan, several at once where the plan allows it, and hands them over in the order of the plan. */
final class LabPlayer implements AutoCloseable {
    /** Runs that may have been begun or ended beyond the one that is waited for. */
    private static final int AHEAD = 500;

    private static final long PATIENCE_MILLIS = 200;

    private record Turn(Scenario scenario, long seed) {}

    private final LabPlan plan;
    private final Iterator<Turn> turns;
    private final Deque<Future<LabRun>> ahead = new ArrayDeque<>();
    private final ExecutorService threads;

    LabPlayer(LabPlan plan) {
        this.plan = plan;
        this.turns = plan.scenarios().stream()
                .flatMap(scenario ->
                        LongStream.range(0, plan.times()).mapToObj(i -> new Turn(scenario, plan.seed() + i)))
                .iterator();
        this.threads = Executors.newFixedThreadPool(plan.parallel(), body -> {
            Thread thread = new Thread(body, "lab");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The next run, when it has ended; meanwhile the other is told several times a second that it has not. */
    LabRun next(Runnable waiting) throws InterruptedException {
        while (ahead.size() < AHEAD && turns.hasNext()) {
            Turn turn = turns.next();
            ahead.add(threads.submit(() -> LabRun.of(turn.scenario(), plan.mode(), turn.seed(), Trace.NONE)));
        }
        Future<LabRun> next = ahead.remove();
        try {
            while (true) {
                waiting.run();
                try {
                    return next.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // Not yet; whoever looks at the terminal is told so.
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lab could not be played to its end", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
