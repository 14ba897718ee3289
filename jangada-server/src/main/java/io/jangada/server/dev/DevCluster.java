package io.jangada.server.dev;

import io.jangada.server.config.HttpUrl;
import io.jangada.server.port.PortCheck;
import io.jangada.server.run.StartException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Three server processes and what happens to them. One thread runs {@link #run}; events of the processes reach it through a queue. A
 * node that was killed is started again, one that stopped itself is not: its log says what must be repaired first.
 */
public final class DevCluster {
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int MAX_EARLY_DEATHS = 3;

    private final DevLayout layout;
    private final DevScreen screen;
    private final BlockingQueue<Runnable> happened = new LinkedBlockingQueue<>();
    private final Map<String, NodeProcess> processes = new LinkedHashMap<>();
    private final Map<DevLayout.Node, Long> restartAt = new LinkedHashMap<>();
    private final Map<String, Integer> earlyDeaths = new LinkedHashMap<>();
    private final Set<String> serving = new HashSet<>();
    private String leader = "";
    private long term;
    private boolean announced;
    private boolean stopping;

    public DevCluster(DevLayout layout, DevScreen screen) {
        this.layout = layout;
        this.screen = screen;
    }

    /** Checks ports and folder, starts the processes and watches over them until {@link #stop}. Throws {@link StartException}. */
    public void run(boolean fresh) throws InterruptedException {
        checkPorts();
        new DevFolder(layout.folder()).prepare(fresh);
        screen.starting(layout);
        for (DevLayout.Node node : layout.nodes()) {
            start(node);
        }
        while (true) {
            long now = System.nanoTime();
            List<DevLayout.Node> due = restartAt.entrySet().stream()
                    .filter(entry -> entry.getValue() - now <= 0)
                    .map(Map.Entry::getKey)
                    .toList();
            for (DevLayout.Node node : due) {
                restartAt.remove(node);
                start(node);
            }
            Runnable next =
                    restartAt.isEmpty() ? happened.take() : happened.poll(untilNextRestart(), TimeUnit.NANOSECONDS);
            if (next != null) {
                next.run();
            }
        }
    }

    /** Stops all processes: asks, waits, and kills what has not ended in time. Any thread. */
    public synchronized void stop() {
        stopping = true;
        processes.values().forEach(NodeProcess::stop);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        for (NodeProcess process : processes.values()) {
            try {
                if (!process.awaitEnd(deadline)) {
                    screen.line(
                            process.node().name() + " did not stop in " + STOP_LIMIT.toSeconds() + " s and was killed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private long untilNextRestart() {
        long now = System.nanoTime();
        return restartAt.values().stream().mapToLong(at -> at - now).min().orElse(0);
    }

    private void checkPorts() {
        List<String> problems = new ArrayList<>();
        for (DevLayout.Node node : layout.nodes()) {
            for (HttpUrl url : List.of(node.client(), node.peer())) {
                PortCheck.problem(url).ifPresent(problems::add);
            }
        }
        if (!problems.isEmpty()) {
            throw new StartException(
                    String.join("\njangada: ", problems)
                            + "\njangada: stop what holds the port, or choose others with --base-port, for example --base-port 5000");
        }
    }

    private synchronized void start(DevLayout.Node node) {
        if (stopping) {
            return;
        }
        try {
            NodeProcess process = NodeProcess.start(layout, node, event -> happened.add(() -> seen(node, event)));
            processes.put(node.name(), process);
            long startedNanos = System.nanoTime();
            process.onExit(code -> happened.add(() -> ended(process, code, System.nanoTime() - startedNanos)));
        } catch (IOException e) {
            throw new StartException("cannot start " + node.name() + ": " + e, e);
        }
    }

    private void seen(DevLayout.Node node, NodeEvent event) {
        if (event instanceof NodeEvent.Leader change) {
            leaderSeen(change);
        } else if (serving.add(node.name())) {
            earlyDeaths.remove(node.name());
            if (announced) {
                screen.line(node.name() + " serves again (pid " + pid(node) + ")");
            } else {
                screen.progress(node.name() + " serves");
            }
        }
        if (!announced && serving.size() == layout.nodes().size() && !leader.isEmpty()) {
            announced = true;
            Map<String, Long> pids = new LinkedHashMap<>();
            processes.forEach((name, process) -> pids.put(name, process.pid()));
            screen.running(layout, leader, pids);
        }
    }

    private void leaderSeen(NodeEvent.Leader change) {
        boolean known = change.name().equals(leader) && change.term() == term;
        if (change.name().isEmpty() || change.term() < term || known) {
            return;
        }
        boolean moved = !change.name().equals(leader);
        leader = change.name();
        term = change.term();
        if (announced) {
            screen.line(leader + (moved ? " is the leader now" : " leads again") + " (term " + term + ")");
        }
    }

    private void ended(NodeProcess process, int code, long livedNanos) {
        DevLayout.Node node = process.node();
        if (isStopping()) {
            return;
        }
        boolean wasLeader = node.name().equals(leader);
        serving.remove(node.name());
        boolean killed = code > 128;
        boolean early = livedNanos < Duration.ofSeconds(10).toNanos();
        int deaths = early ? earlyDeaths.merge(node.name(), 1, Integer::sum) : 0;
        if (!announced || !killed || deaths >= MAX_EARLY_DEATHS) {
            gaveUp(node, code);
            return;
        }
        screen.line(node.name() + (wasLeader ? ", the leader," : "") + " was killed by signal " + (code - 128)
                + "; starting it again in " + RESTART_PAUSE.toSeconds() + " s");
        restartAt.put(node, System.nanoTime() + RESTART_PAUSE.toNanos());
    }

    private void gaveUp(DevLayout.Node node, int code) {
        List<String> lines = NodeProcess.lastLogLines(node.log(), 12);
        if (!announced) {
            throw new StartException(node.name() + " stopped at once with exit code " + code + "; the end of its log, "
                    + node.log() + ":\n  " + String.join("\n  ", lines));
        }
        screen.line(node.name() + " stopped with exit code " + code + " and stays down; the end of its log, "
                + node.log() + ":");
        lines.forEach(line -> screen.line("  " + line));
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private @Nullable Long pid(DevLayout.Node node) {
        NodeProcess process = processes.get(node.name());
        return process == null ? null : process.pid();
    }
}
