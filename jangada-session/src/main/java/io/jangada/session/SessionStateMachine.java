package io.jangada.session;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Your state machine, with commands that take effect exactly once (Raft thesis, §6.3).
 *
 * <p>Commands are {@link SessionCommand}s. Each one that carries a command of yours names its session and its number in it; the table of sessions, which is part of
 * the replicated state and of every snapshot, knows which numbers were executed and with what result. A copy is not executed again, it gets the result
 * of the first. A session that was not used for {@link SessionLimits#timeToLiveMillis} by log time is forgotten with its results.
 *
 * <p>Commands of one session are executed in the order in which they stand in the log. A client that waits for each answer thus sees its own order; one that sends many
 * at once may see two change places when one of them had to be sent again.
 *
 * <p>Wrap the state machine before the group's first command, on all nodes, with equal limits. It must keep its state in memory ({@link StateMachine#lastApplied} is 0): the
 * table is in memory too, and must be rebuilt from the same place of the log.
 *
 * <p>The node calls all methods of {@link StateMachine} on one thread; call the others there too, within {@link io.jangada.api.RaftNode#read}.
 *
 * @param <R> the result of a command of yours
 */
public final class SessionStateMachine<R> implements StateMachine<SessionReply<R>> {
    private final StateMachine<R> inner;
    private final ResultCodec<R> codec;
    private final SessionLimits initialLimits;
    private SessionTable table;
    private boolean knownToBeInMemory;

    /** With {@link SessionLimits#DEFAULT}. */
    public SessionStateMachine(StateMachine<R> inner, ResultCodec<R> codec) {
        this(inner, codec, SessionLimits.DEFAULT);
    }

    /**
     * Wraps a state machine.
     *
     * @param limits those with which the group begins: the same on all its nodes, and the same for ever. {@link SessionCommand#setLimits} changes
     *     what is in force
     * @throws IllegalArgumentException if the state machine has a durable store of its own
     */
    public SessionStateMachine(StateMachine<R> inner, ResultCodec<R> codec, SessionLimits limits) {
        long stored = inner.lastApplied();
        if (stored != 0) {
            throw new IllegalArgumentException(durable(inner, stored));
        }
        this.inner = inner;
        this.codec = codec;
        this.initialLimits = limits;
        this.table = new SessionTable(limits, 0);
    }

    private static String durable(StateMachine<?> inner, long stored) {
        return inner.getClass().getName() + " has a durable store of its own (its lastApplied() is " + stored
                + "), but the table of sessions is kept in memory and would be lost at a restart. Keep the state in memory, with"
                + " snapshots; or keep session ids, sequences and results in that store yourself, beside the data";
    }

    @Override
    public SessionReply<R> apply(long index, long term, byte[] command) {
        SessionCommand decoded;
        try {
            decoded = SessionCommand.decode(command);
        } catch (SessionFormatException e) {
            // An exception would stop every node, one after the other.
            return new SessionReply.Refused<>(SessionReply.Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        table.advanceTo(decoded.nowMillis());
        if (decoded instanceof SessionCommand.Execute execute) {
            return execute(index, term, execute);
        }
        if (decoded instanceof SessionCommand.KeepAlive keepAlive) {
            return keepAlive(keepAlive);
        }
        if (decoded instanceof SessionCommand.Open) {
            return open(index);
        }
        if (decoded instanceof SessionCommand.Close close) {
            table.close(close.sessionId());
            return new SessionReply.Closed<>();
        }
        table.setLimits(((SessionCommand.SetLimits) decoded).limits());
        return new SessionReply.LimitsSet<>();
    }

    private SessionReply<R> open(long index) {
        if (table.isFull()) {
            return new SessionReply.Refused<>(
                    SessionReply.Reason.TOO_MANY_SESSIONS,
                    "there are " + table.size() + " sessions, and maxSessions is "
                            + table.limits().maxSessions()
                            + "; close sessions that are not used, wait until they expire, or raise the limit by"
                            + " SessionCommand.setLimits");
        }
        table.open(index);
        return new SessionReply.Opened<>(index, table.limits().timeToLiveMillis());
    }

    private SessionReply<R> keepAlive(SessionCommand.KeepAlive command) {
        TrackedSession session = table.use(command.sessionId());
        if (session == null) {
            return new SessionReply.Expired<>(command.sessionId());
        }
        table.acknowledge(session, command.acknowledged());
        return new SessionReply.Alive<>();
    }

    private SessionReply<R> execute(long index, long term, SessionCommand.Execute command) {
        TrackedSession session = table.use(command.sessionId());
        if (session == null) {
            return new SessionReply.Expired<>(command.sessionId());
        }
        table.acknowledge(session, command.acknowledged());
        if (command.sequence() <= session.acknowledged()) {
            return new SessionReply.Stale<>(command.sequence(), session.acknowledged());
        }
        int place = session.find(command.sequence());
        if (place >= 0) {
            return new SessionReply.Done<>(codec.decode(session.resultAt(place)), true);
        }
        // The room for the result must be there before the command takes effect: afterwards it cannot be refused any
        // more.
        Optional<SessionReply<R>> refusal = refusal(session, command);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        R result = inner.apply(index, term, command.payload());
        table.keep(session, command.sequence(), codec.encode(result));
        return new SessionReply.Done<>(result, false);
    }

    /**
     * Whether there is no room. The oldest command without an answer always has a place among the results of its session, and one among the bytes if the session
     * keeps results, because it is what must be answered before the client can acknowledge those.
     */
    private Optional<SessionReply<R>> refusal(TrackedSession session, SessionCommand.Execute command) {
        SessionLimits limits = table.limits();
        long ahead = command.sequence() - session.acknowledged();
        if (ahead > limits.maxResultsPerSession()) {
            return Optional.of(new SessionReply.Refused<>(
                    SessionReply.Reason.TOO_MANY_RESULTS,
                    "sequence " + command.sequence() + " of session " + command.sessionId() + " is " + ahead
                            + " behind what is acknowledged, and maxResultsPerSession is "
                            + limits.maxResultsPerSession()
                            + "; acknowledge results, or have fewer commands in flight (SessionOptions.maxInFlight)"));
        }
        boolean freesOthers = ahead == 1 && session.count() > 0;
        if (table.resultBytes() >= limits.maxResultBytes() && !freesOthers) {
            return Optional.of(new SessionReply.Refused<>(
                    SessionReply.Reason.TOO_MANY_RESULT_BYTES,
                    "results that no client has acknowledged take " + table.resultBytes()
                            + " bytes, and maxResultBytes is " + limits.maxResultBytes()
                            + "; wait until clients acknowledge, or raise the limit by SessionCommand.setLimits"));
        }
        return Optional.empty();
    }

    @Override
    public void batchApplied(long index) {
        inner.batchApplied(index);
        if (!knownToBeInMemory) {
            // An empty durable store could not be told from memory before.
            long stored = inner.lastApplied();
            if (stored != 0) {
                throw new IllegalStateException(durable(inner, stored));
            }
            knownToBeInMemory = true;
        }
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        return inner.snapshot().map(state -> new SessionSnapshot(initialLimits, table, state));
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(state);
        SessionTable restored = new SessionSnapshotReader(initialLimits, buffered).read();
        inner.restore(index, term, buffered);
        table = restored;
    }

    /** How many sessions there are. */
    public int sessionCount() {
        return table.size();
    }

    /** What {@link SessionLimits#maxResultBytes} limits, at present. */
    public long resultBytes() {
        return table.resultBytes();
    }

    /** The limits in force. */
    public SessionLimits limits() {
        return table.limits();
    }

    /** The latest clock reading of any command so far, in milliseconds since 1970; 0 before the first. */
    public long logTimeMillis() {
        return table.logTimeMillis();
    }
}
