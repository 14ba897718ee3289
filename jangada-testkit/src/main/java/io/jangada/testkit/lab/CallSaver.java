package io.jangada.testkit.lab;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes fewer calls out of the messages to one server: the labs count calls, where a connection would carry several messages in one packet.
 *
 * <p>An append waits a moment for those that follow it at once, and goes with them as one, which says what all of them say; while a stream of them lasts, the moments are longer. One to a server
 * whose answer is not needed for the commit waits until the others have answered, and then brings the news of that commit with it. In a stream, news of a commit waits for the
 * next append. The order of messages stays as it was. Any thread.
 */
final class CallSaver {
    /** Shorter than any pause in which a lab looks whether something is committed. */
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(9);

    /** A client that starts several commands has started the next one by then. */
    static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Appends that follow each other so closely belong to one stream. */
    private static final long STREAM_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    /** From so many appends of a stream on, the next one will tell the news. */
    private static final int STREAM = 3;

    /** A stream of so many goes on, and its pace becomes slower by half. */
    private static final int LONG_STREAM = 30;

    private final LabTime time;
    private final long paceNanos;
    private final Predicate<AppendRequest> isNew;
    private final LongSupplier spareNanos;
    private final Consumer<Message> sender;
    private @Nullable AppendRequest append;
    /** When the append that waits goes at the latest. */
    private LabTime.@Nullable Alarm release;

    private @Nullable CommitNotice notice;
    private long appendedAtNanos;
    /** When anything was handed on last. */
    private long calledAtNanos = -HeartbeatPace.LEAST_NANOS;

    private long dueNanos;
    private int stream;
    private CommitNews told = CommitNews.NONE;
    /** What has been said, whether it has arrived or not. */
    private CommitNews said = CommitNews.NONE;

    /**
     * A saver that hands on what is to be sent.
     *
     * @param paceNanos appends to this server do not follow each other faster than this; 0 for all messages as they come
     * @param isNew whether something may follow an append at once, because it brings what was started just now
     * @param spareNanos how long, at the moment, an append may wait for the commit of what it brings; 0 if this server's answer is needed for that
     */
    CallSaver(
            LabTime time,
            long paceNanos,
            Predicate<AppendRequest> isNew,
            LongSupplier spareNanos,
            Consumer<Message> sender) {
        this.time = time;
        this.paceNanos = paceNanos;
        this.isNew = isNew;
        this.spareNanos = spareNanos;
        this.sender = sender;
        this.appendedAtNanos = -paceNanos;
    }

    private void hand(List<Message> due) {
        due.forEach(this::note);
        due.forEach(sender);
    }

    private synchronized void note(Message message) {
        calledAtNanos = time.elapsedNanos();
        CommitNews news = new CommitNews(message.term(), commitIn(message));
        said = said.isOlderThan(news) ? news : said;
    }

    /** How long ago this server was called last. */
    synchronized long uncalledNanos() {
        return time.elapsedNanos() - calledAtNanos;
    }

    /** Whether a heartbeat says something that has not been said. */
    synchronized boolean isNews(HeartbeatRequest heartbeat) {
        return heartbeat.term() > said.term() || heartbeat.commitIndex() > said.commit();
    }

    void send(Message message) {
        List<Message> due;
        synchronized (this) {
            due = message instanceof CommitNotice news ? dueWithNotice(news) : dueWith(message);
        }
        hand(due);
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
        if (news.term() == told.term() && news.commitIndex() <= told.commit()) {
            return List.of();
        }
        if (stream < STREAM) {
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
        stream = now - appendedAtNanos < STREAM_NANOS ? stream + 1 : 0;
        long wait = waitFor(request, now);
        if (wait > 0) {
            append = request;
            dueNanos = now + wait;
            release = time.after(wait, this::releaseAppend);
        } else {
            appendedAtNanos = now;
            due.add(request);
        }
        return due;
    }

    private long waitFor(AppendRequest request, long now) {
        if (paceNanos == 0) {
            return 0;
        }
        long pace = stream < LONG_STREAM ? paceNanos : paceNanos * 3 / 2;
        Entry last = request.entries().get(request.entries().size() - 1);
        boolean mayBeFollowed = isNew.test(request);
        long wait = Math.max(mayBeFollowed ? GATHER_NANOS : 0, appendedAtNanos + pace - now);
        return mayBeFollowed && last.type() == EntryType.COMMAND ? wait + spareNanos.getAsLong() : wait;
    }

    /** This much is committed. An append that has waited for it goes now, unless the pace forbids it. */
    void committed(long term, long commit) {
        List<Message> due = new ArrayList<>();
        synchronized (this) {
            AppendRequest waiting = append;
            if (waiting != null && waiting.term() == term && commit > waiting.leaderCommit()) {
                append = withCommit(waiting, commit);
                if (commit >= lastIndexOf(waiting) && time.elapsedNanos() - appendedAtNanos >= paceNanos) {
                    takeAppend(due);
                }
            }
        }
        hand(due);
    }

    /** The server has answered that it has this append, and so knows what it says. */
    synchronized void answered(AppendRequest request) {
        long commit = Math.min(request.leaderCommit(), lastIndexOf(request));
        if (request.term() > told.term() || commit > told.commit()) {
            told = new CommitNews(request.term(), commit);
        }
    }

    static long lastIndexOf(AppendRequest request) {
        return request.prevLogIndex() + request.entries().size();
    }

    private static boolean follows(AppendRequest first, AppendRequest second) {
        return first.term() == second.term() && lastIndexOf(first) == second.prevLogIndex();
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

    static AppendRequest withCommit(AppendRequest request, long commit) {
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
            if (release != null) {
                release.cancel();
            }
        }
    }

    private void dropNoticeUnder(long commit) {
        CommitNotice waiting = notice;
        if (waiting != null && commit >= waiting.commitIndex()) {
            notice = null;
        }
    }

    /** What a message says to be committed, or -1 if it says nothing about that. */
    static long commitIn(Message message) {
        if (message instanceof AppendRequest request) {
            return request.leaderCommit();
        } else if (message instanceof CommitNotice news) {
            return news.commitIndex();
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
            hand(List.of(due));
        }
    }

    private void releaseAppend() {
        List<Message> due = new ArrayList<>();
        synchronized (this) {
            // One that came later may wait by now, and has a timer of its own.
            if (time.elapsedNanos() - dueNanos >= 0) {
                takeAppend(due);
            }
        }
        hand(due);
    }
}
