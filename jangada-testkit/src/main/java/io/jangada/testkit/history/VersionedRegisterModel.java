package io.jangada.testkit.history;

import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.testkit.history.VersionedRegisterModel.State;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a multi-version store: each change of any key gets a revision, higher than all before it; a key remembers the revision of
 * its last change.
 *
 * <p>Each key is checked apart, so that long histories stay cheap; what binds the keys together, the order of the revisions, is checked by
 * {@link RevisionOrder}. The revision of a change whose answer was lost is learned from whoever sees it.
 */
public final class VersionedRegisterModel implements Model<State, Op, Answer> {

    /** What a client asks of a key. */
    public sealed interface Op {
        String key();
    }

    /** Sets the value. */
    public record Put(String key, String value) implements Op {}

    /** Sets the value if the key's last change has this revision; 0 asks for a key that does not exist. */
    public record PutIf(String key, long modRevision, String value) implements Op {}

    /** Removes the key. */
    public record Delete(String key) implements Op {}

    /** Reads value and revision of the last change. */
    public record Get(String key) implements Op {}

    /**
     * What the client was told.
     *
     * @param applied whether a change was made: false for a get, for a {@link PutIf} whose condition failed, and for a {@link Delete} of nothing
     * @param value what a get has read; null for a key that does not exist, and for changes
     * @param revision of the change that was made, or for a get of the key's last change (0 if it does not exist); 0 otherwise
     */
    public record Answer(boolean applied, @Nullable String value, long revision) {
        public static Answer changed(long revision) {
            return new Answer(true, null, revision);
        }

        public static Answer unchanged() {
            return new Answer(false, null, 0);
        }

        public static Answer read(@Nullable String value, long modRevision) {
            return new Answer(false, value, modRevision);
        }
    }

    /**
     * A key at a moment.
     *
     * @param value null if the key does not exist
     * @param revision of the last change, deletions included
     * @param exact false if the revision is only a lower bound (exclusive), because the answer to the change was lost
     */
    public record State(@Nullable String value, long revision, boolean exact) {
        static final State ABSENT = new State(null, 0, true);
    }

    @Override
    public State initial() {
        return State.ABSENT;
    }

    @Override
    public @Nullable State step(State state, Op input, @Nullable Answer answer) {
        if (input instanceof Get) {
            return answer == null ? state : read(state, answer);
        }
        if (input instanceof Put put) {
            return answer == null || answer.applied() ? change(state, put.value(), answer) : null;
        }
        if (input instanceof Delete) {
            if (state.value() == null) {
                return answer == null || !answer.applied() ? state : null;
            }
            return answer == null || answer.applied() ? change(state, null, answer) : null;
        }
        return putIf(state, (PutIf) input, answer);
    }

    private static @Nullable State read(State state, Answer answer) {
        if (!Objects.equals(state.value(), answer.value())) {
            return null;
        }
        if (state.value() == null) {
            return answer.revision() == 0 ? state : null;
        }
        if (state.exact()) {
            return state.revision() == answer.revision() ? state : null;
        }
        return answer.revision() > state.revision() ? new State(state.value(), answer.revision(), true) : null;
    }

    private static @Nullable State change(State state, @Nullable String value, @Nullable Answer answer) {
        if (answer == null) {
            return new State(value, state.revision(), false);
        }
        return answer.revision() > state.revision() ? new State(value, answer.revision(), true) : null;
    }

    private static @Nullable State putIf(State state, PutIf input, @Nullable Answer answer) {
        long found = state.value() == null ? 0 : state.revision();
        boolean surelyEqual = (state.exact() || state.value() == null) && found == input.modRevision();
        boolean maybeEqual = surelyEqual || (state.value() != null && !state.exact() && input.modRevision() > found);
        if (answer == null) {
            // Whether it was applied is open. Assuming so gives the later answers the most room; not applying it is
            // covered because an
            // operation of unknown outcome need not be placed.
            return maybeEqual ? change(state, input.value(), null) : state;
        }
        if (answer.applied()) {
            return maybeEqual && answer.revision() > input.modRevision() ? change(state, input.value(), answer) : null;
        }
        return surelyEqual ? null : state;
    }

    @Override
    public boolean readOnly(Op input, Answer answer) {
        // A get that learns a lost revision does change the state; it is placed like any other operation.
        return false;
    }

    @Override
    public Object partition(Op input) {
        return input.key();
    }
}
