package io.jangada.api;

/** The identity of a cluster: its nodes refuse data folders and connections of any other. Printed in hexadecimal. */
public record ClusterId(long value) {
    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
