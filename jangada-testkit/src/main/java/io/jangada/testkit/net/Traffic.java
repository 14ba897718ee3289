package io.jangada.testkit.net;

import java.util.EnumMap;
import java.util.Map;

/** How many bytes went through a proxy, and how many were thrown away, in each direction. Any thread. */
final class Traffic {
    private final Map<Direction, Long> forwarded = new EnumMap<>(Direction.class);
    private final Map<Direction, Long> discarded = new EnumMap<>(Direction.class);

    synchronized void forwarded(Direction direction, long bytes) {
        forwarded.merge(direction, bytes, Long::sum);
    }

    synchronized void discarded(Direction direction, long bytes) {
        discarded.merge(direction, bytes, Long::sum);
    }

    synchronized long forwarded(Direction direction) {
        return forwarded.getOrDefault(direction, 0L);
    }

    synchronized long discarded(Direction direction) {
        return discarded.getOrDefault(direction, 0L);
    }
}
