package io.jangada.testkit.sim;

import io.jangada.api.StateFile;
import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A state machine that does as it is told; planted bugs override a method. */
abstract class StateMachineWrapper implements StateMachine<Long> {
    private final StateMachine<Long> real;

    StateMachineWrapper(StateMachine<Long> real) {
        this.real = real;
    }

    @Override
    public Long apply(long index, long term, byte[] command) {
        return real.apply(index, term, command);
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        return real.snapshot();
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        real.restore(index, term, state);
    }

    @Override
    public void restoreFiles(long index, long term, List<StateFile> files) throws IOException {
        real.restoreFiles(index, term, files);
    }
}
