package io.jangada.server.cli;

/** What the process ends with, for scripts. */
final class ExitCode {
    static final int OK = 0;

    /** The operation failed: the cluster refused it, or its outcome is unknown. */
    static final int FAILED = 1;

    /** The command line, configuration file or environment is wrong. */
    static final int USAGE = 2;

    /** No server of the cluster can be reached. */
    static final int UNREACHABLE = 3;

    /** The node has stopped itself because of a failure; its log says which. */
    static final int NODE_FAILED = 4;

    /** The server cannot start here: a busy port, a data folder in use, damaged or not ours. */
    static final int CANNOT_START = 5;

    /** This member has been removed from its cluster; it must be added anew. */
    static final int REMOVED = 6;

    private ExitCode() {}
}
