package io.jangada.testkit.disk;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a node might write in its life: batches with entries of all sizes, votes, cuts; a null is a synchronisation. */
record Script(List<Step> steps) {

    /** One call of the log. */
    record Step(@Nullable WriteBatch batch) {}

    /** A script of so many batches, the same for the same seed; every one is followed by a synchronisation or by another batch. */
    static Script random(long seed, int batches, int maxPayload) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>();
        LogImage image = LogImage.EMPTY;
        for (int i = 1; i <= batches; i++) {
            WriteBatch batch = batch(random, i, image, maxPayload);
            List<LogImage> states = image.after(batch);
            image = states.get(states.size() - 1);
            steps.add(new Step(batch));
            if (random.nextInt(3) != 0 || i == batches) {
                steps.add(new Step(null));
            }
        }
        return new Script(List.copyOf(steps));
    }

    private static WriteBatch batch(Random random, int sequence, LogImage image, int maxPayload) {
        HardState state = image.hardState();
        HardState next = null;
        if (state.term() == 0 || random.nextInt(6) == 0) {
            next = new HardState(state.term() + 1 + random.nextInt(2), vote(random));
        } else if (state.votedFor().isNone() && random.nextInt(3) == 0) {
            next = new HardState(state.term(), NodeId.of(1 + random.nextInt(3)));
        }
        long term = next != null ? next.term() : state.term();
        long cut = WriteBatch.KEEP_ALL;
        long last = image.lastIndex();
        if (last > 0 && random.nextInt(8) == 0) {
            cut = last - random.nextInt((int) Math.min(last, 12) + 1);
            last = cut;
        }
        List<Entry> entries = new ArrayList<>();
        int count = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(5);
        long entryTerm = Math.max(1, cut == WriteBatch.KEEP_ALL ? image.lastTerm() : term);
        for (int i = 0; i < count; i++) {
            entryTerm = Math.max(entryTerm, random.nextInt(3) == 0 ? term : entryTerm);
            entries.add(entry(random, last + 1 + i, entryTerm, maxPayload));
        }
        return new WriteBatch(sequence, next, cut, entries);
    }

    private static NodeId vote(Random random) {
        return random.nextBoolean() ? NodeId.NONE : NodeId.of(1 + random.nextInt(3));
    }

    private static Entry entry(Random random, long index, long term, int maxPayload) {
        if (random.nextInt(8) == 0) {
            return Entry.noOp(index, term);
        }
        int length = random.nextInt(10) == 0 ? maxPayload : random.nextInt(Math.max(1, maxPayload / 8));
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        if (random.nextInt(4) == 0) {
            Arrays.fill(payload, length / 3, length, (byte) 0);
        }
        return Entry.command(index, term, payload);
    }
}
