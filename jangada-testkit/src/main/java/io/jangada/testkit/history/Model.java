package io.jangada.testkit.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sequential object that a concurrent history is compared with.
 *
 * @param <S> its state: immutable, with {@code equals} and {@code hashCode} by value
 * @param <I> what clients ask
 * @param <O> what clients are told
 */
public interface Model<S, I, O> {

    /** The state before the first operation. */
    S initial();

    /**
     * The state after {@code input} in {@code state}, or null if that could not have been answered with {@code output}. With a null
     * output the answer is not known: any answer will do.
     */
    @Nullable
    S step(S state, I input, @Nullable O output);

    /**
     * Whether the operation, with this known answer, leaves every state in which it fits as it was. True for reads; makes the search much
     * faster.
     */
    default boolean readOnly(I input, O output) {
        return false;
    }

    /** Operations of different partitions cannot influence each other and are checked apart. A key, typically. */
    default Object partition(I input) {
        return "all";
    }

    /**
     * The same operations of one partition, made easier without changing the verdict: an operation of unknown outcome that
     * nobody can have seen is left out, one that has been seen gets the time by which it must have happened.
     */
    default List<Operation<I, O>> simplify(List<Operation<I, O>> operations) {
        return operations;
    }

    /** An operation in words, for reports. */
    default String describe(I input, @Nullable O output) {
        return input + " -> " + (output == null ? "?" : output);
    }
}
