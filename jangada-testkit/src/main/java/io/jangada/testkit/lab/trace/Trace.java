package io.jangada.testkit.lab.trace;

/** Where the events of a run are told. Any thread may tell them. */
public interface Trace {

    /** A trace that forgets everything. */
    Trace NONE = new Trace() {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public void record(TraceEvent event) {
            // Nobody reads it.
        }
    };

    /** Whether anybody will read the events; if not, the caller need not make them. */
    boolean isOn();

    /** This has happened. Events may come out of order, as threads do. */
    void record(TraceEvent event);
}
