package io.jangada.testkit.sim;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.testkit.check.Digest;

/** A message in a few words for a trace, and as a number that does not depend on the run of the virtual machine. */
public final class MessageText {
    private MessageText() {}

    static long fingerprint(Message message) {
        long head = Digest.mix(message.from().value(), message.term());
        if (message instanceof AppendRequest m) {
            long entries = Digest.mix(m.entries().size(), m.leaderCommit());
            return Digest.mix(Digest.mix(head, m.prevLogIndex()), entries);
        }
        if (message instanceof AppendResponse m) {
            return Digest.mix(Digest.mix(head, m.success() ? 1 : 2), m.matchIndex());
        }
        if (message instanceof HeartbeatRequest m) {
            return Digest.mix(Digest.mix(head, 3), m.round());
        }
        if (message instanceof HeartbeatResponse m) {
            return Digest.mix(Digest.mix(head, 4), m.round());
        }
        return Digest.mix(head, Digest.of(of(message)));
    }

    /** The message in a few words, without its sender and receiver. */
    public static String of(Message message) {
        String head = "t" + message.term() + " ";
        if (message instanceof AppendRequest m) {
            return head + "append " + m.prevLogIndex() + "@" + m.prevLogTerm() + "+"
                    + m.entries().size() + " c" + m.leaderCommit();
        }
        if (message instanceof AppendResponse m) {
            return head
                    + (m.success() ? "matched " : "mismatch ")
                    + m.matchIndex()
                    + (m.success()
                            ? ""
                            : (m.lost() ? " lost" : "") + " hint " + m.conflictIndex() + "@" + m.conflictTerm());
        }
        if (message instanceof HeartbeatRequest m) {
            return head + "heartbeat " + m.round() + " c" + m.commitIndex();
        }
        if (message instanceof HeartbeatResponse m) {
            return head + "alive " + m.round() + " last " + m.lastLogIndex();
        }
        return head + election(message);
    }

    private static String election(Message message) {
        if (message instanceof PreVoteRequest m) {
            return "pre-vote? " + m.lastLogIndex() + "@" + m.lastLogTerm();
        }
        if (message instanceof PreVoteResponse m) {
            return "pre-vote " + (m.granted() ? "yes" + doubt(m.doubtful()) : "no t" + m.currentTerm());
        }
        if (message instanceof VoteRequest m) {
            return "vote? " + m.lastLogIndex() + "@" + m.lastLogTerm() + (m.transfer() ? " transfer" : "");
        }
        if (message instanceof VoteResponse m) {
            return "vote " + (m.granted() ? "yes" + doubt(m.doubtful()) : "no");
        }
        return request(message);
    }

    private static String request(Message message) {
        if (message instanceof ForwardRequest m) {
            return "forward #" + Long.toHexString(m.requestId());
        }
        if (message instanceof CommitNotice m) {
            return "commit " + m.commitIndex();
        }
        if (message instanceof ForwardResponse m) {
            return "forwarded #" + Long.toHexString(m.requestId()) + " " + m.outcome() + " " + m.index() + "@"
                    + m.entryTerm();
        }
        if (message instanceof ReadIndexRequest m) {
            return "read? #" + Long.toHexString(m.requestId());
        }
        if (message instanceof ReadIndexResponse m) {
            return "read #" + Long.toHexString(m.requestId()) + (m.confirmed() ? " at " + m.readIndex() : " no");
        }
        return operation(message);
    }

    private static String operation(Message message) {
        if (message instanceof TimeoutNow) {
            return "stand now";
        }
        if (message instanceof SnapshotRequest m) {
            return "snapshot " + m.snapshot().index() + "@" + m.snapshot().term() + " " + m.offset() + "+"
                    + m.chunk().length + "/" + m.snapshot().sizeBytes();
        }
        if (message instanceof SnapshotResponse m) {
            return "snapshot " + m.snapshotIndex() + " " + m.outcome() + " " + m.nextOffset();
        }
        if (message instanceof ChangeRequest m) {
            return "change #" + Long.toHexString(m.requestId()) + " "
                    + m.change().steps();
        }
        if (message instanceof ChangeResponse m) {
            return "changed #" + Long.toHexString(m.requestId()) + " " + m.outcome() + " " + m.refusal() + " "
                    + m.index();
        }
        return repair(message);
    }

    private static String repair(Message message) {
        if (message instanceof RepairRequest m) {
            return "repair? " + m.fromIndex() + ".." + m.successor().index() + "@"
                    + m.successor().term();
        }
        if (message instanceof RepairResponse m) {
            return "repair before " + m.successor().index() + "@"
                    + m.successor().term() + " " + m.entries().size();
        }
        throw new IllegalArgumentException("a message without words: " + message);
    }

    private static String doubt(boolean doubtful) {
        return doubtful ? " in doubt" : "";
    }
}
