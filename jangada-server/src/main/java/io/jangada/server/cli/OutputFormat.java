package io.jangada.server.cli;

/** How a client command prints what it got. */
enum OutputFormat {
    SIMPLE,
    JSON
}
