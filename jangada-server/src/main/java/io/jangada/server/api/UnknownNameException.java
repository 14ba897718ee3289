package io.jangada.server.api;

/** A request with a number where this server knows no name; a newer client, or a broken one. */
final class UnknownNameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownNameException(String what, int number) {
        super("etcdserver: unknown " + what + " " + number);
    }
}
