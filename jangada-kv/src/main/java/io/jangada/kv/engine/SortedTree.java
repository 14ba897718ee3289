package io.jangada.kv.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable ordered map: a height-balanced binary tree whose changes copy only the path to the root, so that every older tree stays as it
 * was and a snapshot is a reference.
 */
final class SortedTree {
    static final SortedTree EMPTY = new SortedTree(null);

    private final @Nullable Node root;

    private SortedTree(@Nullable Node root) {
        this.root = root;
    }

    byte @Nullable [] get(byte[] key) {
        Node node = root;
        while (node != null) {
            int order = Arrays.compareUnsigned(key, node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedTree with(byte[] key, byte[] value) {
        return new SortedTree(insert(root, key, value));
    }

    SortedTree without(byte[] key) {
        return new SortedTree(remove(root, key));
    }

    Cursor scan(byte[] from, byte[] to) {
        return new Walk(root, from, to);
    }

    private static Node insert(@Nullable Node node, byte[] key, byte[] value) {
        if (node == null) {
            return new Node(key, value, null, null);
        }
        int order = Arrays.compareUnsigned(key, node.key);
        if (order == 0) {
            return new Node(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node.key, node.value, insert(node.left, key, value), node.right)
                : balanced(node.key, node.value, node.left, insert(node.right, key, value));
    }

    private static @Nullable Node remove(@Nullable Node node, byte[] key) {
        if (node == null) {
            return null;
        }
        int order = Arrays.compareUnsigned(key, node.key);
        if (order < 0) {
            return balanced(node.key, node.value, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node.key, node.value, node.left, remove(node.right, key));
        }
        if (node.left == null) {
            return node.right;
        }
        if (node.right == null) {
            return node.left;
        }
        Node least = node.right;
        while (least.left != null) {
            least = least.left;
        }
        return balanced(least.key, least.value, node.left, remove(node.right, least.key));
    }

    private static Node balanced(byte[] key, byte[] value, @Nullable Node left, @Nullable Node right) {
        int lean = height(left) - height(right);
        if (lean > 1 && left != null) {
            Node inner = left.right;
            if (inner == null || height(left.left) >= height(inner)) {
                return new Node(left.key, left.value, left.left, new Node(key, value, inner, right));
            }
            return new Node(
                    inner.key,
                    inner.value,
                    new Node(left.key, left.value, left.left, inner.left),
                    new Node(key, value, inner.right, right));
        }
        if (lean < -1 && right != null) {
            Node inner = right.left;
            if (inner == null || height(right.right) >= height(inner)) {
                return new Node(right.key, right.value, new Node(key, value, left, inner), right.right);
            }
            return new Node(
                    inner.key,
                    inner.value,
                    new Node(key, value, left, inner.left),
                    new Node(right.key, right.value, inner.right, right.right));
        }
        return new Node(key, value, left, right);
    }

    private static int height(@Nullable Node node) {
        return node == null ? 0 : node.height;
    }

    private static final class Node {
        final byte[] key;
        final byte[] value;
        final @Nullable Node left;
        final @Nullable Node right;
        final int height;

        Node(byte[] key, byte[] value, @Nullable Node left, @Nullable Node right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = Math.max(SortedTree.height(left), SortedTree.height(right)) + 1;
        }
    }

    private static final class Walk implements Cursor {
        private final Deque<Node> ahead = new ArrayDeque<>();
        private final byte[] to;
        private @Nullable Node here;

        Walk(@Nullable Node root, byte[] from, byte[] to) {
            this.to = to;
            Node node = root;
            while (node != null) {
                if (Arrays.compareUnsigned(node.key, from) >= 0) {
                    ahead.push(node);
                    node = node.left;
                } else {
                    node = node.right;
                }
            }
        }

        @Override
        public boolean next() {
            here = ahead.poll();
            if (here == null || Arrays.compareUnsigned(here.key, to) >= 0) {
                here = null;
                ahead.clear();
                return false;
            }
            for (Node node = here.right; node != null; node = node.left) {
                ahead.push(node);
            }
            return true;
        }

        @Override
        public byte[] key() {
            return standing().key;
        }

        @Override
        public byte[] value() {
            return standing().value;
        }

        private Node standing() {
            Node node = here;
            if (node == null) {
                throw new NoSuchElementException("the cursor stands on no entry");
            }
            return node;
        }

        @Override
        public void close() {
            ahead.clear();
        }
    }
}
