package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log that a script is played to, and beside it what the log has been told and what it has promised. */
final class ScriptRun {
    static final LogIdentity OWNER = new LogIdentity(new ClusterId(0xc1), NodeId.of(0xa));
    static final LogOptions OPTIONS = LogOptions.DEFAULT
            .withSegmentBytes(16 << 10)
            .withWriteBufferBytes(4 << 10)
            .deterministic(77);

    /** The power fails: no failure of an operation, after which a program could go on. */
    static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final SimDisk disk;
    /** The states through which the log has been taken. */
    private final List<LogImage> states = new ArrayList<>(List.of(LogImage.EMPTY));
    /** The position in {@link #states} of the last synchronised one. */
    private int promised;

    @Nullable
    SegmentedLog log;

    ScriptRun(SimDisk disk) {
        this.disk = disk;
    }

    static SegmentedLog open(Disk disk) throws IOException {
        return SegmentedLog.open(disk, OWNER, OPTIONS);
    }

    /** Faults that cut the power just before the operation of this number, and before any later one. */
    static Faults powerCutAt(long operation) {
        return (kind, number, file) -> {
            if (number >= operation) {
                throw new PowerCut();
            }
        };
    }

    /** Plays the script to the end. */
    void play(Script script) throws IOException {
        play(script, () -> {});
    }

    /** Plays the script to the end, with this after each synchronisation. */
    void play(Script script, Runnable afterSync) throws IOException {
        SegmentedLog opened = open(disk);
        log = opened;
        for (Script.Step step : script.steps()) {
            WriteBatch batch = step.batch();
            if (batch == null) {
                opened.sync();
                promised = states.size() - 1;
                afterSync.run();
            } else {
                states.addAll(states.get(states.size() - 1).after(batch));
                opened.write(batch);
            }
        }
    }

    /** Plays until the power is cut at this operation; false if the script ended before. */
    boolean playUntil(Script script, long operation) throws IOException {
        disk.setFaults(powerCutAt(operation));
        try {
            play(script);
            return false;
        } catch (IOException | PowerCut e) {
            rethrowUnlessPowerCut(e);
            return true;
        }
    }

    /** Another thread may have met the power cut first and have told of it in its own words. */
    static void rethrowUnlessPowerCut(Exception e) throws IOException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PowerCut) {
                return;
            }
        }
        if (e instanceof IOException failure) {
            throw failure;
        }
        throw new IllegalStateException(e);
    }

    /** The state that the log has been told last. */
    LogImage told() {
        return states.get(states.size() - 1);
    }

    int promised() {
        return promised;
    }

    boolean isState(int position) {
        return position < states.size();
    }

    LogImage state(int position) {
        return states.get(position);
    }

    /** Requires this image to hold everything that had been promised, and nothing that the log has not been told. */
    void requireKept(LogImage image, String when) {
        requireSince(promised, image, when);
    }

    /** Requires this image to be the state at this position or a later one. */
    void requireSince(int position, LogImage image, String when) {
        assertThat(isSince(position, image))
                .as(
                        "%s: recovered %s with %d entries; promised was %s with %d",
                        when,
                        image.hardState(),
                        image.lastIndex(),
                        states.get(position).hardState(),
                        states.get(position).lastIndex())
                .isTrue();
    }

    /**
     * Whether the image has all that had been durable in the state at this position and was not taken away since, and nothing that the log has not been told.
     *
     * <p>Of what was written later any part may be there: an unfinished write leaves any of its records, and the term and vote of the last that is named.
     */
    boolean isSince(int position, LogImage image) {
        long low = Long.MAX_VALUE;
        for (LogImage state : states.subList(position, states.size())) {
            low = Math.min(low, state.lastIndex());
            boolean begins = state.baseIndex() == image.baseIndex() && state.baseTerm() == image.baseTerm();
            if (begins && image.lastIndex() >= low && isBeginningOf(image.entries(), state.entries())) {
                return hasTold(position, image.hardState());
            }
        }
        return false;
    }

    private boolean hasTold(int position, HardState hardState) {
        return states.subList(position, states.size()).stream()
                .anyMatch(state -> state.hardState().equals(hardState));
    }

    private static boolean isBeginningOf(List<Entry> entries, List<Entry> all) {
        return entries.size() <= all.size() && entries.equals(all.subList(0, entries.size()));
    }

    /** Requires these entries to have been told, at some time. */
    void requireTold(List<Entry> entries, String when) {
        for (Entry entry : entries) {
            assertThat(states)
                    .as("%s: %s", when, entry)
                    .anyMatch(state -> entry.index() > state.baseIndex()
                            && entry.index() <= state.lastIndex()
                            && state.entries()
                                    .get((int) (entry.index() - state.baseIndex() - 1))
                                    .equals(entry));
        }
    }

    /** Opens the disk, requires what was promised, and that the log can go on and be opened once more. */
    static LogImage reopen(ScriptRun run, SimDisk disk, String when) throws IOException {
        LogImage image;
        try (SegmentedLog log = open(disk)) {
            image = LogImage.of(log);
            run.requireTold(LogImage.salvaged(log), when);
        }
        run.requireKept(image, when);
        assertThat(image.promised().certain().index())
                .as("%s: a crash takes nothing that was durable", when)
                .isZero();
        return image;
    }
}
