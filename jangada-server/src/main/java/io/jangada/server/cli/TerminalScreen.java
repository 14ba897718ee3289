package io.jangada.server.cli;

import io.jangada.server.dev.DevLayout;
import io.jangada.server.dev.DevScreen;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Shows a local cluster on a terminal, or in a file: plain lines, nothing that moves. */
final class TerminalScreen implements DevScreen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    TerminalScreen(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void starting(DevLayout layout) {
        out.println("Starting three nodes on this machine, data in " + layout.folder() + " ...");
        out.flush();
    }

    @Override
    public synchronized void progress(String what) {
        out.printf("  %s after %.1f s%n", what, (System.nanoTime() - startNanos) / 1e9);
        out.flush();
    }

    @Override
    public synchronized void running(DevLayout layout, String leader, Map<String, Long> pids) {
        TextTable table = new TextTable("node", "role", "clients at", "peers at", "pid", "log");
        for (DevLayout.Node node : layout.nodes()) {
            table.row(
                    node.name(),
                    node.name().equals(leader) ? "leader" : "follower",
                    node.client().authority(),
                    node.peer().authority(),
                    String.valueOf(pids.get(node.name())),
                    node.log().toString());
        }
        boolean standard = layout.equals(DevLayout.standard(layout.folder()));
        String endpoints = standard ? "" : " --endpoints " + layout.endpoints();
        out.println();
        table.lines().forEach(out::println);
        out.println();
        out.println("The cluster serves. In another terminal:");
        out.println();
        out.println("  ./jangada put greeting hello" + endpoints);
        out.println("  ./jangada get greeting" + endpoints);
        out.println("  etcdctl --endpoints " + layout.endpoints() + " endpoint status -w table");
        out.println();
        out.println("Kill a node (kill -9 PID) and see what happens. Ctrl-C stops all three; the data stays.");
        out.println();
        out.flush();
    }

    @Override
    public synchronized void line(String text) {
        out.println(LocalTime.now(ZoneId.systemDefault()).format(TIME) + "  " + text);
        out.flush();
    }

    synchronized void stopping() {
        out.println();
        line("stopping all three nodes ...");
    }

    synchronized void stopped(DevLayout layout) {
        line("stopped; the data stays in " + layout.folder() + " ('./jangada dev' continues, '--fresh' begins anew)");
    }
}
