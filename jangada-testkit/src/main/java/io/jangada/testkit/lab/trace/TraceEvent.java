package io.jangada.testkit.lab.trace;

/**
 * Something that happened in a run, with its time in nanoseconds since the run began (0 or more).
 *
 * <p>Servers are numbered from 0. All events are immutable; any thread may make and read them.
 */
public sealed interface TraceEvent {

    /** When it happened, in nanoseconds since the run began. */
    long atNanos();

    /**
     * A message left its sender.
     *
     * @param message a number that no other message of the run has; a message that is sent twice has two
     * @param from the server that sent it
     * @param to the server it is for
     * @param kind what sort of message it is, for colours and filters, for example {@code AppendRequest}
     * @param text what it says, in a few words
     * @param bytes its size on the wire
     */
    record Sent(long atNanos, long message, int from, int to, String kind, String text, int bytes)
            implements TraceEvent {
        public Sent {
            requireTime(atNanos);
            requireServer(from);
            requireServer(to);
        }
    }

    /** A message that was sent before has arrived. */
    record Delivered(long atNanos, long message) implements TraceEvent {
        public Delivered {
            requireTime(atNanos);
        }
    }

    /** A message that was sent before will never arrive, and why. */
    record Lost(long atNanos, long message, String why) implements TraceEvent {
        public Lost {
            requireTime(atNanos);
        }
    }

    /**
     * A server has taken a role or entered a term.
     *
     * @param role {@code FOLLOWER}, {@code PRE_CANDIDATE}, {@code CANDIDATE} or {@code LEADER}
     */
    record Role(long atNanos, int server, String role, long term) implements TraceEvent {
        public Role {
            requireTime(atNanos);
            requireServer(server);
        }
    }

    /** A server knows that the log is committed up to one index, and has applied it up to another. */
    record Progress(long atNanos, int server, long commit, long applied) implements TraceEvent {
        public Progress {
            requireTime(atNanos);
            requireServer(server);
        }
    }

    /** A server was started or crashed, or the network was connected to it or taken away from it. */
    record Life(long atNanos, int server, Change change) implements TraceEvent {
        public Life {
            requireTime(atNanos);
            requireServer(server);
        }
    }

    /** What the scenario did or found: a step, a check, a failure. */
    record Note(long atNanos, String text) implements TraceEvent {
        public Note {
            requireTime(atNanos);
        }
    }

    /** What can happen to a server from outside. */
    enum Change {
        /** It runs, with what its disk has kept; it is not connected yet. */
        STARTED,
        /** It runs no more. */
        CRASHED,
        /** Messages reach it and leave it. */
        CONNECTED,
        /** It may run, but messages neither reach it nor leave it. */
        DISCONNECTED
    }

    private static void requireTime(long atNanos) {
        if (atNanos < 0) {
            throw new IllegalArgumentException("atNanos is " + atNanos
                    + ", but the time of an event counts from the start of its run, so give 0 or more");
        }
    }

    private static void requireServer(int server) {
        if (server < 0) {
            throw new IllegalArgumentException("there is no server " + server + ": servers are numbered from 0");
        }
    }
}
