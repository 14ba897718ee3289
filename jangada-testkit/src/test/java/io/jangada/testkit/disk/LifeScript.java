package io.jangada.testkit.disk;

import io.jangada.core.model.LogBase;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a node does with its disk in its life: it writes to its log, synchronises, takes and receives snapshots, compacts, resets, and starts anew. */
record LifeScript(List<Deed> deeds) {

    /** One call of the log or of the snapshots beside it. */
    sealed interface Deed {}

    /** A batch is written: entries, a vote, a cut, a base, or several of these. */
    record Write(WriteBatch batch) implements Deed {}

    /** What was written becomes durable. */
    record Sync() implements Deed {}

    /** The node takes a snapshot of its own. */
    record Take(long index, long term) implements Deed {}

    /** A snapshot of another node arrives, in pieces of this size. */
    record Receive(long index, long term, int pieceBytes) implements Deed {}

    /** The process ends in good order, and the next begins. */
    record Restart() implements Deed {}

    /** A life of so many deeds, the same for the same seed. */
    static LifeScript random(long seed, int length, int maxPayload) {
        Random random = new Random(seed * 31 + 7);
        List<Deed> deeds = new ArrayList<>();
        long snapshot = 0;
        LogImage image = LogImage.EMPTY;
        for (Script.Step step : Script.random(seed, length, maxPayload).steps()) {
            WriteBatch batch = step.batch();
            if (batch == null) {
                deeds.add(new Sync());
                snapshot = now(random, deeds, image, snapshot);
                continue;
            }
            LogBase base = batch.base();
            if (base != null && base.index() > snapshot) {
                deeds.add(
                        base.reset()
                                ? new Receive(base.index(), base.term(), 100 + random.nextInt(900))
                                : new Take(base.index(), base.term()));
                snapshot = base.index();
            }
            deeds.add(new Write(batch));
            List<LogImage> states = image.after(batch);
            image = states.get(states.size() - 1);
        }
        return new LifeScript(List.copyOf(deeds.subList(0, Math.min(length, deeds.size()))));
    }

    /** Between two writes a node may also take a snapshot that nothing needs yet, or start anew. */
    private static long now(Random random, List<Deed> deeds, LogImage image, long snapshot) {
        int chance = random.nextInt(16);
        if (chance == 0) {
            deeds.add(new Restart());
        } else if (chance == 1 && image.lastIndex() > Math.max(snapshot, image.baseIndex())) {
            deeds.add(new Take(image.lastIndex(), image.lastTerm()));
            return image.lastIndex();
        }
        return snapshot;
    }
}
