package io.jangada.testkit.history;

import java.util.Arrays;

/** A point of the search: which operations have their place, and the state they lead to. Two ways to the same point have the same future. */
final class Configuration<S> {
    private final long[] placed;
    private final S state;
    private final int hash;

    Configuration(long[] placed, S state) {
        this.placed = placed;
        this.state = state;
        this.hash = Arrays.hashCode(placed) * 31 + state.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Configuration<?> that
                && hash == that.hash
                && Arrays.equals(placed, that.placed)
                && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
