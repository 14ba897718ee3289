package io.jangada.transport;

/** What all connections of one transport share. */
record TransportContext(
        TransportConfig config,
        NetThreads threads,
        Receivers receivers,
        Counters counters,
        LogThrottle throttle,
        Roster roster,
        AddressLookup lookup) {

    /** The text of an exception for people: its message, or its name if it has none. */
    static String describe(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
