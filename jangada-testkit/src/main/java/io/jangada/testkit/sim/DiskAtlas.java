package io.jangada.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * The map of which disks have lost something: it decides which may decay, so that a good copy of everything that was acknowledged is always left.
 *
 * <p>At any time so many nodes at most lack anything of what they had promised that the others are a majority. Who lacks something counts until it has it again.
 */
final class DiskAtlas {
    private final List<SimNode> nodes = new ArrayList<>();
    private boolean closed;

    void add(SimNode node) {
        nodes.add(node);
    }

    /** From now on no disk decays any more. */
    void close() {
        closed = true;
    }

    /** Whether this node's disk may lose whatever it has, as far as the others are concerned. */
    boolean mayDecay(SimNode node) {
        long others = nodes.stream()
                .filter(other -> other != node && other.lacksPromised())
                .count();
        return !closed && others < (nodes.size() - 1) / 2;
    }
}
