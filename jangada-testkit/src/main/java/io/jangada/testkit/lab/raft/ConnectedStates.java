package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabState;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the connected servers say about themselves at one moment, and what may not be true of it. Immutable. */
final class ConnectedStates {
    private final TreeMap<Integer, LabState> states;

    /** The states by the numbers of their servers. */
    ConnectedStates(Map<Integer, LabState> states) {
        this.states = new TreeMap<>(states);
    }

    /** The leader of the highest term in which any leads; empty if nobody does. Two in one term are a failure, two in two terms are none. */
    OptionalInt leader() {
        TreeMap<Long, Integer> leaders = new TreeMap<>();
        states.forEach((server, state) -> {
            Integer other = state.isLeader() ? leaders.put(state.term(), server) : null;
            if (other != null) {
                throw new LabFailure("servers " + other + " and " + server + " both lead in term " + state.term());
            }
        });
        return leaders.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(leaders.lastEntry().getValue());
    }

    /** Nobody believes to lead. */
    void requireNoLeader() {
        states.forEach((server, state) -> {
            if (state.isLeader()) {
                throw new LabFailure("server " + server + " believes to lead in term " + state.term()
                        + ", with no majority connected");
            }
        });
    }

    /** The term on which all agree. */
    long sameTerm() {
        OptionalLong term = states.values().stream()
                .mapToLong(LabState::term)
                .distinct()
                .reduce((one, other) -> {
                    throw new LabFailure("connected servers are in different terms, " + one + " and " + other);
                });
        return term.orElseThrow(() -> new LabFailure("no server is connected"));
    }
}
