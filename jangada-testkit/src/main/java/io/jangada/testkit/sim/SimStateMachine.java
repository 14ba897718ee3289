package io.jangada.testkit.sim;

import io.jangada.api.StateMachine;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.check.SafetyChecks;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A few registers in memory, and a digest of everything that was ever applied. Yields the index of each command. */
final class SimStateMachine implements StateMachine<Long> {
    private final NodeId node;
    private final SafetyChecks checks;
    private final TreeMap<Integer, Long> registers = new TreeMap<>();
    private final TreeSet<Long> serials = new TreeSet<>();
    private long digest;
    private long lastIndex;

    SimStateMachine(NodeId node, SafetyChecks checks) {
        this.node = node;
        this.checks = checks;
    }

    @Override
    public Long apply(long index, long term, byte[] command) {
        SimCommand decoded = SimCommand.decode(command);
        registers.put(decoded.key(), decoded.serial());
        serials.add(decoded.serial());
        digest = Digest.mix(Digest.mix(digest, index), Digest.of(command));
        lastIndex = index;
        checks.applied(node, Entry.command(index, term, command), decoded.serial(), digest);
        return index;
    }

    /** What a register holds, in the words of the history. */
    String read(int key) {
        Long serial = registers.get(key);
        return serial == null ? "" : SimCommand.valueName(serial);
    }

    Set<Long> serials() {
        return serials;
    }

    long digest() {
        return digest;
    }

    /** The index of the last command. */
    long lastIndex() {
        return lastIndex;
    }
}
