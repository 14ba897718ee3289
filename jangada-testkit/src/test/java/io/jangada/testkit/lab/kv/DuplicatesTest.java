package io.jangada.testkit.lab.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.StateMachine;
import io.jangada.session.SessionCommand;
import io.jangada.session.SessionFormatException;
import io.jangada.session.SessionReply;
import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without the table of sessions, commands that are sent twice take effect twice, and the labs see it. */
class DuplicatesTest {

    /** Carries out every copy of a command. */
    private static final class Forgetful implements StateMachine<SessionReply<String>> {
        private final KvStore store = new KvStore();

        @Override
        public SessionReply<String> apply(long index, long term, byte[] command) {
            try {
                return SessionCommand.decode(command) instanceof SessionCommand.Execute execute
                        ? new SessionReply.Done<>(store.apply(index, term, execute.payload()), false)
                        : new SessionReply.Opened<>(index, Long.MAX_VALUE);
            } catch (SessionFormatException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theLabsFindTheMissingTable(long seed) {
        Scenario forgetful = new Scenario(
                LabPart.KV,
                "UnreliableOneKeyWithoutSessions",
                "concurrent append to same key, unreliable, without sessions",
                3,
                setting -> SharedKey.play(
                        new KvLab(setting, new KvLab.Setup(3, false, KvServer.NO_SNAPSHOTS, Forgetful::new))));
        LabRun run = LabRun.of(forgetful, LabMode.VIRTUAL, seed, Trace.NONE);
        assertThat(run.failure()).isPresent();
        assertThat(run.failure().get()).hasMessageContaining("is there twice");
    }
}
