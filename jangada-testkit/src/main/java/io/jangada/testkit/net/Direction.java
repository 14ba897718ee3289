package io.jangada.testkit.net;

/** The two directions of a proxied connection, seen from whoever opened it. */
public enum Direction {
    CLIENT_TO_SERVER,
    SERVER_TO_CLIENT
}
