package io.jangada.testkit.disk;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a node might write in its life: batches with entries of all sizes, memberships, votes, cuts, bases; a null is a synchronisation.
 *
 * <p>Of one index and term there is one entry, however often it is cut and written again (§5.3).
 */
record Script(List<Step> steps) {

    /** One call of the log. */
    record Step(@Nullable WriteBatch batch) {}

    /** A script of so many batches, the same for the same seed; every one is followed by a synchronisation or by another batch. */
    static Script random(long seed, int batches, int maxPayload) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>();
        LogImage image = LogImage.EMPTY;
        for (int i = 1; i <= batches; i++) {
            WriteBatch batch = batch(random, i, image, new Entries(seed, maxPayload));
            List<LogImage> states = image.after(batch);
            image = states.get(states.size() - 1);
            steps.add(new Step(batch));
            if (random.nextInt(3) != 0 || i == batches) {
                steps.add(new Step(null));
            }
        }
        return new Script(List.copyOf(steps));
    }

    private static WriteBatch batch(Random random, int sequence, LogImage image, Entries all) {
        HardState state = image.hardState();
        HardState next = null;
        if (state.term() == 0 || random.nextInt(6) == 0) {
            next = new HardState(state.term() + 1 + random.nextInt(2), vote(random));
        } else if (state.votedFor().isNone() && random.nextInt(3) == 0) {
            next = new HardState(state.term(), NodeId.of(1 + random.nextInt(3)));
        }
        long term = next != null ? next.term() : state.term();
        LogBase base = base(random, image, term);
        long first = base != null ? base.index() : image.baseIndex();
        boolean reset = base != null && base.reset();
        long cut = WriteBatch.KEEP_ALL;
        long last = reset ? first : image.lastIndex();
        // A leader of a newer term cuts; no term has two entries of one index.
        if (last > 0 && term > image.lastTerm() && random.nextInt(5) == 0) {
            cut = last - random.nextInt((int) Math.min(last - first, 12) + 1);
            last = cut;
        }
        List<Entry> entries = new ArrayList<>();
        int count = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(5);
        long entryTerm = Math.max(1, cut == WriteBatch.KEEP_ALL && !reset ? image.lastTerm() : term);
        for (int i = 0; i < count; i++) {
            entryTerm = Math.max(entryTerm, random.nextInt(3) == 0 ? term : entryTerm);
            entries.add(all.entry(last + 1 + i, entryTerm));
        }
        return new WriteBatch(sequence, next, base, cut, entries);
    }

    /** Now and then a base that compacts the log, with or without entries that stay, and seldom one that resets it. */
    private static @Nullable LogBase base(Random random, LogImage image, long term) {
        int chance = random.nextInt(24);
        if (chance == 0 && term > 0) {
            return reset(random, image, term);
        }
        if (chance > 3 || image.lastIndex() <= image.baseIndex()) {
            return null;
        }
        int gone = 1 + random.nextInt(image.entries().size());
        return new LogBase(
                image.baseIndex() + gone, image.entries().get(gone - 1).term(), false);
    }

    /** Behind the end of the log or, with an entry of a newer term, within it. */
    private static LogBase reset(Random random, LogImage image, long term) {
        long index = image.baseIndex() + 1 + random.nextInt(40);
        if (index > image.lastIndex()) {
            return new LogBase(index, Math.max(1, term - random.nextInt(2)), true);
        }
        boolean contradicts = term > image.lastTerm();
        return new LogBase(contradicts ? index : image.lastIndex() + 1, term, true);
    }

    private static NodeId vote(Random random) {
        return random.nextBoolean() ? NodeId.NONE : NodeId.of(1 + random.nextInt(3));
    }

    /** The entries of a script: each follows from its index and term. */
    private record Entries(long seed, int maxPayload) {
        Entry entry(long index, long term) {
            Random random = new Random((seed * 1_000_003 + index) * 1_009 + term);
            random.nextLong();
            if (random.nextInt(8) == 0) {
                return Entry.noOp(index, term);
            }
            if (random.nextInt(12) == 0) {
                MemberInfo info = new MemberInfo("10.0.0." + random.nextInt(9), random.nextInt(3), random.nextLong());
                return Entry.membership(
                        index, term, Membership.ofVoters(Map.of(NodeId.of(1 + random.nextInt(5)), info)));
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
}
