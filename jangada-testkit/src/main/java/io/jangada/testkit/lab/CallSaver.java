package io.jangada.testkit.lab;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes fewer calls out of the messages to one server: the labs count calls, where a connection would carry several messages in one packet.
 *
 * <p>News of a commit waits a moment for a message that says the same. Appends that follow each other closely are sent as one, which says what both say. The order of messages
 * stays as it was. Any thread.
 */
final class CallSaver {
    /** Shorter than any pause in which a lab looks whether something is committed. */
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    /** Appends that follow each other so closely are a stream, in which the next one will tell the news. */
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private final LabTime time;
    private final long paceNanos;
    private final Consumer<Message> sender;
    private @Nullable AppendRequest append;
    private @Nullable CommitNotice notice;
    private long appendedAtNanos;
    private boolean busy;

    /** {@code paceNanos}: appends to this server do not follow each other faster than this; 0 for as they come. */
    CallSaver(LabTime time, long paceNanos, Consumer<Message> sender) {
        this.time = time;
        this.paceNanos = paceNanos;
        this.sender = sender;
        this.appendedAtNanos = -paceNanos;
    }

    void send(Message message) {
        List<Message> due;
        synchronized (this) {
            due = message instanceof CommitNotice news ? dueWithNotice(news) : dueWith(message);
        }
        due.forEach(sender);
    }

    private List<Message> dueWith(Message message) {
        if (message instanceof AppendRequest request && !request.entries().isEmpty()) {
            return dueWithEntries(request);
        }
        List<Message> due = new ArrayList<>();
        takeAppend(due);
        dropNoticeUnder(commitIn(message));
        due.add(message);
        return due;
    }

    private List<Message> dueWithNotice(CommitNotice news) {
        AppendRequest waiting = append;
        if (waiting != null && waiting.term() == news.term()) {
            append = withCommit(waiting, Math.max(waiting.leaderCommit(), news.commitIndex()));
            return List.of();
        }
        if (!busy) {
            return List.of(news);
        }
        if (notice == null) {
            time.after(NOTICE_NANOS, this::releaseNotice);
        }
        notice = news;
        return List.of();
    }

    private List<Message> dueWithEntries(AppendRequest request) {
        List<Message> due = new ArrayList<>();
        AppendRequest waiting = append;
        if (waiting != null && follows(waiting, request)) {
            append = joined(waiting, request);
            return due;
        }
        takeAppend(due);
        dropNoticeUnder(request.leaderCommit());
        long now = time.elapsedNanos();
        busy = now - appendedAtNanos < BUSY_NANOS;
        long wait = appendedAtNanos + paceNanos - now;
        if (wait > 0) {
            append = request;
            time.after(wait, this::releaseAppend);
        } else {
            appendedAtNanos = now;
            due.add(request);
        }
        return due;
    }

    private static boolean follows(AppendRequest first, AppendRequest second) {
        return first.term() == second.term()
                && first.prevLogIndex() + first.entries().size() == second.prevLogIndex();
    }

    private static AppendRequest joined(AppendRequest first, AppendRequest second) {
        List<Entry> entries = new ArrayList<>(first.entries());
        entries.addAll(second.entries());
        return new AppendRequest(
                first.from(),
                first.to(),
                first.term(),
                first.prevLogIndex(),
                first.prevLogTerm(),
                entries,
                second.leaderCommit());
    }

    private static AppendRequest withCommit(AppendRequest request, long commit) {
        return new AppendRequest(
                request.from(),
                request.to(),
                request.term(),
                request.prevLogIndex(),
                request.prevLogTerm(),
                request.entries(),
                commit);
    }

    private void takeAppend(List<Message> due) {
        AppendRequest waiting = append;
        if (waiting != null) {
            append = null;
            appendedAtNanos = time.elapsedNanos();
            due.add(waiting);
        }
    }

    private void dropNoticeUnder(long commit) {
        CommitNotice waiting = notice;
        if (waiting != null && commit >= waiting.commitIndex()) {
            notice = null;
        }
    }

    private static long commitIn(Message message) {
        if (message instanceof AppendRequest request) {
            return request.leaderCommit();
        }
        return message instanceof HeartbeatRequest heartbeat ? heartbeat.commitIndex() : -1;
    }

    private void releaseNotice() {
        CommitNotice due;
        synchronized (this) {
            due = notice;
            notice = null;
        }
        if (due != null) {
            sender.accept(due);
        }
    }

    private void releaseAppend() {
        List<Message> due = new ArrayList<>();
        synchronized (this) {
            takeAppend(due);
        }
        due.forEach(sender);
    }
}
