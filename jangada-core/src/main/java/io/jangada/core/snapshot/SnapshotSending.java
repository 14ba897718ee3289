package io.jangada.core.snapshot;

import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot on its way to one follower (Figure 13, sender).
 *
 * <p>Begins with a question: an empty piece at offset 0, which the follower answers by how much it has. Then one piece after the other, each when the last one is
 * answered and the line has rested enough. Whatever gets lost, a piece, an answer or the connection, leads back to the question, so a transfer
 * resumes where it was.
 */
public final class SnapshotSending {
    private static final byte[] NOTHING = new byte[0];

    private enum Step {
        /** No snapshot is on its way. */
        IDLE,
        /** The question is not answered. */
        ASKED,
        /** The store is asked for the piece at {@code offset}. */
        READING,
        /** The piece at {@code offset} is not answered. */
        SENT,
        /** The line rests; then the piece at {@code offset}. */
        RESTING,
        /** Something went wrong; after a while, the question. */
        PAUSED
    }

    private final NodeId peer;
    private Step step = Step.IDLE;
    private @Nullable SnapshotMeta snapshot;
    private long offset;
    /** When the last question or piece was sent. */
    private long sentAtNanos;
    /** When the next piece may be sent, or the pause is over. */
    private long resumeAtNanos;

    private long refusedIndex;

    public SnapshotSending(NodeId peer) {
        this.peer = peer;
    }

    /** The snapshot that this follower has refused; 0 if none. */
    public long refusedIndex() {
        return refusedIndex;
    }

    /** Whether an answer is about the snapshot that is on its way. */
    public boolean isAnsweredBy(SnapshotResponse response) {
        return snapshot != null
                && response.snapshotIndex() == snapshot.index()
                && response.fingerprint() == snapshot.fingerprint();
    }

    /** It is not needed any more. */
    public void stop() {
        step = Step.IDLE;
        snapshot = null;
    }

    /** The deadline of the next piece or question, if that is before {@code otherDeadlineNanos}; else the latter. */
    public long earliestDeadlineNanos(long otherDeadlineNanos) {
        boolean waits = step == Step.RESTING || step == Step.PAUSED;
        return waits && resumeAtNanos - otherDeadlineNanos < 0 ? resumeAtNanos : otherDeadlineNanos;
    }

    /** Does what can be done now: begins, goes on when the time has come, or asks again when nothing is heard. */
    public void proceed(SnapshotSource source, long nowNanos, Effects out) {
        switch (step) {
            case IDLE -> ask(source, nowNanos, out);
            case ASKED, SENT -> {
                if (nowNanos - sentAtNanos >= source.patienceNanos()) {
                    ask(source, nowNanos, out);
                }
            }
            case RESTING -> {
                if (nowNanos - resumeAtNanos >= 0) {
                    next(source, nowNanos, out);
                }
            }
            case PAUSED -> {
                if (nowNanos - resumeAtNanos >= 0) {
                    snapshot = null;
                    ask(source, nowNanos, out);
                }
            }
            case READING -> {}
        }
    }

    /** A new connection: what was in flight is lost, and the follower may be another process. */
    public void onPeerConnected(SnapshotSource source, long nowNanos, Effects out) {
        if (step != Step.PAUSED) {
            ask(source, nowNanos, out);
        }
    }

    private void ask(SnapshotSource source, long nowNanos, Effects out) {
        SnapshotMeta present = snapshot;
        // What the follower has begun to take it shall finish, unless that would lead it nowhere any more.
        if (present == null || offset == 0 || !source.reachesLog(present)) {
            present = source.newest();
            snapshot = present;
            offset = 0;
            resumeAtNanos = nowNanos;
        }
        step = Step.ASKED;
        send(source, present, 0, NOTHING, nowNanos, out);
    }

    /** The answer to a question or a piece that is neither the end nor superfluous. */
    public void onAnswer(SnapshotResponse response, SnapshotSource source, long nowNanos, Effects out) {
        SnapshotMeta present = snapshot;
        if (present == null || !isAnsweredBy(response)) {
            return;
        }
        if (response.outcome() == SnapshotOutcome.REJECTED) {
            refusedIndex = Math.max(refusedIndex, present.index());
            pause(source, nowNanos);
            return;
        }
        long wanted = response.nextOffset();
        // An answer to a piece can only lead on. One that leads back is an old one, or the follower has lost what it
        // had: then silence leads to the question.
        boolean timely = step == Step.ASKED || (step == Step.SENT && wanted > offset);
        if (timely && wanted >= 0 && wanted <= present.sizeBytes()) {
            offset = wanted;
            step = Step.RESTING;
            proceed(source, nowNanos, out);
        }
    }

    private void next(SnapshotSource source, long nowNanos, Effects out) {
        SnapshotMeta present = snapshot;
        if (present == null) {
            return;
        }
        if (offset == present.sizeBytes()) {
            // Everything is there but the follower has not looked at it as a whole.
            sendPiece(source, present, NOTHING, nowNanos, out);
        } else {
            step = Step.READING;
            out.readChunk(new Effects.ReadChunk(
                    peer,
                    source.term(),
                    present,
                    offset,
                    source.config().snapshots().maxChunkBytes()));
        }
    }

    /** The piece that was asked for. An empty one means that this snapshot is gone: then the newest one, if it is another. */
    public void onChunkRead(Event.ChunkRead read, SnapshotSource source, long nowNanos, Effects out) {
        SnapshotMeta present = snapshot;
        Effects.ReadChunk request = read.request();
        boolean awaited = present != null
                && step == Step.READING
                && request.term() == source.term()
                && request.offset() == offset
                && request.snapshot().equals(present);
        if (!awaited || present == null) {
            return;
        }
        if (read.chunk().length > 0) {
            sendPiece(source, present, read.chunk(), nowNanos, out);
        } else if (source.newest().equals(present)) {
            pause(source, nowNanos);
        } else {
            snapshot = null;
            ask(source, nowNanos, out);
        }
    }

    private void sendPiece(SnapshotSource source, SnapshotMeta present, byte[] piece, long nowNanos, Effects out) {
        step = Step.SENT;
        resumeAtNanos = nowNanos + source.restNanos(piece.length);
        send(source, present, offset, piece, nowNanos, out);
    }

    private void send(SnapshotSource source, SnapshotMeta present, long at, byte[] piece, long nowNanos, Effects out) {
        sentAtNanos = nowNanos;
        out.send(new SnapshotRequest(source.config().self(), peer, source.term(), present, at, piece));
    }

    private void pause(SnapshotSource source, long nowNanos) {
        step = Step.PAUSED;
        resumeAtNanos = nowNanos + source.patienceNanos();
    }
}
