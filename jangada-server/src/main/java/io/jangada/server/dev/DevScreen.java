package io.jangada.server.dev;

import java.util.Map;

/** What the user of a local cluster sees. Called by one thread, except {@link #line}. */
public interface DevScreen {

    /** The processes are about to start. */
    void starting(DevLayout layout);

    /** Something on the way there. */
    void progress(String what);

    /** The cluster serves for the first time. */
    void running(DevLayout layout, String leader, Map<String, Long> pids);

    /** Something happened to the running cluster. Any thread. */
    void line(String text);
}
