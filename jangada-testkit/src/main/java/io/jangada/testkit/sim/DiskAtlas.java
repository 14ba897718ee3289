package io.jangada.testkit.sim;

import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The map of which disks have lost something: it decides which may decay, so that a good copy of everything that was acknowledged is always left.
 *
 * <p>At any time so many nodes at most lack anything of what they had promised that the others are a majority. Who lacks something counts until it has it again.
 */
final class DiskAtlas {
    private final List<NodeId> nodes = new ArrayList<>();
    /** Who may lack something, and whether anything has been found to be missing. */
    private final Map<NodeId, Boolean> lacking = new TreeMap<>();

    private boolean closed;

    void add(NodeId node) {
        nodes.add(node);
    }

    /** From now on no disk decays any more. */
    void close() {
        closed = true;
    }

    /** Whether this node's disk may lose whatever it has, as far as the others are concerned. */
    boolean mayDecay(NodeId node) {
        long others =
                lacking.keySet().stream().filter(other -> !other.equals(node)).count();
        return !closed && others < (nodes.size() - 1) / 2;
    }

    /** The disk of this node has decayed: it may lack something that the node has promised to keep. */
    void decayed(NodeId node) {
        lacking.putIfAbsent(node, false);
    }

    /** The node has started and found that something is missing. */
    void foundLack(NodeId node) {
        lacking.put(node, true);
    }

    /** The node says that nothing is missing any more; returns whether anything was. */
    boolean isWhole(NodeId node) {
        return Boolean.TRUE.equals(lacking.remove(node));
    }
}
