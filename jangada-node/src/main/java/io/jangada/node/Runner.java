package io.jangada.node;

/** What calls one worker whenever it has work or its deadline has come. */
interface Runner {

    void start();

    /** Whether the calling thread is in a step of the worker. */
    boolean isCurrent();

    /** Ends the running after the step that is under way; returns when that has ended. Work that has not been begun stays undone. */
    void stop();
}
