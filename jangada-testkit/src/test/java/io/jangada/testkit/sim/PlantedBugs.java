package io.jangada.testkit.sim;

import io.jangada.api.StateMachine;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.api.spi.Storage;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Promised;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts real nodes with one bug planted at a port. */
final class PlantedBugs implements SimProcess.Factory {
    private final PlantedBug bug;

    PlantedBugs(PlantedBug bug) {
        this.bug = bug;
    }

    @Override
    public SimProcess start(Machine machine) {
        Storage storage = machine.storage();
        boolean first = machine.config().self().value() == 1;
        return switch (bug) {
            case SYNC_THAT_DOES_NOTHING -> real(machine.withStorage(new IdleStorage(storage)));
            case SYNC_THAT_COMES_LATE -> real(machine.withStorage(new LateStorage(storage)));
            case VOTE_NOT_WRITTEN -> real(machine.withStorage(new VotelessStorage(storage)));
            case DAMAGE_CUT_SILENTLY -> real(machine.withStorage(new ForgivingStorage(storage, false)));
            case PROMISES_FORGOTTEN -> real(machine.withStorage(new ForgivingStorage(storage, true)));
            case AMNESIA_AFTER_RESTART -> real(machine.withStorage(new ForgetfulStorage(storage)));
            case REFUSAL_COUNTED_AS_VOTE -> hearing(machine, PlantedBugs::asVote);
            case REFUSAL_COUNTED_AS_MATCH -> hearing(machine, PlantedBugs::asMatch);
            case COMMIT_TAKEN_TOO_FAR -> hearing(machine, PlantedBugs::asCommitted);
            case ENTRY_ALTERED_ON_THE_WAY -> hearing(machine, PlantedBugs::altered);
            case NO_ELECTIONS -> hearing(machine, message -> message instanceof VoteRequest ? null : message);
            case STATE_MACHINE_THAT_DIVERGES -> computing(machine, first ? diverging(machine.stateMachine()) : null);
            case STATE_MACHINE_THAT_SKIPS -> computing(machine, first ? skipping(machine.stateMachine()) : null);
            case LEARNER_COUNTED_AS_VOTER -> real(machine.withTransport(new FlatteringTransport(machine.transport())));
            case OLD_IDENTITY_ACCEPTED -> real(machine.withTransport(new TrustingTransport(machine.transport())));
            case RESTORE_LOSES_A_KEY -> computing(machine, SnapshotBugs.losingAKey(machine.stateMachine()));
            case SNAPSHOT_WITH_A_CHANGED_BIT -> storing(machine, SnapshotBugs.changingABit(machine.snapshots()));
            case FORGOTTEN_SNAPSHOTS -> storing(machine, SnapshotBugs.forgetting(machine.snapshots()));
            case SNAPSHOT_WITH_ANOTHER_MEMBERSHIP -> storing(machine, SnapshotBugs.misdating(machine.snapshots()));
            case LEASE_FROM_BEFORE_A_PAUSE -> real(machine.withClock(lateBy(machine)));
            case READ_WITHOUT_A_ROUND,
                    ACKNOWLEDGED_AT_ONCE,
                    PROPOSED_TWICE,
                    LEASE_WITHOUT_END,
                    BOUNDED_READ_WITHOUT_BOUND -> new LyingProcess(real(machine), bug);
        };
    }

    private static SimProcess real(Machine machine) {
        return LocalNodeProcess.start(machine);
    }

    private static SimProcess hearing(Machine machine, MishearingTransport.Change change) {
        return real(machine.withTransport(new MishearingTransport(machine.transport(), change)));
    }

    private static Clock lateBy(Machine machine) {
        long lag = 3 * machine.config().timing().electionTimeoutMaxNanos();
        return () -> machine.clock().nanoTime() - lag;
    }

    private static SimProcess storing(Machine machine, SnapshotStore other) {
        return real(machine.withSnapshots(other));
    }

    private static SimProcess computing(Machine machine, @Nullable StateMachine<Long> other) {
        return real(other == null ? machine : machine.withStateMachine(other));
    }

    private static Message asVote(Message message) {
        return message instanceof VoteResponse m ? new VoteResponse(m.from(), m.to(), m.term(), true) : message;
    }

    private static Message asMatch(Message message) {
        return message instanceof AppendResponse m && !m.success()
                ? AppendResponse.matched(m.from(), m.to(), m.term(), m.matchIndex())
                : message;
    }

    private static Message asCommitted(Message message) {
        return message instanceof AppendRequest m ? with(m, m.entries(), m.lastNewIndex()) : message;
    }

    private static Message altered(Message message) {
        if (message instanceof AppendRequest m && m.to().value() == 1) {
            List<Entry> entries = m.entries().stream()
                    .map(entry -> entry.payload().length == 0 || entry.index() % 16 != 0
                            ? entry
                            : Entry.command(entry.index(), entry.term(), changed(entry.payload())))
                    .toList();
            return with(m, entries, m.leaderCommit());
        }
        return message;
    }

    private static AppendRequest with(AppendRequest m, List<Entry> entries, long leaderCommit) {
        return new AppendRequest(m.from(), m.to(), m.term(), m.prevLogIndex(), m.prevLogTerm(), entries, leaderCommit);
    }

    private static byte[] changed(byte[] command) {
        byte[] other = command.clone();
        other[3] ^= 1;
        return other;
    }

    private static StateMachine<Long> diverging(StateMachine<Long> real) {
        return new StateMachineWrapper(real) {
            @Override
            public Long apply(long index, long term, byte[] command) {
                return super.apply(index, term, index % 16 == 0 ? changed(command) : command);
            }
        };
    }

    private static StateMachine<Long> skipping(StateMachine<Long> real) {
        return new StateMachineWrapper(real) {
            @Override
            public Long apply(long index, long term, byte[] command) {
                return index % 16 == 0 ? Long.valueOf(index) : super.apply(index, term, command);
            }
        };
    }

    private static final class IdleStorage extends StorageWrapper {
        IdleStorage(Storage real) {
            super(real);
        }

        @Override
        public void sync() {}
    }

    private static final class LateStorage extends StorageWrapper {
        private boolean dirty;

        LateStorage(Storage real) {
            super(real);
        }

        @Override
        public void write(WriteBatch batch) throws IOException {
            if (dirty) {
                super.sync();
            }
            dirty = true;
            super.write(batch);
        }

        @Override
        public void sync() {}
    }

    private static final class VotelessStorage extends StorageWrapper {
        VotelessStorage(Storage real) {
            super(real);
        }

        @Override
        public void write(WriteBatch batch) throws IOException {
            super.write(new WriteBatch(batch.sequence(), null, batch.base(), batch.truncateAfter(), batch.entries()));
        }
    }

    private static final class ForgetfulStorage extends StorageWrapper {
        ForgetfulStorage(Storage real) {
            super(real);
        }

        @Override
        public LogState recovered() {
            return LogState.EMPTY;
        }
    }

    /** A log that does not say what is missing, and maybe not what is intact behind that either. */
    private static final class ForgivingStorage extends StorageWrapper {
        private final boolean keepsSalvage;

        ForgivingStorage(Storage real, boolean keepsSalvage) {
            super(real);
            this.keepsSalvage = keepsSalvage;
        }

        @Override
        public LogState recovered() {
            LogState found = super.recovered();
            return new LogState(
                    found.hardState(),
                    found.firstIndex(),
                    found.lastIndex(),
                    found.prevTerm(),
                    found.terms(),
                    found.memberships(),
                    Promised.NOTHING,
                    keepsSalvage ? found.salvage() : List.of());
        }
    }
}
