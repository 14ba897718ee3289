package io.jangada.testkit.check;

import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a client may rely on, told apart by the unique serial number in each command: nothing appears that nobody proposed, nothing happens
 * twice, nothing happens that was refused as certainly not happened, and what was acknowledged has been applied and stays.
 */
public final class ClientPromises {
    private static final String PROMISE = "ClientPromises";

    private enum Fate {
        OPEN,
        ACKNOWLEDGED,
        REFUSED
    }

    private final Map<Long, Fate> fates = new HashMap<>();
    private final Map<Long, Long> positions = new HashMap<>();

    public void proposed(long serial) {
        if (fates.putIfAbsent(serial, Fate.OPEN) != null) {
            throw new IllegalArgumentException("serial " + serial + " is used twice by the test");
        }
    }

    /** The client was told that its command has taken effect. */
    public void acknowledged(long serial) {
        fates.put(serial, Fate.ACKNOWLEDGED);
        if (!positions.containsKey(serial)) {
            throw new SafetyViolation(PROMISE, "serial " + serial + " was acknowledged, but no node has applied it");
        }
    }

    /** The client was told that its command has certainly had no effect, so that repeating it is safe. */
    public void refused(long serial) {
        fates.put(serial, Fate.REFUSED);
        Long position = positions.get(serial);
        if (position != null) {
            throw new SafetyViolation(
                    PROMISE, "serial " + serial + " was refused as safe to retry, but it is applied at " + position);
        }
    }

    /** A node applies the command at this index. */
    public void applied(NodeId node, long serial, long index) {
        Fate fate = fates.get(serial);
        if (fate == null) {
            throw new SafetyViolation(
                    PROMISE, "node " + node + " applies serial " + serial + ", which nobody proposed");
        }
        if (fate == Fate.REFUSED) {
            throw new SafetyViolation(
                    PROMISE, "node " + node + " applies serial " + serial + ", which was refused as safe to retry");
        }
        Long earlier = positions.putIfAbsent(serial, index);
        if (earlier != null && earlier != index) {
            throw new SafetyViolation(
                    PROMISE, "serial " + serial + " is applied twice, at " + earlier + " and at " + index);
        }
    }

    /** At the end: a node holds exactly these serials. */
    public void survived(NodeId node, Set<Long> serials) {
        fates.forEach((serial, fate) -> {
            if (fate == Fate.ACKNOWLEDGED && !serials.contains(serial)) {
                throw new SafetyViolation(PROMISE, "acknowledged serial " + serial + " is lost on node " + node);
            }
        });
    }

    /** How many commands have been acknowledged. */
    public long acknowledgements() {
        return fates.values().stream().filter(fate -> fate == Fate.ACKNOWLEDGED).count();
    }
}
