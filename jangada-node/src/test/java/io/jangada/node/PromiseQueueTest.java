package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.Message;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PromiseQueueTest {
    private final List<Message> sent = new ArrayList<>();
    private final PromiseQueue queue = new PromiseQueue(sent::add);

    private static Message message(long number) {
        return new VoteResponse(NodeId.of(1), NodeId.of(2), number, true);
    }

    @Test
    void sendsAtOnceWhatRestsOnNothingThatIsStillOnItsWay() {
        queue.add(new Effects.Promise(message(1), 0));
        queue.persisted(4);
        queue.add(new Effects.Promise(message(2), 4));
        assertThat(sent).containsExactly(message(1), message(2));
    }

    @Test
    void sendsNothingBeforeItsWriteAndThenInOrder() {
        queue.add(new Effects.Promise(message(1), 3));
        queue.add(new Effects.Promise(message(2), 2));
        queue.add(new Effects.Promise(message(3), 2));
        queue.persisted(1);
        assertThat(sent).isEmpty();
        queue.persisted(2);
        assertThat(sent).containsExactly(message(2), message(3));
        queue.persisted(9);
        assertThat(sent).containsExactly(message(2), message(3), message(1));
    }

    @Test
    void aFailedNodeForgetsItsPromises() {
        queue.add(new Effects.Promise(message(1), 3));
        queue.clear();
        queue.persisted(3);
        assertThat(sent).isEmpty();
    }

    /** A disk that hangs while a leader repeats itself must not fill the memory; a dropped promise is a lost message. */
    @Test
    void isBounded() {
        for (int i = 0; i < PromiseQueue.MAX_PARKED + 100; i++) {
            queue.add(new Effects.Promise(message(i), 1));
        }
        queue.persisted(1);
        assertThat(sent).hasSize(PromiseQueue.MAX_PARKED);
    }

    @Test
    void noPromiseIsSentEarlyOrForgottenInAThousandOrders() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Message> out = new ArrayList<>();
            PromiseQueue some = new PromiseQueue(out::add);
            long persisted = 0;
            long written = 0;
            int promised = 0;
            for (int step = 0; step < 50; step++) {
                written += random.nextInt(2);
                if (random.nextBoolean()) {
                    some.add(new Effects.Promise(message(random.nextLong(written + 1)), written));
                    promised++;
                } else {
                    persisted = random.nextLong(persisted, written + 1);
                    some.persisted(persisted);
                }
                // The number of a message is at most the batch it waits for.
                long limit = written;
                assertThat(out).allSatisfy(message -> assertThat(message.term()).isLessThanOrEqualTo(limit));
            }
            some.persisted(written);
            assertThat(out).as("seed %s", seed).hasSize(promised);
        }
    }
}
