package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How a request ended. */
final class Outcome {

    private Outcome() {}

    /** The very exception that a future ended with; fails if it has not ended or has ended well. */
    static Throwable failureOf(CompletableFuture<?> future) {
        List<Throwable> caught = new ArrayList<>();
        assertThat(future).isCompletedExceptionally();
        assertThat(future.handle((result, failure) -> caught.add(failure))).isDone();
        return caught.get(0);
    }
}
