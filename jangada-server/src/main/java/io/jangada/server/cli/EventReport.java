package io.jangada.server.cli;

import io.jangada.server.dev.NodeEvent;
import io.jangada.server.run.ServerEvents;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Hands a server's events to the parent process, if it asked for them, and its failure to the end of the process. */
final class EventReport implements ServerEvents {
    private final @Nullable PrintStream out;
    private final ProcessEnd end;

    EventReport(@Nullable PrintStream out, ProcessEnd end) {
        this.out = out;
        this.end = end;
    }

    @Override
    public void serving() {
        print(new NodeEvent.Serving());
    }

    @Override
    public void leader(String leader, long term) {
        print(new NodeEvent.Leader(leader, term));
    }

    @Override
    public void removed() {
        end.end(ExitCode.REMOVED);
    }

    @Override
    public void failed(Throwable cause) {
        end.end(ExitCode.NODE_FAILED);
    }

    private void print(NodeEvent event) {
        PrintStream stream = out;
        if (stream != null) {
            stream.println(event.line());
            stream.flush();
        }
    }
}
