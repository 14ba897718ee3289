package io.jangada.testkit.lab;

import io.jangada.core.message.HeartbeatRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls a server again that has stopped answering its leader, soon and a few times: whoever is away for a moment only is found when it is back, and not with the next heartbeat.
 *
 * <p>The call is the latest heartbeat, which is small, and harmless if there is another leader by now. Any thread.
 */
final class Redial {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int MOST = 6;

    /** A heartbeat that is older was made by one that may not lead any more. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(120);

    private final LabTime time;
    private final PeerLine line;
    private final Consumer<HeartbeatRequest> caller;
    private @Nullable HeartbeatRequest latest;
    private long madeAtNanos;
    private boolean watching;
    private int calls;

    Redial(LabTime time, PeerLine line, Consumer<HeartbeatRequest> caller) {
        this.time = time;
        this.line = line;
        this.caller = caller;
    }

    /** The node has made this heartbeat for the server, whether it goes out or not. */
    void made(HeartbeatRequest heartbeat) {
        synchronized (this) {
            latest = heartbeat;
            madeAtNanos = time.elapsedNanos();
            if (!line.isOverdue(madeAtNanos)) {
                calls = 0;
            }
            if (watching) {
                return;
            }
        }
        look();
    }

    private void look() {
        HeartbeatRequest due;
        synchronized (this) {
            long now = time.elapsedNanos();
            boolean leads = now - madeAtNanos < FRESH_NANOS;
            watching = leads && calls < MOST && line.isOverdue(now);
            due = watching ? latest : null;
            calls += watching ? 1 : 0;
        }
        if (due != null) {
            time.after(PAUSE_NANOS, this::look);
            caller.accept(due);
        }
    }
}
